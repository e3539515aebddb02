import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { readPrompt } from '../../src/models/demo/reading.ts';
import { callOptionsOf } from '../fixtures/chatPrompt.ts';
import type { Reply } from '../fixtures/openaiReply.ts';
import { type ScriptedServer, startScriptedServer } from '../fixtures/openaiServer.ts';
import { plan, review, task } from '../unit/workflow/greeter.ts';
import { startRun } from './startRun.ts';

/** A first implementation that breaks a test, and tests that test nothing: found, mended and shown. */

let workbench: Workbench;
let server: ScriptedServer;
let panel: Frame;

before(async () => {
  server = await startScriptedServer(({ body }) => answerTo(body));
  workbench = await Workbench.launch({
    settings: {
      'planwright.model': 'openai-compatible:scripted',
      'planwright.baseUrl': server.url,
      'planwright.checks.run': 'ask',
    },
  });
  // The sample's own tests are TypeScript: they need the Node of the tests, where npm and the checks look first.
  mkdirSync(join(workbench.folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(process.execPath, join(workbench.folder, 'node_modules', '.bin', 'node'));
  await workbench.open();
});
after(async () => {
  await workbench.close();
  await server.close();
});

test('the developer is asked once which checks may run, with the commands named', async () => {
  await startRun(workbench, { request: 'Shout', requirements: ['Slugs can be loud'] });
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.click('[data-testid="gate-choice-approve"]');
  await panel.waitForSelector('[data-testid="check-choice"]', { timeout: 30_000 });
  assert.match((await panel.textContent('[data-testid="check-choice"]')) ?? '', /npm test/);
  await workbench.screenshot('checks-01-asked');
  await panel.click('[data-testid="gate-choice-allow"]');
});

test('the panel shows the round that failed and the one that was mended, and that the test tests', async () => {
  await panel.click('[data-testid="tab-work"]');
  await panel.waitForSelector('[data-testid="task-T1"][data-state="done"]', { timeout: 90_000 });
  const round = (n: number) => panel.locator(`[data-testid="checks-T1-${n}"]`);
  await workbench.screenshot('checks-02-done');
  await round(3).waitFor();
  assert.match((await round(1).textContent()) ?? '', /drops apostrophes/);
  assert.equal(await round(1).locator('[data-verdict="new failure"]').count(), 1);
  assert.equal(await round(2).locator('[data-verdict="passes"]').count(), 1);
  assert.equal(await panel.locator('[data-testid="proof-test/loud.test.ts"][data-verdict="proven"]').count(), 1);
  await round(1).locator('summary').click();
  await workbench.screenshot('checks-02-work');
  await panel.click('[data-testid="tab-edits"]');
  await panel.waitForSelector('[data-testid="check-note"][data-state="passes"]');
  await workbench.screenshot('checks-03-edits');
});

test('a mark stands over the hunk, and the report has the coverage of what was accepted', async () => {
  await workbench.runCommand('Planwright: Next pending hunk');
  await workbench.page.locator('.codelens-decoration', { hasText: 'checks pass' }).first().waitFor({ timeout: 30_000 });
  await workbench.screenshot('checks-04-lens');
  await workbench.page.locator('.tab', { hasText: 'Planwright' }).first().click();
  panel = await workbench.panel();
  await panel.click('[data-testid="tab-edits"]');
  for (const path of ['src/slug.ts', 'test/loud.test.ts']) {
    await panel.click(`[aria-label="Accept file ${path}"]`);
    await panel.waitForSelector(`[aria-label="Accept file ${path}"]`, { state: 'detached' });
  }
  await panel.waitForSelector('[data-testid="status"][data-status="completed"]', { timeout: 60_000 });
  assert.match(readFileSync(join(workbench.folder, 'src/slug.ts'), 'utf8'), /toUpperCase/);
  await panel.click('[data-testid="tab-work"]');
  assert.match((await panel.textContent('[data-testid="checks"]')) ?? '', /Coverage: \d+(\.\d)? % of lines/);
  await workbench.screenshot('checks-05-closed');
});

test('another run is not asked again; what TypeScript finds is mended, what it found before is not blamed', async () => {
  await workbench.setSettings({ 'planwright.checks.editor': true });
  writeFileSync(join(workbench.folder, 'src/limit.ts'), longAgo);
  await startRun(workbench, { request: 'Count', requirements: ['Words are counted'] });
  panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.click('[data-testid="gate-choice-approve"]');
  await panel.click('[data-testid="tab-work"]');
  await panel.waitForSelector('[data-testid="checks-T1-1"]', { timeout: 60_000 });
  assert.equal(await panel.locator('[data-testid="check-choice"]').count(), 0);
  await panel.waitForSelector('[data-testid="task-T1"][data-state="done"]', { timeout: 120_000 });
  const inEditor = (n: number) =>
    panel.locator(`[data-testid="checks-T1-${n}"] [data-verdict]`, { hasText: 'Problems in the editor' });
  assert.equal(await inEditor(1).getAttribute('data-verdict'), 'new failure');
  assert.match((await inEditor(1).textContent()) ?? '', /src\/words\.ts: ts\(2322\)/);
  assert.equal(await inEditor(2).getAttribute('data-verdict'), 'already failing');
  assert.equal(await panel.locator('[data-testid="checks-T1-3"]').count(), 0);
  await inEditor(1).locator('summary').click();
  await workbench.screenshot('checks-06-editor');
  assert.equal(await workbench.page.locator('.tab', { hasText: 'words.ts' }).count(), 0);
});

const sampleSource = readFileSync(join(import.meta.dirname, '../../samples/slugs/src/slug.ts'), 'utf8');
const loud = `\n/** A slug for those who shout. */\nexport function loudSlug(text: string): string {\n  return slug(text).toUpperCase();\n}\n`;
const broken = sampleSource.replace(".replace(APOSTROPHES, '')", '') + loud;
const right = sampleSource + loud;
const testOf = (assertion: string) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as slugs from '../src/slug.ts';

test('shouts', () => {
  ${assertion}
});
`;
const vacuous = testOf('assert.ok(slugs);');
const real = testOf("assert.equal(slugs.loudSlug('Hello'), 'HELLO');");

const longAgo = "export const limit: number = '80';\n";
const words = (returned: string) =>
  `export function words(text: string): number {\n  return text.split(' ')${returned};\n}\n`;

function answerTo(body: Parameters<typeof callOptionsOf>[0]): Reply[] {
  const { prompt } = callOptionsOf(body);
  const system = JSON.stringify(prompt.filter(({ role }) => role === 'system'));
  if (system.includes('You plan a change')) {
    return said(
      plan(task({ files: [{ path: 'src/slug.ts', action: 'modify' }], doneWhen: ['it shouts'], requirements: ['R1'] })),
    );
  }
  if (system.includes('You review a plan')) return said(review(10));
  const spoken = prompt.filter(({ role }) => role === 'user').length;
  if (JSON.stringify(prompt).includes('Words are counted')) {
    const [first, mended] = [words(''), words('.length')];
    const counting = [
      [written('src/words.ts', first), written('src/limit.ts', `// At most.\n${longAgo}`), reported('Counts.')],
      [written('src/words.ts', mended), reported('Counts, as a number.')],
    ];
    return counting[spoken - 1]?.[readPrompt(prompt).turn] ?? said({});
  }
  const turns = [
    [written('src/slug.ts', broken), written('test/loud.test.ts', vacuous), reported('Shouts.')],
    [written('src/slug.ts', right), reported('Shouts, and keeps apostrophes out.')],
    [written('test/loud.test.ts', real), reported('Shouts, with a test that would notice.')],
  ];
  return turns[spoken - 1]?.[readPrompt(prompt).turn] ?? said({});
}

function said(value: unknown): Reply[] {
  return [{ kind: 'text', text: JSON.stringify(value), chunkCharacters: 400 }];
}

function reported(summary: string): Reply[] {
  return said({ summary, documentation: '', tests: ['shouts'], evidence: [{ doneWhen: 'it shouts', how: 'Tested.' }] });
}

function written(path: string, content: string): Reply[] {
  return [
    {
      kind: 'toolCalls',
      calls: [{ name: 'write_file', input: { path, content, requirements: ['R1'], why: 'To shout.' } }],
    },
  ];
}
