import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { phaseNames } from '../../src/workflow/schemas.ts';
import { startRun, tasksDone } from './startRun.ts';

/** Restart from each phase in the real VS Code: a new attempt, and every earlier one stays readable. */

let workbench: Workbench;
let panel: Frame;

before(async () => {
  workbench = await Workbench.launch();
  await workbench.open();
});
after(() => workbench.close());

async function approveAndImplement(): Promise<void> {
  await panel.click('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await implemented();
}

async function implemented(): Promise<void> {
  await panel.waitForSelector('[data-testid="status"][data-status="waiting"]:not(:has([data-testid^="gate-choice"]))');
  await tasksDone(panel);
  await panel.waitForSelector('[data-testid="status"][data-status="waiting"]', { timeout: 30_000 });
}

test('a run that is paused stays so over a reload, and goes on when resumed', async () => {
  await startRun(workbench);
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.click('[data-testid="pause"]');
  await panel.waitForSelector('[data-testid="status"]:has-text("Paused")');
  panel = await workbench.reload();
  await panel.waitForSelector('[data-testid="status"]:has-text("Paused")');
  await workbench.page.waitForTimeout(6000); // Longer than runs of dead windows are left alone.
  await panel.waitForSelector('[data-testid="status"]:has-text("Paused")');
  await workbench.screenshot('paused');
  await panel.click('button:has-text("Resume")');
  await approveAndImplement();
});

test('restarting from each phase begins a new attempt and keeps the others', async () => {
  let attempt = 1;
  for (const phase of [...phaseNames].reverse()) {
    await panel.selectOption('select[aria-label="Phase to restart from"]', phase);
    await panel.click('button:has-text("Restart")');
    attempt += 1;
    await panel.waitForSelector(`[data-testid="attempt"] option:text("attempt ${attempt} of ${attempt}")`, {
      state: 'attached',
      timeout: 30_000,
    });
    if (phase === 'implementation') await implemented();
    else await approveAndImplement();
  }
  assert.equal(attempt, 5);
  for (let earlier = 1; earlier <= attempt; earlier++) {
    await panel.selectOption('[data-testid="attempt"]', String(earlier));
    await panel.waitForFunction(
      (wanted) => (document.querySelector('[data-testid="attempt"]') as HTMLSelectElement | null)?.value === wanted,
      String(earlier),
    );
    await panel.click('[data-testid="tab-review"]');
    assert.match((await panel.textContent('[data-testid="score"]')) ?? '', /88/);
    await panel.click('[data-testid="tab-edits"]');
    assert.ok((await panel.locator('[data-testid^="proposal-"]').count()) >= 4, `attempt ${earlier}`);
  }
  await workbench.screenshot('attempts');
});

test('two attempts are compared plan against plan, and the one that was shown is shown again', async () => {
  await panel.selectOption('[data-testid="attempt"]', '2');
  await panel.waitForSelector('[data-testid="attempt"] option:checked:text("attempt 2 of 5")', { state: 'attached' });
  await panel.click('button:has-text("Compare…")');
  for (const label of ['Attempt 5', 'Attempt 1']) {
    const row = workbench.page
      .locator('.quick-input-list .monaco-list-row', { has: workbench.page.getByText(label, { exact: true }) })
      .first();
    await row.click({ timeout: 20_000 });
  }
  await workbench.page.locator('.tab', { hasText: 'Plan of attempt 5' }).waitFor({ timeout: 20_000 });
  await workbench.page.locator('.view-line', { hasText: 'Score 88 of 100' }).first().waitFor({ timeout: 20_000 });
  await workbench.screenshot('compare-attempts');
  await workbench.runCommand('Planwright: Show workflow');
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="attempt"] option:checked:text("attempt 2 of 5")', { state: 'attached' });
});
