import { render } from 'preact';
import type { ToPanel } from '../src/protocol.ts';
import { App } from './app.tsx';
import { nothingYet, receive } from './panelState.ts';
import { begin, post } from './vscode.ts';

/** The panel's page: messages come in, and each animation frame draws what they add up to, once. */

const root = document.getElementById('root') ?? document.body;
let state = nothingYet;
let waiting: ToPanel[] = [];
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
  if (waiting.length === 0) requestAnimationFrame(draw);
  waiting.push(data);
});

performance.mark('planwright:ready');
post({ type: 'ready' });
