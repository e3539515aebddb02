import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../scripts/lib/paths.ts';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { demoChangeRequest } from '../../src/models/demo/changeRequest.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { openStart } from './startRun.ts';

/** The main job as a developer does it, from F1 to the report. Pictures of each stage go to dist/artifacts. */

let workbench: Workbench;
let panel: Frame;
const disk = (path: string) => readFileSync(join(workbench.folder, path), 'utf8');
const tab = (name: string) => panel.click(`[data-testid="tab-${name}"]`);

before(async () => {
  workbench = await Workbench.launch({
    settings: { 'planwright.demo.speed': 20, 'planwright.checks.run': 'ask' },
  });
  // The sample's own tests are TypeScript: they need the Node of the tests, where npm and the checks look first.
  mkdirSync(join(workbench.folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(process.execPath, join(workbench.folder, 'node_modules', '.bin', 'node'));
  await workbench.open();
});
after(() => workbench.close());

test('starts from the command palette with the suggested request', async () => {
  assert.equal(await openStart(workbench), sampleInput.request);
  await workbench.screenshot('01-request');
  await workbench.page.keyboard.press('Enter');
  assert.equal(await workbench.inputBox('2 of 3'), sampleInput.requirements.join('; '));
  await workbench.page.keyboard.press('Enter');
  assert.equal(await workbench.inputBox('3 of 3'), sampleInput.constraints?.join('; '));
  await workbench.page.keyboard.press('Enter');
  panel = await workbench.panel();
});

test('shows the plan, the computed scores and the refinement, and survives a reload in the middle', async () => {
  await panel.waitForSelector('text=Slugs', { timeout: 30_000 });
  panel = await workbench.reload();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await workbench.screenshot('02-plan');
  await tab('review');
  assert.match((await panel.textContent('[data-testid="score"]')) ?? '', /88/);
  await workbench.screenshot('03-review');
  assert.match((await panel.textContent('body')) ?? '', /54\.5/);
});

test('implements once approved, and brings edits as proposals', async () => {
  await panel.click('[data-testid="gate-choice-approve"]');
  await panel.click('[data-testid="gate-choice-allow"]');
  await tab('work');
  await workbench.screenshot('04-work');
  for (const id of ['T1', 'T2', 'T3', 'T4']) {
    await panel.waitForSelector(`[data-testid="task-${id}"][data-state="done"]`, { timeout: 60_000 });
  }
  await tab('edits');
  await panel.waitForSelector('[data-testid^="proposal-"]');
  await workbench.screenshot('05-edits');
});

test('opens a proposal as a diff with Accept, Reject and Ask for a change over each hunk', async () => {
  const accept = workbench.page.locator('.codelens-decoration a', { hasText: 'Accept' });
  // On a slow machine the diff takes its time, and so do the lenses in it.
  for (let tries = 0; tries < 4 && !(await accept.first().isVisible()); tries++) {
    await workbench.runCommand('Planwright: Next pending hunk');
    await accept
      .first()
      .waitFor({ timeout: 20_000 })
      .catch(() => {});
  }
  const picture = await workbench.screenshot('06-diff');
  copyFileSync(picture, join(root, 'dist', 'artifacts', 'proposal-diff.png'));
  const before = disk('src/slug.ts');
  await accept.first().click();
  for (let tries = 0; tries < 100 && disk('src/slug.ts') === before; tries++) await workbench.page.waitForTimeout(200);
  assert.notEqual(disk('src/slug.ts'), before);
  await workbench.screenshot('07-accepted');
});

/** The text of the line the cursor is in, on the right side of the diff. */
async function cursorLine(): Promise<string> {
  return workbench.page.evaluate(() => {
    const cursor = document.querySelector('.editor.modified .cursors-layer .cursor')?.getBoundingClientRect();
    const lines = [...document.querySelectorAll('.editor.modified .view-line')];
    const line = lines.find((candidate) => {
      const box = candidate.getBoundingClientRect();
      return cursor !== undefined && Math.abs(box.top - cursor.top) < box.height / 2;
    });
    return line?.textContent ?? '';
  });
}

test('rejects the hunk that serves no requirement, from the keyboard', async () => {
  const before = disk('src/slug.ts');
  const needless = workbench.page.locator('.codelens-decoration', { hasText: 'serves no requirement' });
  await needless.first().waitFor({ state: 'attached' });
  // The hunk's own lines say what it is about: go on until the cursor is on them.
  for (let tries = 0; tries < 10 && !(await cursorLine()).includes('&'); tries++) {
    await workbench.page.keyboard.press('Control+Alt+J');
    await workbench.page.waitForTimeout(500);
  }
  await workbench.screenshot('08-needless');
  await workbench.page.keyboard.press('Control+Alt+N');
  await needless.first().waitFor({ state: 'detached', timeout: 10_000 });
  assert.equal(disk('src/slug.ts'), before);
});

test('asks for a change, gets it in the hunk’s place and accepts it', async () => {
  await workbench.page.keyboard.press('Escape');
  await workbench.page.locator('.tab', { hasText: 'Planwright' }).first().click();
  panel = await workbench.panel();
  await tab('edits');
  const card = panel.locator('[data-testid^="proposal-"]', { hasText: 'src/registry.ts' }).first();
  await card.locator('button', { hasText: 'Open' }).first().click();
  const ask = workbench.page.locator('.codelens-decoration a', { hasText: 'Ask for a change' });
  await ask.first().waitFor({ timeout: 20_000 });
  await ask.first().click();
  const reply = workbench.page.locator('.review-widget .review-thread-reply-button').first();
  await reply.waitFor({ timeout: 20_000 });
  await reply.click();
  await workbench.page.keyboard.type(demoChangeRequest.feedback);
  await workbench.screenshot('08-ask');
  await workbench.page.locator('.review-widget .monaco-text-button', { hasText: 'Send' }).first().click();
  await workbench.page.locator('.review-widget').first().waitFor({ state: 'hidden', timeout: 30_000 });
  await workbench.screenshot('09-changed');
  await workbench.runCommand('Planwright: Accept file');
  const written = () => existsSync(join(workbench.folder, 'src/registry.ts'));
  for (let tries = 0; tries < 100 && !written(); tries++) await workbench.page.waitForTimeout(200);
  assert.match(disk('src/registry.ts'), /class|function/);
  assert.equal(disk('src/registry.ts').includes(demoChangeRequest.hunkText), false);
});

test('ends with a report once every hunk is decided', async () => {
  await workbench.page.locator('.tab', { hasText: 'Planwright' }).first().click();
  panel = await workbench.panel();
  await tab('edits');
  const acceptFile = panel.locator('button:not([disabled])', { hasText: 'Accept file' });
  for (let tries = 0; tries < 20 && (await acceptFile.count()) > 0; tries++) {
    await acceptFile.first().click();
    await workbench.page.waitForTimeout(700);
  }
  await panel.waitForSelector('[data-testid="status"][data-status="completed"]', { timeout: 30_000 });
  await tab('report');
  await workbench.screenshot('10-report');
  assert.match((await panel.textContent('body')) ?? '', /Test coverage\s*\d+(\.\d)? %/);
});
