import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callTool } from '../agents/scriptedModel.ts';
import { plan, review, said, start, type Turn, task } from './greeter.ts';

/** Two tasks, the second built on the lines of the first: what becomes of it when those are rejected. */

const edit = (oldText: string, newText: string) =>
  callTool('edit_file', { path: 'src/greet.ts', oldText, newText, requirements: ['R1'], why: 'x' });
const two = plan(task({}), task({ id: 'T2', title: 'Greet louder', dependsOn: ['T1'], requirements: ['R2'] }));

/** The implementer: T1 changes the line, T2 changes it further; asked again, T2 does what `again` says. */
function begin(t: TestContext, again: Turn) {
  const asked: string[] = [];
  let retries = 0;
  const run = start(
    t,
    {
      planner: () => said(two),
      reviewer: () => said(review(10, [{ taskId: 'T1' }])),
      implementer: (_n, options) => {
        const text = JSON.stringify(options.prompt);
        const last = JSON.stringify(options.prompt.at(-1));
        if (last.includes('tool-result')) return said({ summary: 'Done.' });
        if (text.includes('Change requested for hunk')) {
          asked.push(text);
          retries += 1;
          return again(retries, options);
        }
        return text.includes('Task: T2') ? edit('hi = 2', 'hi = 2 + 1') : edit('hi = 1', 'hi = 2');
      },
    },
    {},
    { settings: { approvePlan: false } },
  );
  const both = run.until(
    run.id,
    ({ proposals, openGates }) =>
      proposals.length === 2 && openGates.filter(({ kind }) => kind === 'proposal').length === 2,
  );
  const proposalOf = (taskId: string) => {
    const found = run.book.list(run.id, 1).find((state) => state.taskId === taskId);
    assert.ok(found);
    return found;
  };
  return { run, both, asked, proposalOf };
}

test('what was built on a rejected hunk is made anew by its own task, with the reason', async (t) => {
  const { run, both, asked, proposalOf } = begin(t, () => edit('hi = 1', 'hi = 1 + 1'));
  await both;
  const first = proposalOf('T1');
  await run.book.reject(run.id, 1, first.id, first.hunks[0]?.id ?? '', 'developer');
  await run.until(run.id, () => proposalOf('T2').text.includes('1 + 1'));
  assert.equal(asked.length, 1);
  assert.match(asked[0] ?? '', /decided otherwise about the edits of T1.*hi = 2 \+ 1.*The file now has.*hi = 1/s);
  const again = proposalOf('T2');
  assert.deepEqual(again.conflicts, []);
  assert.equal(again.hunks.filter(({ decision }) => decision === 'pending').length, 1);
  await run.until(run.id, ({ openGates }) => openGates.some(({ proposalId }) => proposalId === again.id));
  await run.book.acceptAll(run.id, 1, again.id, 'developer');
  await run.until(run.id, ({ status }) => status === 'completed');
  assert.equal((await run.workspace.read('src/greet.ts'))?.text, 'export const hi = 1 + 1;\n');
});

test('accepting what it was built on asks nobody', async (t) => {
  const { run, both, asked, proposalOf } = begin(t, () => said({ summary: 'Nothing.' }));
  await both;
  const first = proposalOf('T1');
  await run.book.acceptAll(run.id, 1, first.id, 'developer');
  const second = proposalOf('T2');
  assert.deepEqual(second.conflicts, []);
  await run.book.acceptAll(run.id, 1, second.id, 'developer');
  await run.until(run.id, ({ status }) => status === 'completed');
  assert.equal(asked.length, 0);
});

test('a task that changes nothing when asked leaves the conflict to the developer, who is asked', async (t) => {
  const { run, both, asked, proposalOf } = begin(t, () => said({ summary: 'I would not know how.' }));
  await both;
  const first = proposalOf('T1');
  await run.book.reject(run.id, 1, first.id, first.hunks[0]?.id ?? '', 'developer');
  await run.until(run.id, ({ openGates }) => asked.length === 1 && openGates.length === 1);
  const second = proposalOf('T2');
  assert.equal(second.conflicts.length, 1);
  await run.book.resolve(run.id, 1, second.id, second.conflicts[0]?.hunkId ?? '', 'current', 'developer');
  await run.until(run.id, ({ status }) => status === 'completed');
  assert.equal((await run.workspace.read('src/greet.ts'))?.text, 'export const hi = 1;\n');
});

test('what was rejected can be taken back after all, and nobody is asked more than twice', async (t) => {
  const { run, both, asked, proposalOf } = begin(t, (n) =>
    n % 2 === 1 ? edit('hi = 1', 'hi = 1 + 1') : edit('hi = 2', 'hi = 2 * 2'),
  );
  await both;
  const first = proposalOf('T1');
  const hunkId = first.hunks[0]?.id ?? '';
  const settle = async (calls: number) =>
    run.until(
      run.id,
      ({ openGates }) =>
        asked.length === calls && openGates.some(({ proposalId }) => proposalId === proposalOf('T2').id),
    );
  await run.book.reject(run.id, 1, first.id, hunkId, 'developer');
  await settle(1);
  for (let turn = 0; turn < 4; turn++) {
    await run.book.undo(run.id, 1, first.id, hunkId, 'developer');
    await run.book.accept(run.id, 1, first.id, hunkId, 'developer');
    await run.book.undo(run.id, 1, first.id, hunkId, 'developer');
    await run.book.reject(run.id, 1, first.id, hunkId, 'developer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.ok(asked.length <= 2, String(asked.length));
  assert.ok((proposalOf('T2').ripples ?? 0) <= 2);
});
