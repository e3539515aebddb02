import { render } from 'preact';
import type { ToPanel } from '../src/protocol.ts';
import { unpackView } from '../src/workflow/packedView.ts';
import { App } from './app.tsx';
import { type Heard, nothingYet, receive } from './panelState.ts';
import { begin, post } from './vscode.ts';

/** The panel's page: messages come in, and each animation frame draws what they add up to, once. */

const root = document.getElementById('root') ?? document.body;
let state = nothingYet;
let waiting: Heard[] = [];
/** Settles once all messages so far are in `waiting`: what comes behind a view waits until that is unpacked. */
let heard = Promise.resolve();
let told = false;
let marked = false;

function draw(): void {
  const messages = waiting;
  waiting = [];
  for (const message of messages) if (message.type === 'show') begin(message.runId, message.place);
  state = receive(state, messages, Date.now());
  render(<App state={state} />, root);
  if (state.view !== null && !marked) {
    marked = true;
    // After the frame that shows it: for the benchmark, and for whoever profiles a slow panel.
    requestAnimationFrame(() => setTimeout(() => performance.mark('planwright:run-drawn')));
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  if (data.type === 'show') told = true;
  heard = heard.then(async () => {
    const message = await unpacked(data);
    if (waiting.length === 0) requestAnimationFrame(draw);
    waiting.push(message);
  });
});

async function unpacked(message: ToPanel): Promise<Heard> {
  if (message.type === 'view') return { ...message, view: await unpackView(message.view) };
  if (message.type === 'show') return { ...message, view: message.view && (await unpackView(message.view)) };
  return message;
}

// What VS Code has kept for the page is handed to it as it loads, before the next timer.
window.addEventListener('load', () => setTimeout(() => post({ type: 'ready', told })));
