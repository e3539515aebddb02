import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { startRun, tasksDone } from './startRun.ts';

/** The figures of a run, by window, as pictures and as tables. */

let workbench: Workbench;
let dashboard: Frame;

before(async () => {
  workbench = await Workbench.launch({
    settings: {
      'planwright.plan.approve': false,
      'workbench.colorTheme': 'Default Dark Modern',
      'files.simpleDialog.enable': true,
    },
  });
  await workbench.open();
});
after(() => workbench.close());

/** What axe finds wrong with the page as it is. */
async function axeViolations(): Promise<unknown[]> {
  await dashboard.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return dashboard.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document);
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]);
  });
}

const figure = (id: string) => dashboard.textContent(`[data-testid="figure-${id}"] .figure-value`);

test('a workspace without runs has a dashboard that invents nothing', async () => {
  dashboard = await workbench.dashboard();
  await dashboard.waitForSelector('[data-testid="dashboard"][data-window="7d"]', { timeout: 30_000 });
  assert.equal(await figure('active'), '0');
  for (const id of ['score', 'success', 'refinement', 'response', 'tokens', 'cost', 'hunks'])
    assert.equal(await figure(id), '–', id);
  assert.doesNotMatch((await dashboard.textContent('body')) ?? '', /NaN|Infinity|undefined/);
  await workbench.screenshot('dashboard-empty');
});

test('the figures of a run are there, and follow it', async () => {
  await startRun(workbench);
  const panel = await workbench.panel();
  await tasksDone(panel);
  dashboard = await workbench.dashboard();
  await dashboard.waitForSelector('[data-testid="figure-active"] :text("1 waiting")', { timeout: 20_000 });
  assert.equal(await figure('score'), '71.3');
  assert.equal(await figure('success'), '–');
  assert.equal(await figure('refinement'), '100 %');
  await workbench.runCommand('Planwright: Cancel workflow');
  await dashboard.waitForSelector('[data-testid="figure-success"] :text("0 %")', { timeout: 20_000 });
  assert.equal(await figure('active'), '0');
  await dashboard.waitForSelector('[data-testid="chart-days"] canvas');
});

test('another window is one arrow key away, and is remembered', async () => {
  await dashboard.focus('[data-testid="window-7d"] input');
  await workbench.page.keyboard.press('ArrowRight');
  await dashboard.waitForSelector('[data-testid="dashboard"][data-window="30d"]');
  assert.equal(await figure('score'), '71.3');
  assert.match((await dashboard.textContent('[role="status"]')) ?? '', /last 30 days/);
});

test('every chart is a table too, by keyboard', async () => {
  for (const [id, rows] of [
    ['scores', 2],
    ['days', 1],
    ['tokens', 4],
  ] as const) {
    assert.ok(await dashboard.getAttribute(`[data-testid="chart-${id}"] [role="img"]`, 'aria-label'));
    await dashboard.focus(`[data-testid="table-${id}"] summary`);
    await workbench.page.keyboard.press('Enter');
    await dashboard.waitForSelector(`[data-testid="table-${id}"] table`);
    assert.equal(await dashboard.locator(`[data-testid="table-${id}"] tbody tr`).count(), rows, id);
  }
  assert.match((await dashboard.textContent('[data-testid="table-scores"] tbody')) ?? '', /54\.5.*88/);
  const pairs = dashboard.locator('[data-testid="usage-agent-model"] tbody tr');
  assert.equal(await pairs.count(), 4);
  assert.match((await pairs.first().textContent()) ?? '', /^implementerdemo\d+/);
  await pairs.last().scrollIntoViewIfNeeded();
  await workbench.screenshot('dashboard-tables');
});

test('the figures can be written to a file', async () => {
  await dashboard.click('[data-testid="export"]');
  const dialog = workbench.page.locator('.quick-input-widget', { hasText: 'Export the dashboard' });
  const name = dialog.locator('input.input').first();
  await workbench.page.waitForFunction(() =>
    /planwright-30d/.test(document.querySelector<HTMLInputElement>('.quick-input-widget input.input')?.value ?? ''),
  );
  await name.fill(join(workbench.folder, 'figures.csv'));
  await dialog.locator('.monaco-button', { hasText: 'OK' }).click();
  await workbench.page.locator('.tab', { hasText: 'figures.csv' }).waitFor({ timeout: 20_000 });
  assert.match(readFileSync(join(workbench.folder, 'figures.csv'), 'utf8'), /\r\nreview score,,mean,71\.25,points\r\n/);
});

test('it is drawn in the colours of every theme, and fits a narrow page', async () => {
  for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast']) {
    await workbench.setSettings({ 'workbench.colorTheme': theme });
    dashboard = await workbench.dashboard();
    await dashboard.waitForSelector('[data-testid="dashboard"][data-window="30d"] canvas');
    assert.deepEqual(await axeViolations(), [], theme);
    await workbench.screenshot(`dashboard-${theme.split(' ').at(1)?.toLowerCase()}`);
  }
  await workbench.runCommand('View: Close Primary Side Bar').catch(() => {});
  await workbench.page.setViewportSize({ width: 348, height: 900 });
  await workbench.page.waitForTimeout(500);
  const width = await dashboard.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  await workbench.screenshot('dashboard-narrow');
  assert.ok((width[0] ?? 0) <= (width[1] ?? 0), `${width} pixels`);
});
