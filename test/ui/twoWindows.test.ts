import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { startRun, tasksDone } from './startRun.ts';

/** Two windows, each with an extension host of its own, on one workspace: one works, the other watches and inherits. */

let first: Workbench;
let second: Workbench;
let firstPanel: Frame;
let secondPanel: Frame;

before(async () => {
  first = await Workbench.launch();
  await first.open();
});
after(() => first.close());

function query<T>(sql: string): T[] {
  const db = new DatabaseSync(first.database(), { readOnly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

/** The process that holds the run's lease. */
function ownerPid(): number | null {
  const owner = query<{ owner: string }>('SELECT owner FROM leases')[0]?.owner;
  return owner === undefined ? null : Number(owner.split('-').at(-1));
}

test('the second window watches live what the first one does', async () => {
  await startRun(first);
  firstPanel = await first.panel();
  await firstPanel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  second = await first.anotherWindow();
  await second.open();
  await second.runCommand('Planwright: Show workflow');
  secondPanel = await second.panel();
  await secondPanel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 30_000 });
});

test('both approve at once: it counts once', async () => {
  await Promise.all(
    [firstPanel, secondPanel].map((panel) =>
      panel.click('[data-testid="gate-choice-approve"]', { timeout: 10_000 }).catch(() => {}),
    ),
  );
  for (const panel of [firstPanel, secondPanel]) await tasksDone(panel);
  const decided = query<{ n: number }>(
    "SELECT COUNT(*) AS n FROM events WHERE type = 'gate.decided' AND json_extract(data_json, '$.gateId') LIKE '%approve-plan%'",
  );
  assert.equal(decided[0]?.n, 1);
});

test('both accept the same file at once: it is written once', async () => {
  for (const panel of [firstPanel, secondPanel]) await panel.click('[data-testid="tab-edits"]');
  const card = '[data-testid^="proposal-T1-"]';
  await Promise.all(
    [firstPanel, secondPanel].map((panel) =>
      panel
        .locator(`${card} button`, { hasText: 'Accept' })
        .first()
        .click({ timeout: 10_000 })
        .catch(() => {}),
    ),
  );
  await first.page.waitForTimeout(3000);
  const twice = query<{ n: number }>(
    "SELECT COUNT(*) AS n FROM events WHERE type = 'hunk.decided' GROUP BY json_extract(data_json, '$.hunkId') HAVING n > 1",
  );
  assert.deepEqual(twice, []);
  const done = query<{ n: number }>("SELECT COUNT(*) AS n FROM edits WHERE state = 'done'");
  assert.ok((done[0]?.n ?? 0) >= 1);
  const text = readFileSync(join(first.folder, 'src/slug.ts'), 'utf8');
  assert.equal(text.match(/export function slug\(/g)?.length, 1);
});

test('the first one dies: the second one takes the run over and ends it', async (t) => {
  const dead = ownerPid();
  assert.ok(dead);
  process.kill(dead, 'SIGKILL');
  const started = Date.now();
  await first.page.close();
  let heir = ownerPid();
  while ((heir === null || heir === dead) && Date.now() - started < 60_000) {
    await second.page.waitForTimeout(200);
    heir = ownerPid();
  }
  const seconds = (Date.now() - started) / 1000;
  t.diagnostic(`taken over after ${seconds.toFixed(1)} s`);
  assert.ok(heir !== null && heir !== dead);
  await secondPanel.waitForSelector('[data-testid="pause"]', { timeout: 15_000 });
  for (;;) {
    const accept = secondPanel.locator('[data-testid^="proposal-"] button', { hasText: 'Accept' }).first();
    if (!(await accept.isVisible().catch(() => false))) break;
    await accept.click();
    await second.page.waitForTimeout(700);
  }
  await secondPanel.waitForSelector('[data-testid="status"][data-status="completed"]', { timeout: 30_000 });
});
