import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';

/** A trigger in a real window: a file is saved, a run starts, says so, and waits. */

let workbench: Workbench;
let slug: string;
const read = () => readFileSync(join(workbench.folder, 'src/slug.ts'), 'utf8');

before(async () => {
  workbench = await Workbench.launch();
  writeFileSync(join(workbench.folder, 'notes.md'), '# Notes\n');
  const { request, requirements, constraints } = sampleInput;
  const input = { request, requirements, ...(constraints ? { constraints } : {}) };
  const workspace = workbench.folder;
  await workbench.setSettings({
    'planwright.triggers': [
      { id: 'notes', kind: 'file-saved', workspace, paths: ['*.md'], input },
      { id: 'nightly', kind: 'schedule', workspace, cron: '0 3 * * *', timeZone: 'Europe/Berlin', input },
      { id: 'tickets', kind: 'webhook', workspace, map: { request: '/title' } },
      { id: 'elsewhere', kind: 'manual', workspace: '/somewhere/else', input },
      { id: 'broken', kind: 'schedule', workspace, cron: 'often', input },
    ],
  });
  slug = read();
  await workbench.open();
});
after(() => workbench.close());

test('a saved file starts a run, though nothing had run here before', async () => {
  await workbench.runCommand('Planwright: Show triggers');
  const picker = workbench.page.locator('.quick-input-widget');
  await picker.getByText('nightly', { exact: true }).waitFor({ timeout: 20_000 });
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Control+P');
  await picker.locator('input.input').fill('notes.md');
  await picker.locator('.monaco-list-row', { hasText: 'notes.md' }).first().click();
  await workbench.page.locator('.monaco-editor[role="code"] .view-line', { hasText: 'Notes' }).first().click();
  await workbench.page.keyboard.type('more ');
  await workbench.page.keyboard.press('Control+S');
  await workbench.runCommand('Planwright: Show workflow');
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="trigger"]', { timeout: 60_000 });
  assert.match((await panel.textContent('[data-testid="trigger"]')) ?? '', /notes/);
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  assert.equal(read(), slug);
  await workbench.screenshot('trigger-panel');
});

test('the list says what each did, when it is due, and what is wrong', async () => {
  await workbench.runCommand('Planwright: Show triggers');
  const picker = workbench.page.locator('.quick-input-widget');
  await picker.getByText('nightly', { exact: true }).waitFor({ timeout: 20_000 });
  const text = (await picker.textContent()) ?? '';
  await workbench.screenshot('trigger-list');
  assert.match(text, /notes\.md was saved/);
  assert.match(text, /next /);
  assert.match(text, /no secret/);
  assert.match(text, /cron: write minute, hour/);
  assert.doesNotMatch(text, /elsewhere/);
  await workbench.page.keyboard.press('Escape');
});
