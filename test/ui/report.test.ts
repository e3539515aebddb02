import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { startRun, tasksDone } from './startRun.ts';

/** From a requirement to what was made for it, while it is proposed and once it is accepted; and the report at the end. */

let workbench: Workbench;
let panel: Frame;
const disk = (path: string) => readFileSync(join(workbench.folder, path), 'utf8');
const tab = (name: string) => workbench.page.locator('.tabs-container .tab', { hasText: name });
const activeTab = (name: string) => workbench.page.locator('.tabs-container .tab.active', { hasText: name });

async function showReportTab(): Promise<void> {
  await tab('Planwright').first().click();
  panel = await workbench.panel();
  await panel.click('[data-testid="tab-report"]');
  await panel.waitForSelector('[data-testid="traces"]');
}

async function openRow(id: string): Promise<void> {
  const button = panel.locator(`[data-requirement="${id}"]`);
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await panel.waitForSelector(`[data-testid="trace-detail-${id}"] [data-testid^="trace-hunk-"]`);
}

/** The text of the lines that are selected, or of the one the cursor is in, in the editor in front. */
const status = (text: RegExp) =>
  workbench.page.locator('.statusbar-item', { hasText: text }).first().waitFor({ state: 'visible', timeout: 20_000 });

/** What axe finds wrong with the page as it is. */
async function axeViolations(): Promise<unknown[]> {
  await panel.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return panel.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run('.tabpanel');
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]);
  });
}

before(async () => {
  workbench = await Workbench.launch({
    settings: { 'planwright.plan.approve': false, 'files.simpleDialog.enable': true },
  });
  await workbench.open();
  await startRun(workbench);
  panel = await workbench.panel();
  await tasksDone(panel);
});
after(() => workbench.close());

test('the matrix has a row for each requirement, open until something is accepted', async () => {
  await showReportTab();
  const rows = await panel.$$eval('[data-testid="traces"] tr[data-state]', (found) =>
    found.map((row) => `${row.getAttribute('data-testid')} ${row.getAttribute('data-state')}`),
  );
  assert.deepEqual(
    rows,
    ['R1', 'R2', 'R3', 'R4', 'R5'].map((id) => `trace-${id} open`),
  );
  assert.match((await panel.textContent('[data-testid="unserving"]')) ?? '', /src\/slug\.ts/);
  assert.deepEqual(await axeViolations(), []);
});

test('a requirement leads to its hunk in the proposal’s diff, and to its test', async () => {
  await openRow('R4');
  assert.match((await panel.textContent('[data-testid="trace-detail-R4"]')) ?? '', /wait for a decision/);
  await workbench.screenshot('report-open-requirement');
  assert.deepEqual(await axeViolations(), []);
  await panel.click('[data-testid="trace-detail-R4"] [data-testid^="trace-hunk-"] >> text=src/registry.ts');
  await activeTab('src/registry.ts (proposed new file').waitFor({ timeout: 20_000 });
  await workbench.page.locator('.codelens-decoration a', { hasText: 'Accept' }).first().waitFor({ timeout: 20_000 });
  await showReportTab();
  await panel.click('[data-testid="trace-detail-R4"] [data-testid="test-test/registry.test.ts"]');
  await activeTab('test/registry.test.ts (proposed new file').waitFor({ timeout: 20_000 });
});

test('the requirement’s name over a hunk leads back to its row', async () => {
  await workbench.page.locator('.codelens-decoration a', { hasText: /^R3$/ }).first().click();
  await activeTab('Planwright').waitFor({ timeout: 20_000 });
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="trace-detail-R3"] [data-testid^="trace-hunk-"]', { timeout: 20_000 });
  assert.equal(await panel.evaluate(() => document.activeElement?.getAttribute('data-requirement')), 'R3');
});

