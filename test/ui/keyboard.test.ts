import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { criterionIds } from '../../src/workflow/schemas.ts';
import type { Reply } from '../fixtures/openaiReply.ts';
import { type Script, type ScriptedServer, startScriptedServer } from '../fixtures/openaiServer.ts';
import { startRun } from './startRun.ts';

/** A review of 30 hunks in 6 files without the mouse: next, accept, reject, take back. */

const paths = Array.from({ length: 6 }, (_, n) => `src/part${n}.ts`);
const HUNKS = 5;
const line = (path: string, n: number) => `export const ${path.slice(4, 9)}_${n} = ${n};`;
const textOf = (path: string) => `${Array.from({ length: HUNKS * 8 }, (_, n) => line(path, n)).join('\n')}\n`;

const plan = {
  title: 'Mark the parts',
  summary: '',
  impliedRequirements: [],
  architecture: { overview: '', components: [], decisions: [] },
  tasks: [
    {
      id: 'T1',
      title: 'Mark',
      description: '',
      dependsOn: [],
      requirements: ['R1'],
      files: paths.map((path) => ({ path, action: 'modify' })),
      tests: ['marks'],
      doneWhen: ['marked'],
      size: 'S',
    },
  ],
  successMetrics: [{ name: 'tests', target: 'pass', measuredBy: 'node --test' }],
  risks: [],
  assumptions: [],
  outOfScope: [],
};
const review = {
  criteria: criterionIds.map((id) => ({ id, score: 10, rationale: 'Fine.', evidence: [{ taskId: 'T1' }] })),
};
const edits = paths.flatMap((path) =>
  Array.from({ length: HUNKS }, (_, n) => ({
    name: 'edit_file',
    input: {
      path,
      oldText: line(path, n * 8 + 3),
      newText: `${line(path, n * 8 + 3)} // marked`,
      requirements: ['R1'],
      why: 'Marks it.',
    },
  })),
);

const script: Script = ({ body }) => {
  const [system, ...rest] = body.messages as { role: string; content: unknown }[];
  const role = String(system?.content);
  const said = (value: unknown): Reply => ({ kind: 'text', text: JSON.stringify(value) });
  if (role.startsWith('You plan')) return said(plan);
  if (role.startsWith('You review')) return said(review);
  if (rest.length > 1) return said({ summary: 'Marked.' });
  return { kind: 'toolCalls', calls: edits.map((edit, n) => ({ id: `call-${n}`, ...edit })) };
};

let workbench: Workbench;
let server: ScriptedServer;
let panel: Frame;

before(async () => {
  server = await startScriptedServer(script);
  workbench = await Workbench.launch({
    settings: {
      'planwright.model': 'openai-compatible:marker',
      'planwright.baseUrl': server.url,
      'planwright.plan.approve': false,
    },
  });
  for (const path of paths) writeFileSync(join(workbench.folder, path), textOf(path));
  await workbench.open();
});
after(async () => {
  await workbench.close();
  await server.close();
});

/** The decisions so far, in order, as the record has them. */
function decisions(): { hunkId: string; decision: string }[] {
  const db = new DatabaseSync(workbench.database(), { readOnly: true });
  try {
    const rows = db.prepare("SELECT data_json FROM events WHERE type = 'hunk.decided' ORDER BY seq").all();
    return rows.map((row) => JSON.parse(String(row.data_json)));
  } finally {
    db.close();
  }
}

async function reached(decided: number): Promise<boolean> {
  for (let wait = 0; wait < 100 && decisions().length < decided; wait++) await workbench.page.waitForTimeout(50);
  return decisions().length >= decided;
}

async function press(keys: string, decided: number): Promise<void> {
  await workbench.page.keyboard.press(keys);
  await reached(decided);
  assert.equal(decisions().length, decided, `after ${keys}`);
}

/** Goes to the next hunk and decides it; a developer whose key came while the next file was opening presses again. */
async function decideNext(keys: string, decided: number): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await workbench.page.keyboard.press('Control+Alt+j');
    await workbench.page.waitForTimeout(turn === 0 ? 400 : 2000);
    await workbench.page.keyboard.press(keys);
    if (await reached(decided)) break;
  }
  assert.equal(decisions().length, decided, `after ${keys}`);
}

test('30 hunks in 6 files are proposed', async () => {
  await startRun(workbench, { request: 'Mark the parts', requirements: ['Marks'] });
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="tab-edits"] :text("30")', { timeout: 60_000 });
});

test('keys alone lead through all of them, accept, reject and take back', async () => {
  await workbench.runCommand('Planwright: Next pending hunk');
  await workbench.page.locator('.tab', { hasText: 'part0.ts' }).waitFor({ timeout: 20_000 });
  await workbench.page.locator('.codelens-decoration a', { hasText: 'Accept' }).first().waitFor({ timeout: 20_000 });
  await press('Control+Alt+y', 1);
  await workbench.screenshot('keyboard-review-first');
  await press('Control+Alt+z', 2);
  const [first, back] = decisions();
  assert.deepEqual([first?.decision, back?.decision], ['accepted', 'pending']);
  assert.equal(back?.hunkId, first?.hunkId);
  for (let n = 0; n < paths.length * HUNKS; n++) {
    await decideNext(n % 3 === 2 ? 'Control+Alt+n' : 'Control+Alt+y', n + 3);
    if (n === 12) await workbench.screenshot('keyboard-review-middle');
  }
  const final = new Map(decisions().map(({ hunkId, decision }) => [hunkId, decision]));
  assert.equal(final.size, 30);
  const count = (wanted: string) => [...final.values()].filter((decision) => decision === wanted).length;
  assert.deepEqual([count('accepted'), count('rejected')], [20, 10]);
});

test('the files have the accepted lines and no others, and the run is complete', async () => {
  const marked = paths.map((path) => {
    const text = readFileSync(join(workbench.folder, path), 'utf8');
    assert.equal(text.replaceAll(' // marked', ''), textOf(path), path);
    return text.split(' // marked').length - 1;
  });
  assert.equal(
    marked.reduce((sum, n) => sum + n, 0),
    20,
  );
  await workbench.runCommand('Planwright: Show workflow');
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="status"][data-status="completed"]', { timeout: 20_000 });
  await workbench.screenshot('keyboard-review-done');
});
