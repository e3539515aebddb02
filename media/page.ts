import { type ComponentChild, render } from 'preact';

/** The page that src/views/pageHtml.ts made: its root, and what was posted to it before its script ran. */

const root = document.getElementById('root') ?? document.body;

/** Draws the page; what it came with, a heading, goes with the first drawing. */
export function draw(content: ComponentChild): void {
  if (root.hasAttribute('aria-busy')) {
    root.replaceChildren();
    root.removeAttribute('aria-busy');
  }
  render(content, root);
}

/** Hears every message the extension posts, those from before this script ran first. */
export function hear<Message>(listener: (message: Message) => void): void {
  const page = window as { heldMessages?: readonly Message[] | undefined };
  const held = page.heldMessages ?? [];
  page.heldMessages = undefined;
  window.addEventListener('message', ({ data }: MessageEvent<Message>) => listener(data));
  for (const message of held) listener(message);
}
