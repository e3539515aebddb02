import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import type { RunEvent } from '../../src/workflow/engine/events.ts';
import { recordLog } from '../states/recordedLog.ts';
import type { StateName } from '../states/runStates.ts';
import { axeViolations } from './axe.ts';
import { GeneratedRuns } from './generated.ts';

/** axe finds nothing, in any place, at any gate, in any theme. The runs are written, not run: only their look counts. */

const themes = [
  'Default Dark Modern',
  'Default Light Modern',
  'Default High Contrast',
  'Default High Contrast Light',
] as const;
const places = ['plan', 'review', 'work', 'edits', 'report'] as const;

let workbench: Workbench;
let runs: GeneratedRuns;
let log: readonly RunEvent[];

before(async () => {
  [workbench, log] = await Promise.all([
    Workbench.launch({ settings: { 'workbench.colorTheme': themes[0] } }),
    recordLog(),
  ]);
  runs = new GeneratedRuns(workbench);
  await workbench.open();
});
after(async () => {
  runs?.close();
  await workbench?.close();
});

async function checkPlaces(panel: Frame, what: string): Promise<void> {
  for (const place of places) {
    await panel.click(`[data-testid="tab-${place}"]`);
    await panel.waitForSelector(`#tab-${place}[aria-selected="true"]`);
    assert.deepEqual(await axeViolations(panel), [], `${what}, ${place}`);
  }
}

for (const [index, theme] of themes.entries()) {
  test(`nothing is wrong in ${theme}`, async () => {
    if (index > 0) await workbench.setSettings({ 'workbench.colorTheme': theme });
    const show = (state: StateName) => runs.show(runs.write(state, log));
    if (index === 0) {
      await workbench.runCommand('Planwright: Show workflow');
      const empty = await workbench.panel();
      await empty.waitForSelector('[data-testid="start"]');
      assert.deepEqual(await axeViolations(empty), [], 'empty');
    }
    await checkPlaces(await show('edits'), `${theme}, edits`);
    for (const state of ['running', 'questions', 'approval', 'offline', 'failed'] as const)
      assert.deepEqual(await axeViolations(await show(state)), [], `${theme}, ${state}`);
    const dashboard = await workbench.dashboard();
    await dashboard.waitForSelector('[data-testid="dashboard"][data-window="7d"]');
    assert.deepEqual(await axeViolations(dashboard), [], `${theme}, dashboard`);
  });
}

test('the review tells what a refinement changed, and leads to the requirement and to the quoted place', async () => {
  const panel = await runs.show(runs.write('edits', log));
  await panel.click('[data-testid="tab-review"]');
  await panel.click('.plan-changes > summary');
  assert.equal(await panel.getAttribute('[data-testid="change-T2"]', 'data-kind'), 'changed');
  assert.match((await panel.textContent('[data-testid="change-T2"] ins')) ?? '', /options object/);
  assert.equal(await panel.textContent('[data-testid="sum"]'), await panel.textContent('[data-testid="score"]'));
  assert.deepEqual(await axeViolations(panel), []);
  await panel.click('.evidence [data-testid="to-R4"]');
  await panel.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset.key === 'R4');
  await panel.click('[data-testid="tab-review"]');
  await panel.click('.evidence .path:has-text("src/slug.ts")');
  await workbench.page.waitForSelector('.monaco-editor .selected-text');
});

test('at twice the size every place keeps to its width', async () => {
  const panel = await runs.show(runs.write('edits', log));
  // What a zoom of 200 % leaves of a window of 1400 × 900, in pixels of the page.
  await workbench.page.setViewportSize({ width: 700, height: 450 });
  await panel.waitForFunction(() => innerWidth < 700);
  for (const place of places) {
    await panel.click(`[data-testid="tab-${place}"]`);
    await panel.waitForSelector(`#tab-${place}[aria-selected="true"]`);
    const [content = 0, shown = 0] = await panel.evaluate(() => [document.body.scrollWidth, innerWidth]);
    assert.ok(content <= shown, `${place}: ${content} px in ${shown}`);
    await workbench.screenshot(`zoomed-${place}`);
  }
  await workbench.page.setViewportSize({ width: 1400, height: 900 });
});

test('nothing moves for whoever wants less motion, in the system or in VS Code', async () => {
  const panel = await runs.show(runs.write('running', log));
  await panel.click('[data-testid="tab-work"]');
  const turns = (wanted: boolean) =>
    panel.waitForFunction(
      (moves) => document.getAnimations().some((one) => one.playState === 'running') === moves,
      wanted,
    );
  await panel.waitForSelector('.codicon-modifier-spin');
  await turns(true);
  await workbench.page.emulateMedia({ reducedMotion: 'reduce' });
  await turns(false);
  await workbench.page.emulateMedia({ reducedMotion: 'no-preference' });
  await turns(true);
  await workbench.setSettings({ 'workbench.reduceMotion': 'on' });
  await panel.waitForSelector('body.vscode-reduce-motion');
  await turns(false);
});
