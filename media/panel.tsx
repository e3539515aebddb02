import type { ToPanel } from '../src/protocol.ts';
import { unpackView } from '../src/workflow/packedView.ts';
import { App } from './app.tsx';
import { t } from './l10n.ts';
import { Missing } from './missing.tsx';
import { draw, hear } from './page.ts';
import { type Heard, nothingYet, receive } from './panelState.ts';
import { begin, post } from './vscode.ts';

/** The panel's page: messages come in, and each animation frame draws what they add up to, once. */

let state = nothingYet;
let waiting: Heard[] = [];
/** Settles once all messages so far are in `waiting`: what comes behind a view waits until that is unpacked. */
let heard = Promise.resolve();
let told = false;
/** Views in a row that could not be read. */
let unread = 0;
let marked = false;

function drawWaiting(): void {
  const messages = waiting;
  waiting = [];
  for (const message of messages) if (message.type === 'show') begin(message.runId, message.place);
  state = receive(state, messages, Date.now());
  draw(<App state={state} />);
  if (state.view !== null && !marked) {
    marked = true;
    // After the frame that shows it: for the benchmark, and for whoever profiles a slow panel.
    requestAnimationFrame(() => setTimeout(() => performance.mark('planwright:run-drawn')));
  }
}

hear<ToPanel>((data) => {
  if (data.type === 'show') told = true;
  heard = heard.then(async () => {
    const message = await unpacked(data).catch(askAgain);
    if (message === null) return;
    if ('view' in message) unread = 0;
    else if (unread > 0) return; // It is in the view that was asked for.
    if (waiting.length === 0) requestAnimationFrame(drawWaiting);
    waiting.push(message);
  });
});
post({ type: 'ready', told });

async function unpacked(message: ToPanel): Promise<Heard> {
  if (message.type === 'view') return { ...message, view: await unpackView(message.view) };
  if (message.type === 'show') return { ...message, view: message.view && (await unpackView(message.view)) };
  return message;
}

/** A view that cannot be read is asked for once more. */
function askAgain(error: unknown): null {
  console.error(error);
  unread += 1;
  if (unread === 1) post({ type: 'ready', told: false });
  else draw(<Missing icon="error" text={t('The run could not be shown. Close this panel and open it again.')} />);
  return null;
}