test('once all is decided the report opens behind what is in front', async () => {
  await panel.click('[data-testid="tab-edits"]');
  const completed = panel.locator('[data-testid="status"][data-status="completed"]');
  const acceptFile = panel.locator('button:not([disabled])', { hasText: 'Accept file' });
  for (let tries = 0; tries < 60 && (await completed.count()) === 0; tries++) {
    await acceptFile
      .first()
      .click({ timeout: 500 })
      .catch(() => {});
  }
  await completed.waitFor({ timeout: 30_000 });
  await tab('.report.md').first().waitFor({ timeout: 20_000 });
  assert.equal(await activeTab('Planwright').count(), 1);
  assert.equal(await activeTab('.report.md').count(), 0);
});

test('an accepted hunk leads to its place in the file, and its test to the test file', async () => {
  await showReportTab();
  assert.equal(await panel.getAttribute('[data-testid="trace-R1"]', 'data-state'), 'unchecked');
  await openRow('R2');
  await workbench.screenshot('report-accepted');
  const link = panel.locator('[data-testid="trace-detail-R2"] [data-testid^="trace-hunk-"]', {
    hasText: 'test/slug.test.ts',
  });
  await link.click();
  await activeTab('slug.test.ts').waitFor({ timeout: 20_000 });
  const line = disk('test/slug.test.ts')
    .split('\n')
    .findIndex((text) => text.includes('keeps whole words within'));
  const at = await statusLine();
  assert.ok(line >= 0 && Math.abs(at - (line + 1)) < 20, `${at} is not near ${line + 1}`);
  await showReportTab();
  await panel.click('[data-testid="trace-detail-R2"] [data-testid="test-test/slug.test.ts"]');
  await activeTab('slug.test.ts').waitFor({ timeout: 20_000 });
});

async function statusLine(): Promise<number> {
  await status(/Ln \d+|\d+ selected/);
  const text = await workbench.page
    .locator('.statusbar-item', { hasText: /Ln \d+/ })
    .first()
    .textContent();
  return Number(/Ln (\d+)/.exec(text ?? '')?.[1]);
}

test('the report reads well, drawn, in light and dark and in a narrow window', async () => {
  await workbench.runCommand('Planwright: Show report');
  await activeTab('.report.md').waitFor({ timeout: 20_000 });
  const preview = await previewFrame();
  assert.match((await preview.textContent('body')) ?? '', /Requirements: 5 unchecked/);
  assert.equal(await preview.locator('table').first().locator('tbody tr').count(), 5);
  await workbench.screenshot('report-preview');
  await showReportTab();
  for (const theme of ['Default Light Modern', 'Default High Contrast']) {
    await workbench.setSettings({ 'workbench.colorTheme': theme });
    await workbench.screenshot(`report-${theme.split(' ').at(-2)?.toLowerCase()}`);
    assert.deepEqual(await axeViolations(), []);
  }
  await workbench.page.setViewportSize({ width: 620, height: 900 });
  await workbench.page.waitForTimeout(500);
  await workbench.screenshot('report-narrow');
  await workbench.page.setViewportSize({ width: 1400, height: 900 });
});

async function previewFrame(): Promise<Frame> {
  for (let tries = 0; tries < 100; tries++) {
    for (const frame of workbench.page.frames())
      if (await frame.$('body.vscode-body .code-line, .markdown-body').catch(() => null)) return frame;
    await workbench.page.waitForTimeout(100);
  }
  throw new Error('The report was not drawn.');
}

test('the report is exported where the developer says', async () => {
  await workbench.runCommand('Planwright: Export report…');
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'JSON' }).first().click();
  // The list and VS Code's own dialog behind it have the same title: only that one has the file's name in its box.
  const box = workbench.page.locator('.quick-input-widget input.input').first();
  for (let tries = 0; tries < 100 && !(await box.inputValue()).endsWith('.report.json'); tries++)
    await workbench.page.waitForTimeout(100);
  await workbench.page.keyboard.press('Enter');
  await activeTab('.report.json').waitFor({ timeout: 20_000 });
  const written = JSON.parse(disk('slugs-for-real-world-titles.report.json'));
  assert.deepEqual([written.version, written.status, written.trace.requirements.length], [1, 'completed', 5]);
});
