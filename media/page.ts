import { type ComponentChild, render } from 'preact';

/** The page that src/views/webviewPage.ts made: its root, and what was posted to it before its script ran. */

const root = document.getElementById('root') ?? document.body;

/** Draws the page; what it came with, a heading, goes with the first drawing. */
export function draw(content: ComponentChild): void {
  if (root.ariaBusy !== null) {
    root.replaceChildren();
    root.ariaBusy = null;
  }
  render(content, root);
}

/** Hears every message the extension posts, those from before this script ran first. */
export function hear<Message>(listener: (message: Message) => void): void {
  const page = window as { heldMessages?: Message[] | undefined };
  for (const message of page.heldMessages ?? []) listener(message);
  page.heldMessages = undefined;
  window.addEventListener('message', ({ data }: MessageEvent<Message>) => listener(data));
}
