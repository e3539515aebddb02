import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { MOST_EDITS } from '../../src/hosts/node/git/restore.ts';
import { startRun, tasksDone } from './startRun.ts';

/** Everything pending of a task, or of the run, in one go; and back to before all of it. */

let workbench: Workbench;
let panel: Frame;

const who = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.org'];
const git = (...args: string[]) =>
  execFileSync('git', [...who, ...args], {
    cwd: workbench.folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

before(async () => {
  workbench = await Workbench.launch({ settings: { 'planwright.plan.approve': false } });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'first');
  await workbench.open();
  await startRun(workbench);
  panel = await workbench.panel();
  await tasksDone(panel);
  await panel.click('[data-testid="tab-edits"]');
});
after(() => workbench.close());

/** Answers the modal question with the button of this name. */
async function answer(button: string): Promise<void> {
  await workbench.page
    .locator('.monaco-dialog-box .monaco-button', { hasText: button })
    .first()
    .click({ timeout: 20_000 });
}

async function shownAgain(): Promise<void> {
  await workbench.runCommand('Planwright: Show workflow');
  panel = await workbench.panel();
  await panel.click('[data-testid="tab-edits"]');
}

test('all changes of the run open in one editor, with a decision over each hunk', async () => {
  await panel.click('[data-testid="pending-open"]');
  await workbench.page.locator('.tab', { hasText: 'Proposed changes' }).waitFor({ timeout: 20_000 });
  await workbench.page.locator('.multiDiffEntry, .multi-diff-root-floating-menu, .multiDiffEditor').first().waitFor();
  await workbench.page.locator('.codelens-decoration a', { hasText: 'Accept' }).first().waitFor({ timeout: 30_000 });
  await workbench.screenshot('multi-diff');
  await shownAgain();
});

test('accepting all of a task asks once and writes its files', async () => {
  const before = readFileSync(join(workbench.folder, 'src/slug.ts'), 'utf8');
  await panel.click('[data-testid="pending-acceptT1"]');
  await answer('Accept');
  await panel.waitForSelector('[data-testid="proposal-T1-1"] :text("accepted")', { timeout: 20_000 });
  await panel.waitForSelector('[data-testid="pending-acceptT1"]', { state: 'detached', timeout: 20_000 });
  assert.notEqual(readFileSync(join(workbench.folder, 'src/slug.ts'), 'utf8'), before);
  assert.equal(existsSync(join(workbench.folder, 'src/registry.ts')), false, 'no other task is written');
});

test('accepting the rest ends the run', async () => {
  await panel.click('[data-testid="pending-accept"]');
  await answer('Accept');
  await panel.waitForSelector('[data-testid="status"][data-status="completed"]', { timeout: 30_000 });
  assert.equal(existsSync(join(workbench.folder, 'src/registry.ts')), true);
});

/** Comes to the list of files that the checkpoint of before the first edit would change. */
async function chooseFirstCheckpoint(): Promise<void> {
  await workbench.runCommand('Planwright: Restore checkpoint…');
  await workbench.inputBox('Restore which checkpoint?');
  const before = { hasText: 'before the first accepted edit' };
  await workbench.page.locator('.quick-input-list .monaco-list-row', before).click();
  await workbench.inputBox('Restore these files');
}

test('a restore of more files than the editor can undo says so before it begins', async () => {
  const { page } = workbench;
  const many = join(workbench.folder, 'many');
  mkdirSync(many);
  for (let n = 0; n <= MOST_EDITS; n++) writeFileSync(join(many, `${n}.txt`), 'made since');
  await chooseFirstCheckpoint();
  await page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
  const warning = `These are more than ${MOST_EDITS} files: the editor’s own undo does not bring them back.`;
  await page.locator('.monaco-dialog-box', { hasText: warning }).waitFor({ timeout: 20_000 });
  await workbench.screenshot('restore-many');
  await answer('Cancel');
  assert.equal(readdirSync(many).length, MOST_EDITS + 1);
  rmSync(many, { recursive: true });
  await workbench.runCommand('View: Close Editor');
});

test('a checkpoint is shown as diffs, asked about, and brings every file back', async () => {
  const { page } = workbench;
  const heads = git('for-each-ref', 'refs/heads');
  await chooseFirstCheckpoint();
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'src/registry.ts' });
  assert.match((await row.textContent()) ?? '', /is removed: it was not there/);
  const diffs = page.locator('.tab', { hasText: 'As it is ↔ checkpoint' });
  await diffs.waitFor({ timeout: 20_000 });
  await page.locator('.multiDiffEditor .view-line', { hasText: 'slug' }).first().waitFor({ timeout: 20_000 });
  await workbench.screenshot('restore-files');
  await row.hover();
  await row.locator('.codicon-diff-single').click();
  await page.locator('.tab', { hasText: 'src/registry.ts: as it is' }).waitFor({ timeout: 20_000 });
  await workbench.screenshot('restore-one-diff');
  await page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
  await page.locator('.monaco-dialog-box', { hasText: 'made since and are removed: 2.' }).waitFor({ timeout: 20_000 });
  await workbench.screenshot('restore-question');
  assert.notEqual(git('status', '--porcelain'), '', 'nothing is restored before the answer');
  await answer('Restore');
  assert.match(await workbench.notification('Restored'), /Restored \d+ files/);
  assert.equal(git('status', '--porcelain'), '');
  assert.equal(existsSync(join(workbench.folder, 'src/registry.ts')), false);
  assert.equal(git('for-each-ref', 'refs/heads'), heads);
  await diffs.waitFor({ state: 'detached', timeout: 20_000 });
});
