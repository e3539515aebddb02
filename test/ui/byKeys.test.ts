import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';

/** The whole main job without a mouse: only keys are sent, and the page is only looked at. */

let workbench: Workbench;
let panel: Frame;

before(async () => {
  workbench = await Workbench.launch();
  await workbench.open();
});
after(() => workbench.close());

const press = (keys: string) => workbench.page.keyboard.press(keys);

/** Runs a command with F1, its title and Enter. */
async function command(title: string): Promise<void> {
  const row = workbench.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
  for (let tries = 0; tries < 10; tries++) {
    await press('F1');
    await workbench.page.locator('.quick-input-widget input.input').first().waitFor({ state: 'visible' });
    await workbench.page.keyboard.type(title);
    const found = await row.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (found) return press('Enter');
    await press('Escape');
  }
  throw new Error(`The command palette does not know “${title}”.`);
}

/** Presses Tab in the panel until the focus is on what `selector` names. */
async function tabTo(selector: string): Promise<void> {
  for (let tries = 0; tries < 80; tries++) {
    const there = await panel.evaluate(
      (wanted) => document.hasFocus() && document.activeElement?.matches(wanted) === true,
      selector,
    );
    if (there) return;
    await press('Tab');
  }
  const at = await panel.evaluate(() => `${document.hasFocus()} ${document.activeElement?.outerHTML.slice(0, 200)}`);
  throw new Error(`Tab does not lead to ${selector}; it is at ${at}`);
}

async function showPanel(): Promise<void> {
  await command('Planwright: Show workflow');
  panel = await workbench.panel();
  await command('View: Focus Active Editor Group');
}

test('a run is started with F1, and three times Enter', async () => {
  await command('Planwright: Start implementation workflow');
  for (const [title, suggested] of [
    ['1 of 3', sampleInput.request],
    ['2 of 3', sampleInput.requirements.join('; ')],
    ['3 of 3', sampleInput.constraints?.join('; ')],
  ] as const) {
    assert.equal(await workbench.inputBox(title), suggested);
    await press('Enter');
  }
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
});

test('Tab and Enter approve the plan in the panel, arrows lead through its places', async () => {
  await command('View: Focus Active Editor Group');
  await tabTo('[role="tab"][aria-selected="true"]');
  await press('ArrowRight');
  await panel.waitForSelector('#tab-review[aria-selected="true"]');
  assert.match((await panel.textContent('[data-testid="score"]')) ?? '', /88/);
  await press('Home');
  await panel.waitForSelector('#tab-plan[aria-selected="true"]');
  await showPanel();
  await tabTo('[data-testid="gate-choice-approve"]');
  await press('Enter');
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { state: 'detached', timeout: 30_000 });
});

/** How many events of a type the run's record has. */
function count(type: string): number {
  const db = new DatabaseSync(workbench.database(), { readOnly: true });
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM events WHERE type = ?').get(type)?.n);
  } finally {
    db.close();
  }
}

test('keys accept every hunk but one, which they reject', async () => {
  await panel.waitForSelector('[data-testid="status"][data-status="waiting"] >> text=Waiting', { timeout: 120_000 });
  const completed = () => count('workflow.completed') > 0;
  const lens = workbench.page.locator('.codelens-decoration a', { hasText: 'Accept' });
  // A key that comes while the next file is still opening is pressed again.
  for (let presses = 0; presses < 80 && !completed(); presses++) {
    const before = count('hunk.decided');
    await press('Control+Alt+j');
    await lens
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => {});
    await workbench.page.waitForTimeout(400);
    if (completed()) break;
    await press(before === 0 ? 'Control+Alt+n' : 'Control+Alt+y');
    for (let wait = 0; wait < 60 && count('hunk.decided') === before && !completed(); wait++)
      await workbench.page.waitForTimeout(50);
  }
  assert.equal(count('workflow.completed'), 1);
  assert.ok(count('hunk.decided') > 3);
});

test('and the report is reached', async () => {
  await showPanel();
  await panel.waitForSelector('[data-testid="status"][data-status="completed"]', { timeout: 60_000 });
  await tabTo('[role="tab"][aria-selected="true"]');
  await press('End');
  await panel.waitForSelector('#tab-report[aria-selected="true"]');
  await workbench.screenshot('by-keys-report');
  assert.match(readFileSync(join(workbench.folder, 'src/registry.ts'), 'utf8'), /class|function/);
});
