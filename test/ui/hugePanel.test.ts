import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../scripts/lib/browser.ts';
import type { RunEvent, StoredEvent } from '../../src/workflow/engine/events.ts';
import { type RunView, replay } from '../../src/workflow/runState.ts';
import { runTitle } from '../../src/workflow/runTitle.ts';
import { hugeLog } from '../states/hugeRun.ts';
import { countingScript, PanelAlone } from './panelAlone.ts';

/** What keeps the panel quick on a run of 1,000 tasks and 5,000 hunks, without a clock: how much is drawn, and how often. */

const log = hugeLog().map(
  (event, index): StoredEvent => ({ runId: 'huge', attempt: 1, seq: index + 1, at: index * 1000, event }),
);
const view = replay(log) as RunView;
let seq = log.length;
const next = (event: RunEvent): StoredEvent => ({ runId: 'huge', attempt: 1, seq: ++seq, at: seq * 1000, event });

let browser: Browser;
let panel: PanelAlone;
before(async () => {
  browser = await openBrowser();
  panel = await PanelAlone.launch(browser, await countingScript());
});
after(() => browser?.close());

const elements = () => panel.page.evaluate(() => document.querySelectorAll('*').length);
const drawn = () => panel.page.evaluate(() => [...(window as unknown as { drawn: readonly string[] }).drawn]);

/** What is drawn again because of it; not what comes into sight by it. */
async function drawnBy(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await drawn();
  const inPage = await panel.page.$$eval('[data-testid]', (all) => all.map((each) => each.getAttribute('data-testid')));
  await act();
  await panel.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return (await drawn()).slice(before.length).filter((name) => inPage.includes(name));
}

test('of thousands of edits only what can be seen is in the page, wherever it is scrolled to', async () => {
  await panel.open(view, 'edits');
  for (const part of [0, 0.3, 0.99]) {
    await panel.page.evaluate((share) => window.scrollTo(0, document.body.scrollHeight * share), part);
    await panel.page.waitForFunction(
      () =>
        (document.querySelector('.long-list [data-index]')?.getBoundingClientRect().top ?? 1e9) < window.innerHeight,
    );
    assert.ok((await elements()) < 1500, `${await elements()} elements at ${part}`);
  }
});

test('opening a card draws that card, deciding a hunk draws its card and that hunk, and news of others draw none', async () => {
  await panel.open(view, 'edits');
  await panel.page.waitForSelector('[data-testid="proposal-T1-1"]');
  const toggled = await drawnBy(() => panel.page.click('[data-testid="proposal-T1-1"] .disclosure'));
  assert.deepEqual(toggled, ['proposal-T1-1']);
  await panel.page.click('[data-testid="proposal-T1-1"] .disclosure');
  const pending = view.proposals.find(({ id }) => id === 'T1-1')?.hunks.find(({ decision }) => decision === 'pending');
  const decided = await drawnBy(() =>
    panel.send({
      type: 'events',
      events: [
        next({
          type: 'hunk.decided',
          proposalId: 'T1-1',
          hunkId: pending?.id ?? 'T1-h1',
          decision: 'rejected',
          by: 'developer',
        }),
      ],
    }),
  );
  assert.deepEqual(decided, ['proposal-T1-1', `hunk-${pending?.id}`]);
  const elsewhere = await drawnBy(() =>
    panel.send({
      type: 'events',
      events: [next({ type: 'agent.acted', agent: 'implementer', taskId: 'T999', tool: 'read_file', summary: 'a' })],
    }),
  );
  assert.deepEqual(elsewhere, []);
});

test('a task that goes on draws its own row, and what it reads draws none', async () => {
  await panel.open(view, 'work');
  await panel.page.waitForSelector('[data-testid="task-T1"]');
  assert.ok((await elements()) < 1800, `${await elements()} elements`);
  const retried = await drawnBy(() =>
    panel.send({ type: 'events', events: [next({ type: 'task.retried', taskId: 'T1', number: 2 })] }),
  );
  assert.deepEqual(retried, ['task-T1']);
  const acted = await drawnBy(() =>
    panel.send({
      type: 'events',
      events: [next({ type: 'agent.acted', agent: 'implementer', taskId: 'T1', tool: 'read_file', summary: 'a' })],
    }),
  );
  assert.deepEqual(acted, []);
});

test('the page begins with its heading, and needs to be told but once what came before its script', async () => {
  await panel.open(view);
  assert.deepEqual(await panel.posted(), [{ type: 'ready', told: true }]);
  assert.deepEqual(await panel.page.$$eval('h1', (all) => all.map((one) => one.textContent)), [runTitle(view)]);
  assert.equal(await panel.page.locator('[aria-busy]').count(), 0);
});

test('a view that cannot be read is asked for again, and what comes with it is shown', async () => {
  await panel.open(view, 'work');
  const asked = async () => (await panel.posted()).filter((message) => message.type === 'ready').length;
  for (const times of [2, 3]) {
    await panel.send({ type: 'view', view: Uint8Array.of(31, 139, 8, 0) });
    await panel.page.waitForFunction(
      (n) =>
        (window as unknown as { posted: { type: string }[] }).posted.filter(({ type }) => type === 'ready').length ===
        n,
      times,
    );
    await panel.send({ type: 'events', events: [next({ type: 'task.retried', taskId: `T${times}`, number: 2 })] });
    await panel.page.waitForSelector(`[data-testid="task-T${times}"][data-state="pending"]`);
  }
  assert.equal(await asked(), 3);
});

test('of a run that cannot be read when it is asked for again, the page says so', async () => {
  await panel.open(view, 'work');
  await panel.handInstead([1]);
  await panel.send({ type: 'view', view: Uint8Array.of(1) });
  await panel.page.getByText('The run could not be shown.').waitFor();
});

test('where the developer was is what was changed last: in the page, or what the extension has kept', async () => {
  for (const [at, tab] of [
    [9, 'edits'],
    [11, 'work'],
  ] as const) {
    await panel.open(view, 'edits', { at, tab: 'work' });
    await panel.page.waitForSelector(`[data-testid="tab-${tab}"][aria-selected="true"]`);
  }
});
