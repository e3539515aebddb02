import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pixelmatch from 'pixelmatch';
import type { Frame } from 'playwright-core';
import { PNG } from 'pngjs';
import { artifacts } from '../../scripts/lib/paths.ts';
import { Workbench } from '../../scripts/lib/workbench.ts';
import type { RunEvent } from '../../src/workflow/engine/events.ts';
import { hugeLog } from '../states/hugeRun.ts';
import { recordLog } from '../states/recordedLog.ts';
import { GeneratedRuns } from '../ui/generated.ts';

/** Whatever becomes of the panel, it comes back as it was: it is a function of the log, and keeps nothing of its own. */

let workbench: Workbench;
let runs: GeneratedRuns;
let log: readonly RunEvent[];

before(async () => {
  [workbench, log] = await Promise.all([
    Workbench.launch({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } }),
    recordLog(),
  ]);
  runs = new GeneratedRuns(workbench);
  await workbench.open();
});
after(async () => {
  runs?.close();
  await workbench?.close();
});

/** The panel without what moves by itself: clocks stand, and nothing spins. */
async function picture(panel: Frame, name: string): Promise<PNG> {
  await panel.waitForFunction(() => document.fonts.status === 'loaded');
  const element = await panel.frameElement();
  await panel.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    for (const clock of document.querySelectorAll('[data-clock]')) clock.textContent = '0 s';
    // Whether there is an estimate depends on the time itself.
    for (const left of document.querySelectorAll('[data-testid="time-left"]')) left.textContent = '';
    for (const spinner of document.querySelectorAll<HTMLElement>('.codicon-modifier-spin'))
      spinner.style.visibility = 'hidden';
  });
  const bytes = await element.screenshot({ animations: 'disabled', caret: 'hide' });
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, `state-${name}.png`), bytes);
  return PNG.sync.read(bytes);
}

/** Looks until the picture is the same: fonts and measured lists come to rest within a few frames. */
async function comesBack(before: PNG, panel: Frame, name: string): Promise<void> {
  let differing = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 20 && differing > 0; tries++) {
    const now = await picture(panel, name);
    differing =
      now.width === before.width && now.height === before.height
        ? pixelmatch(before.data, now.data, undefined, now.width, now.height, { threshold: 0.1 })
        : Number.POSITIVE_INFINITY;
    if (differing > 0) await panel.waitForTimeout(100);
  }
  assert.equal(differing, 0, `${name}: pixels that differ`);
}

async function settled(panel: Frame, name: string): Promise<PNG> {
  let last = await picture(panel, name);
  for (let tries = 0; tries < 20; tries++) {
    const next = await picture(panel, name);
    if (pixelmatch(last.data, next.data, undefined, next.width, next.height, { threshold: 0.1 }) === 0) return next;
    last = next;
  }
  throw new Error(`${name} never comes to rest.`);
}

async function reopened(selector: string): Promise<Frame> {
  await workbench.runCommand('View: Close Editor');
  await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached', timeout: 10_000 });
  await workbench.runCommand('Planwright: Show workflow');
  const panel = await workbench.panel();
  await panel.waitForSelector(selector);
  return panel;
}

test('empty: closed and opened again it is the same picture', async () => {
  await workbench.runCommand('Planwright: Show workflow');
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="start"]');
  const before = await settled(panel, 'empty');
  await comesBack(before, await reopened('[data-testid="start"]'), 'empty-again');
});

for (const state of ['running', 'approval', 'edits', 'offline', 'failed', 'cancelled', 'completed', 'huge'] as const) {
  test(`${state}: closed and opened again it is the same picture`, async () => {
    const id = state === 'huge' ? runs.writeLog(hugeLog(), 'in_progress') : runs.write(state, log);
    const before = await settled(await runs.show(id), state);
    await comesBack(before, await reopened(`[data-run="${id}"]`), `${state}-again`);
  });
}

test('the window reloaded, the last of them is the same picture', async () => {
  const id = runs.write('edits', log);
  const before = await settled(await runs.show(id), 'reload');
  const panel = await workbench.reload();
  await panel.waitForSelector(`[data-run="${id}"]`);
  await comesBack(before, panel, 'reload-again');
});
