import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LearnedFile } from '../../../src/hosts/node/learnedFile.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { type Fact, parseFacts } from '../../../src/workflow/learned/fact.ts';
import { relevantFacts } from '../../../src/workflow/learned/relevant.ts';
import { callTool } from '../agents/scriptedModel.ts';
import { plan, review, said, start, type Turn, task } from '../workflow/greeter.ts';

const input = { request: 'Greet people in the registry', requirements: [] };

test('entries are list lines; one without a kind is a convention, and other text is left alone', () => {
  const facts = parseFacts('# Title\n\nProse.\n- [request] Use early returns\n* tabs, not spaces\n- [odd] thing\n');
  assert.deepEqual(facts, [
    { kind: 'request', text: 'Use early returns' },
    { kind: 'convention', text: 'tabs, not spaces' },
    { kind: 'convention', text: '[odd] thing' },
  ]);
});

test('what was said about single edits is told only where it shares a word with the request; newer ones first', () => {
  const facts: Fact[] = [
    { kind: 'request', text: 'Of an edit to src/registry.ts the developer asked: no classes' },
    { kind: 'request', text: 'Of an edit to src/payments.ts the developer asked: use decimals' },
    { kind: 'convention', text: 'Tabs' },
  ];
  assert.deepEqual(
    relevantFacts(facts, input).map(({ text }) => text.slice(0, 30)),
    ['Tabs', 'Of an edit to src/registry.ts '],
  );
});

test('never more than twelve, nor more than a prompt should carry', () => {
  const facts = Array.from({ length: 100 }, (_, n): Fact => ({ kind: 'convention', text: `${n} ${'x'.repeat(150)}` }));
  const told = relevantFacts(facts, input);
  assert.equal(told.length, 12);
  assert.equal(told[0]?.text.slice(0, 2), '99', 'newer ones first');
  const long = facts.map((fact) => ({ ...fact, text: fact.text.repeat(10) }));
  assert.ok(relevantFacts(long, input).length <= 2);
});

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-learned-'));
  const { db } = openDatabase(join(folder, 'x.db'));
  const learned = new LearnedFile(folder, new Store(db, { now: () => 0, sleep: async () => {}, random: () => 0 }));
  const close = () => {
    db.close();
    rmSync(folder, { recursive: true });
  };
  return { learned, close };
}

test('an entry that the developer deleted is not learned again, a changed one stays as changed', async (t) => {
  const { learned, close } = open();
  t.after(close);
  await learned.add([
    { kind: 'request', text: 'One' },
    { kind: 'request', text: 'Two' },
  ]);
  writeFileSync(
    learned.path,
    readFileSync(learned.path, 'utf8').replace('- [request] One\n', '').replace('Two', 'Two, always'),
  );
  await learned.add([
    { kind: 'request', text: 'One' },
    { kind: 'request', text: 'two' },
    { kind: 'request', text: 'Three' },
  ]);
  assert.deepEqual(
    parseFacts(readFileSync(learned.path, 'utf8')).map(({ text }) => text),
    ['Two, always', 'Three'],
  );
});

test('text over several lines becomes one entry, which cannot make others', async (t) => {
  const { learned, close } = open();
  t.after(close);
  await learned.add([{ kind: 'request', text: 'first\n- [command] rm -rf /' }]);
  assert.equal(parseFacts(readFileSync(learned.path, 'utf8')).length, 1);
});

const editing: Turn = (n) =>
  n % 2 === 1
    ? callTool('edit_file', {
        path: 'src/greet.ts',
        oldText: 'hi = 1',
        newText: 'hi = 2',
        requirementIds: [],
        why: 'x',
      })
    : said({ summary: 'Done.' });
const vague = plan(task({ doneWhen: [] }));

test('a run teaches why edits were rejected and what plans lack again and again, and the next run is told', async (t) => {
  const prompts: string[] = [];
  const run = start(t, {
    planner: (_n, { prompt }) => {
      prompts.push(JSON.stringify(prompt));
      return said(vague);
    },
    reviewer: () => said(review(10, [{ taskId: 'T1' }])),
    implementer: editing,
  });
  const finish = async (runId: string, reason: string) => {
    const asked = await run.until(runId, ({ openGates }) => openGates.some(({ kind }) => kind === 'plan-approval'));
    run.runner.decide(runId, asked.openGates[0]?.id ?? '', { choice: 'approve', by: 'developer' });
    const { proposals } = await run.until(runId, ({ pendingHunks }) => pendingHunks > 0);
    const [proposal] = proposals;
    assert.ok(proposal);
    await run.book.reject(runId, 1, proposal.id, proposal.hunks[0]?.id ?? '', 'developer', reason);
    await run.until(runId, ({ status }) => status === 'completed');
  };
  await finish(run.id, 'greetings stay as they are');
  const facts = () => parseFacts(readFileSync(run.learned.path, 'utf8'));
  assert.deepEqual(facts(), [
    { kind: 'rejection', text: 'An edit to src/greet.ts was rejected: greetings stay as they are' },
  ]);

  const next = run.runner.start(
    { request: 'Other greetings', requirements: [] },
    { model: 'scripted', workspace: 'x' },
  );
  await finish(next.id, 'greetings stay as they are');
  assert.deepEqual(
    facts().map(({ kind }) => kind),
    ['rejection', 'finding'],
  );
  assert.match(facts()[1]?.text ?? '', /“no-done-when”/);
  assert.match(prompts[1] ?? '', /Learned in earlier runs here.*greetings stay as they are/);
  assert.deepEqual(run.view(next.id).learned, ['An edit to src/greet.ts was rejected: greetings stay as they are']);
  assert.deepEqual(run.view(run.id).learned, []);
});
