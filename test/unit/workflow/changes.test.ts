import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMark } from '../../../src/workflow/checks/mark.ts';
import type { EditorProblems } from '../../../src/workflow/ports.ts';
import type { RunView } from '../../../src/workflow/runState.ts';
import { traceOf } from '../../../src/workflow/trace/trace.ts';
import type { Content } from '../agents/scriptedModel.ts';
import { plan, reported, review, said, start, task, write } from './greeter.ts';

/** What an agent makes when the developer asks for a change is checked, mended and told like the task itself. */

/** An editor whose one language calls each line with TODO an error. */
const strict = (): EditorProblems => ({
  async find(paths, files) {
    const texts = paths.flatMap((path) =>
      typeof files.get(path) === 'string' ? [[path, files.get(path)!] as const] : [],
    );
    const problems = texts.flatMap(([path, text]) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          line.includes('TODO') ? [{ path, line: index + 1, severity: 'error', message: line.trim() } as const] : [],
        ),
    );
    return { problems, asked: texts.length, answered: texts.length };
  },
});

/** A task that proposes 'src/greet.ts'; asked for a change, its agent writes what `again` says when spoken to the nth time. */
function begin(t: Parameters<typeof start>[0], again: (n: number) => readonly Content[]) {
  const heard: string[] = [];
  const run = start(
    t,
    {
      planner: () => said(plan(task({}))),
      reviewer: () => said(review(10)),
      implementer: (_n, { prompt }) => {
        const spoken = prompt.filter(({ role }) => role === 'user');
        const turn = prompt.slice(prompt.lastIndexOf(spoken.at(-1)!)).filter(({ role }) => role === 'assistant').length;
        const isChange = JSON.stringify(spoken[0]).includes('Change requested');
        if (turn === 0 && isChange) heard.push(JSON.stringify(spoken.at(-1)));
        const turns = isChange ? again(spoken.length) : [write('src/greet.ts', 'export const hi = 2;\n')];
        return turns[turn] ?? reported;
      },
    },
    {},
    {
      settings: {
        approvePlan: false,
        askQuestions: false,
        threshold: 0,
        checks: { run: 'never', mendings: 2, editor: true },
      },
      editor: strict,
    },
  );
  const gateOf = (view: RunView) => view.openGates.find(({ proposalId }) => proposalId === 'T1-1');
  /** Asks for a change of the one hunk, and waits until the proposal is the developer's again. */
  const change = async (turn = 1) => {
    const gate = gateOf(await run.until(run.id, (view) => gateOf(view) !== undefined));
    const hunkId = run.book.find(run.id, 1, 'T1-1')?.hunks.find(({ decision }) => decision === 'pending')?.id ?? '';
    run.runner.decide(run.id, gate?.id ?? '', {
      choice: 'change',
      note: 'Say it otherwise.',
      data: { hunkId },
      by: 'dev',
    });
    return run.until(run.id, (view) => gateOf(view)?.id.endsWith(`decide-${turn + 1}`) ?? false);
  };
  return { ...run, heard, change };
}

const ofChanges = ({ checks }: RunView) => checks.filter(({ of }) => of?.change !== undefined);

test('a change that breaks something goes back to its agent before it is shown; the rounds are told as its own', async (t) => {
  const run = begin(t, (n) => [
    write('src/greet.ts', n === 1 ? 'export const hi = 3; // TODO\n' : 'export const hi = 3;\n'),
  ]);
  const view = await run.change();
  assert.match(run.heard[1] ?? '', /src\/greet\.ts:1: error: export const hi = 3; \/\/ TODO/);
  assert.deepEqual(
    ofChanges(view).map(({ round, of, results }) => [round, of, results[0]?.verdict]),
    [
      [1, { change: { proposalId: 'T1-1', turn: 1 } }, 'new failure'],
      [2, { change: { proposalId: 'T1-1', turn: 1 } }, 'passes'],
    ],
  );
  assert.equal(run.book.find(run.id, 1, 'T1-1')?.text, 'export const hi = 3;\n');
  assert.deepEqual(checkMark(view, 'T1'), { state: 'passes', newFailures: [], mendings: 1, vacuous: [] });
  const check = traceOf(view)?.checks.find(({ taskId }) => taskId === 'T1');
  assert.deepEqual([check?.verdict, check?.outdated], ['passes', false]);
  await run.book.acceptAll(run.id, 1, 'T1-1', 'dev');
  await run.done;
  assert.equal(run.view(run.id).status, 'completed');
});

test('a change that still fails after the last mending is shown with the failure, and can be accepted', async (t) => {
  const run = begin(t, (n) => [write('src/greet.ts', `TODO ${n}\n`)]);
  const view = await run.change();
  assert.equal(ofChanges(view).length, 3);
  assert.deepEqual(checkMark(view, 'T1')?.newFailures, ['src/greet.ts: TODO 3']);
  assert.equal(checkMark(view, 'T1')?.state, 'fails');
  await run.book.acceptAll(run.id, 1, 'T1-1', 'dev');
  await run.done;
  assert.equal((await run.workspace.read('src/greet.ts'))?.text, 'TODO 3\n');
});

test('a second change is checked on its own', async (t) => {
  let changes = 0;
  const run = begin(t, (n) => {
    if (n === 1) changes += 1;
    return [write('src/greet.ts', `// change ${changes}\n`)];
  });
  await run.change();
  const view = await run.change(2);
  assert.deepEqual(
    ofChanges(view).map(({ of, round }) => [of?.change?.turn, round]),
    [
      [1, 1],
      [2, 1],
    ],
  );
});

test('what a change needs in another file is proposed with it, checked with it, and decided by the developer', async (t) => {
  const run = begin(t, () => [write('src/greet.ts', "import './words.ts';\n"), write('src/words.ts', '// TODO\n')]);
  const view = await run.change();
  assert.deepEqual(ofChanges(view)[0]?.results[0]?.newFailures, ['src/words.ts: // TODO']);
  assert.deepEqual(
    run.book.list(run.id, 1).map(({ id, path, taskId }) => [id, path, taskId]),
    [
      ['T1-1', 'src/greet.ts', 'T1'],
      ['T1-1-c1-1', 'src/words.ts', 'T1'],
    ],
  );
  await run.until(run.id, ({ openGates }) => openGates.length === 2);
  await run.runner.stop();
  const { done } = run.runner.resume(run.id);
  for (const { state } of run.book.latest(run.id)) await run.book.acceptAll(run.id, 1, state.id, 'dev');
  await done;
  assert.equal(run.view(run.id).status, 'completed');
  assert.equal((await run.workspace.read('src/words.ts'))?.text, '// TODO\n');
});

test('a change that changes nothing is not checked', async (t) => {
  const run = begin(t, () => [reported]);
  const view = await run.change();
  assert.deepEqual(ofChanges(view), []);
  assert.equal(run.book.find(run.id, 1, 'T1-1')?.text, 'export const hi = 2;\n');
});
