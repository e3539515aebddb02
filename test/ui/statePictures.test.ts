import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import type { RunEvent } from '../../src/workflow/engine/events.ts';
import { hugeLog } from '../states/hugeRun.ts';
import { recordLog } from '../states/recordedLog.ts';
import type { StateName } from '../states/runStates.ts';
import { GeneratedRuns } from './generated.ts';
import { comesBack, pictureAtRest } from './picture.ts';

/**
 * Whatever becomes of the panel, it comes back as it was: what it tells is a function of the log, and where the
 * developer was in it is kept. In each state the page is made anew, and the panel closed and opened again.
 */

let workbench: Workbench;
let runs: GeneratedRuns;
let log: readonly RunEvent[];

before(async () => {
  [workbench, log] = await Promise.all([Workbench.launch(), recordLog()]);
  runs = new GeneratedRuns(workbench);
  await workbench.page.addInitScript(() => {
    if (window === window.top) return;
    // VS Code writes the page into a frame that is there already, which ends its listeners and observers.
    const noted: { firstHeading?: string | null } = window as object;
    const look = setInterval(() => {
      noted.firstHeading = document.querySelector('#root h1')?.textContent ?? null;
      if (noted.firstHeading !== null) clearInterval(look);
    }, 2);
    setTimeout(() => clearInterval(look), 20_000); // VS Code's own frames have no heading.
  });
  await workbench.open();
});
after(async () => {
  runs?.close();
  await workbench?.close();
});

/** What the developer does in the panel before it goes away. */
type Act = (panel: Frame) => Promise<void>;

const look: Act = async () => {};

const states: readonly (readonly [StateName, Act])[] = [
  ['running', look],
  ['approval', scrolled('plan', 500)],
  ['offline', look],
  ['failed', scrolled('review', 300)],
  ['cancelled', scrolled('work', 0)],
  [
    'edits',
    async (panel) => {
      await panel.click('[data-testid="tab-edits"]');
      await panel.click('label:has(input[name="edits-by"][value="file"])');
      await panel.click('.disclosure[aria-expanded="true"]');
      await scrollTo(panel, 250);
    },
  ],
  [
    'completed',
    async (panel) => {
      await panel.click('[data-testid="tab-report"]');
      await panel.click('[data-requirement="R1"]');
      await scrollTo(panel, 400);
    },
  ],
];

test('empty: it is the same picture', async () => {
  await workbench.runCommand('Planwright: Show workflow');
  const shows = '[data-testid="start"]';
  const panel = await workbench.panel();
  await panel.waitForSelector(shows);
  await staysTheSame(panel, shows, 'empty');
});

for (const [state, act] of states) {
  test(`${state}: it is the same picture`, async () => {
    const id = runs.write(state, log);
    const panel = await runs.show(id);
    await act(panel);
    await staysTheSame(panel, `[data-run="${id}"]`, state);
  });
}

test('the window reloaded: it is the same picture', async () => {
  const id = runs.write('edits', log);
  const panel = await runs.show(id);
  await scrolled('plan', 700)(panel);
  const was = await pictureAtRest(panel, 'reload');
  // Where one is, is kept once that rests, and VS Code writes it down a moment later.
  await workbench.page.waitForTimeout(1500);
  const again = await workbench.reload();
  await again.waitForSelector(`[data-run="${id}"]`);
  assert.equal(await comesBack(was, again, 'reload'), 0, 'pixels that differ');
});

test('a thousand tasks, filtered and scrolled: it is the same picture', async () => {
  const id = runs.writeLog(hugeLog(), 'in_progress');
  const panel = await runs.show(id);
  await panel.click('[data-testid="tab-edits"]');
  await panel.fill('[data-testid="filter"]', 'billing');
  for (let y = 1000; y <= 4000; y += 1000) await scrollTo(panel, y);
  await staysTheSame(panel, `[data-run="${id}"]`, 'huge');
});

test('its page begins with the name of the run it shows, also where that changed while nobody looked', async () => {
  const headings = (panel: Frame) =>
    panel.evaluate(() => [
      (window as unknown as { firstHeading: string }).firstHeading,
      document.querySelector('h1')?.textContent,
    ]);
  const before = await workbench.panel();
  await before.waitForFunction(() =>
    [...document.fonts].some(({ family, status }) => family === 'codicon' && status === 'loaded'),
  );
  assert.deepEqual(await headings(before), ['A new store under every module', 'A new store under every module']);
  await workbench.runCommand('New Untitled Text File');
  await workbench.page.locator('iframe.webview').first().waitFor({ state: 'hidden' });
  const panel = await runs.show(runs.write('edits', log));
  assert.deepEqual(await headings(panel), ['Slugs for real-world titles', 'Slugs for real-world titles']);
});

async function staysTheSame(panel: Frame, shows: string, name: string): Promise<void> {
  const was = await pictureAtRest(panel, name);
  for (const [how, anew] of [
    ['made anew', pageMadeAnew],
    ['closed and opened', reopened],
  ] as const) {
    const again = await anew();
    await again.waitForSelector(shows);
    assert.equal(await comesBack(was, again, `${name}-${how.replaceAll(' ', '-')}`), 0, `${how}: pixels that differ`);
  }
}

/** As after another editor was in front of it. */
async function pageMadeAnew(): Promise<Frame> {
  const old = await workbench.panel();
  await workbench.runCommand('Developer: Reload Webviews');
  while (!old.isDetached() && (await old.$('#root main').catch(() => null))) await workbench.page.waitForTimeout(50);
  return workbench.panel();
}

async function reopened(): Promise<Frame> {
  await workbench.runCommand('View: Close Editor');
  await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached', timeout: 10_000 });
  await runs.open();
  return workbench.panel();
}

function scrolled(place: string, y: number): Act {
  return async (panel) => {
    await panel.click(`[data-testid="tab-${place}"]`);
    await scrollTo(panel, y);
  };
}

/** As far as there is something to scroll to. */
async function scrollTo(panel: Frame, y: number): Promise<void> {
  await panel.evaluate(
    (top) =>
      new Promise<void>((done) => {
        window.scrollTo(0, top);
        requestAnimationFrame(() => requestAnimationFrame(() => done()));
      }),
    y,
  );
}
