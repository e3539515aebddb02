import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { readPrompt } from '../../../src/models/demo/reading.ts';
import { againPrompt } from '../../../src/workflow/agents/prompts.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import { cancelTask, retryTask, skipTask } from '../../../src/workflow/phases/taskControl.ts';
import type { RunView } from '../../../src/workflow/runState.ts';
import { callTool, scriptedModel } from '../agents/scriptedModel.ts';
import { plan, review, said, start, task } from './greeter.ts';

/** One task that fails or is called off; the others go on, and the developer decides about it. */

const file = (path: string) => ({ files: [{ path, action: 'create' }] });
const three = plan(
  task({ ...file('src/a.ts') }),
  task({ id: 'T2', dependsOn: ['T1'], ...file('src/b.ts') }),
  task({ id: 'T3', ...file('src/c.ts') }),
);
const report = {
  summary: 'done',
  documentation: '',
  tests: [],
  evidence: [{ doneWhen: 'it greets', how: 'seen' }],
};

/** Three tasks, T2 after T1; `broken` says when a task's agent answers with nonsense. */
function begin(t: Parameters<typeof start>[0], broken: (taskId: string) => boolean) {
  const asked: string[] = [];
  const run = start(
    t,
    {
      planner: () => said(three),
      reviewer: () => said(review(10)),
      implementer: (_n, { prompt }) => {
        const taskId = readPrompt(prompt).taskId ?? '?';
        asked.push(taskId);
        if (broken(taskId)) throw new Error(`${taskId} cannot be done`);
        return said(report);
      },
    },
    {},
    { settings: { approvePlan: false, askQuestions: false, threshold: 0 } },
  );
  return { ...run, asked };
}

const states = ({ tasks }: RunView) => Object.values(tasks).map(({ state }) => state);

test('a failed task waits for the developer; the others are done meanwhile, what depends on it is not', async (t) => {
  const run = begin(t, (id) => id === 'T1');
  const view = await run.until(run.id, ({ status, openGates }) => status === 'waiting' && openGates.length === 1);
  assert.deepEqual(states(view), ['failed', 'pending', 'done']);
  assert.equal(view.openGates[0]?.kind, 'task-failed');
  assert.match(view.openGates[0]?.question ?? '', /T2 waits for it/);
  assert.throws(() => cancelTask(run.store, run.id, 'T1', 'developer'), { code: 'CONFLICT' });
  assert.throws(() => retryTask(run.store, run.id, 'T3', 'developer'), { code: 'CONFLICT' });
});

test('tried again, it goes on as if nothing had been, also after a reload in between', async (t) => {
  let broken = true;
  const run = begin(t, (id) => broken && id === 'T1');
  await run.until(run.id, ({ status, openGates }) => status === 'waiting' && openGates.length === 1);
  await run.runner.stop();
  const before = run.asked.length;
  const { done } = run.runner.resume(run.id);
  broken = false;
  retryTask(run.store, run.id, 'T1', 'developer');
  await done;
  assert.deepEqual(states(run.view(run.id)), ['done', 'done', 'done']);
  assert.deepEqual(run.asked.slice(before), ['T1', 'T2'], 'T3 is not paid twice');
  assert.equal(run.view(run.id).status, 'completed');
});

test('left out, the run completes without it and what depends on it', async (t) => {
  const run = begin(t, (id) => id === 'T1');
  await run.until(run.id, ({ openGates }) => openGates.length === 1);
  skipTask(run.store, run.id, 'T1', 'developer');
  await run.done;
  const view = run.view(run.id);
  assert.deepEqual(states(view), ['skipped', 'skipped', 'done']);
  assert.equal(view.status, 'completed');
  assert.equal(view.output?.implementation, 'T3 Greet: done');
});

test('stopped there, the run ends at once, and resumed it asks about the task again', async (t) => {
  const run = begin(t, (id) => id === 'T1');
  const view = await run.until(run.id, ({ openGates }) => openGates.length === 1);
  run.runner.decide(run.id, view.openGates[0]?.id ?? '', { choice: 'stop', by: 'developer' });
  await run.done;
  assert.equal(run.store.getRun(run.id)?.status, 'cancelled');
});

test('a task that has not begun can be cancelled, and another process hears of it', async (t) => {
  const run = begin(t, (id) => id === 'T1');
  await run.until(run.id, ({ openGates }) => openGates.length === 1);
  cancelTask(run.store, run.id, 'T2', 'developer');
  const view = await run.until(run.id, ({ openGates }) => openGates.length === 2);
  assert.deepEqual(states(view), ['failed', 'cancelled', 'done']);
  await run.runner.stop();
  const { done } = run.runner.resume(run.id);
  skipTask(run.store, run.id, 'T2', 'developer');
  skipTask(run.store, run.id, 'T1', 'developer');
  await done;
  assert.deepEqual(states(run.view(run.id)), ['skipped', 'skipped', 'done']);
});

test('a task at work can be cancelled: its model call ends, the others go on, and tried again it is done', async (t) => {
  let answers = false;
  let aborted = 0;
  const model = scriptedModel(() => said(report));
  const implementer: LanguageModelV4 = {
    ...model,
    doStream: (options) => {
      if (answers || readPrompt(options.prompt).taskId !== 'T1') return model.doStream(options);
      return new Promise((_resolve, reject) => {
        options.abortSignal?.addEventListener('abort', () => {
          aborted += 1;
          reject(options.abortSignal?.reason);
        });
      });
    },
  };
  const agents = { planner: () => said(three), reviewer: () => said(review(10)) };
  const settings = { approvePlan: false, askQuestions: false, threshold: 0 };
  const run = start(t, agents, {}, { settings, implementer });
  await run.until(run.id, ({ tasks }) => tasks.T3?.state === 'done' && tasks.T1?.state === 'running');
  cancelTask(run.store, run.id, 'T1', 'developer');
  const view = await run.until(run.id, ({ openGates }) => openGates.length === 1);
  assert.deepEqual(states(view), ['cancelled', 'pending', 'done']);
  assert.equal(aborted, 1);
  answers = true;
  retryTask(run.store, run.id, 'T1', 'developer');
  await run.done;
  assert.deepEqual(states(run.view(run.id)), ['done', 'done', 'done']);
  assert.throws(() => cancelTask(run.store, run.id, 'T1', 'developer'), { code: 'CONFLICT', message: /done/ });
});

test('a wrong key is no task’s own fault: the run fails at once, and goes on once it is mended', async (t) => {
  let key = 'wrong';
  const model = scriptedModel(() => said(report));
  const implementer: LanguageModelV4 = {
    ...model,
    doStream: (options) => {
      if (key === 'wrong') throw new PlanwrightError('BAD_KEY', 'The key was refused.');
      return model.doStream(options);
    },
  };
  const agents = { planner: () => said(three), reviewer: () => said(review(10)) };
  const settings = { approvePlan: false, askQuestions: false, threshold: 0 };
  const run = start(t, agents, {}, { settings, implementer });
  await run.done;
  assert.equal(run.view(run.id).error?.code, 'BAD_KEY');
  assert.deepEqual(run.view(run.id).openGates, []);
  key = 'right';
  await run.runner.resume(run.id).done;
  assert.equal(run.view(run.id).status, 'completed');
});

/** One task that proposes two files; `fails` says whether proposing the second one does. */
function proposing(t: Parameters<typeof start>[0], fails: () => boolean) {
  const prompts: string[] = [];
  const write = (path: string, content: string) =>
    callTool('write_file', { path, content, requirements: ['R1'], why: 'because' });
  const run = start(
    t,
    {
      planner: () => said(plan(task({ ...file('src/a.ts') }))),
      reviewer: () => said(review(10)),
      implementer: (_n, { prompt }) => {
        const { turn } = readPrompt(prompt);
        if (turn === 0) prompts.push(readPrompt(prompt).userText);
        const nth = `// try ${prompts.length}\n`;
        return [write('src/a.ts', nth), write('src/b.ts', nth), said(report)][turn] ?? said({});
      },
    },
    {},
    {
      settings: { approvePlan: false, askQuestions: false, threshold: 0 },
      wrapWorkspace: (workspace) => {
        const read = workspace.read.bind(workspace);
        workspace.read = async (path) => {
          const isProposed = run.book.list(run.id, 1).some((state) => state.path === path);
          if (path === 'src/b.ts' && isProposed && fails()) throw new PlanwrightError('BINARY', 'src/b.ts is no text.');
          return read(path);
        };
        return workspace;
      },
    },
  );
  return { ...run, prompts };
}

test('a try that fails while it proposes leaves nothing to decide, and the next one has proposals of its own', async (t) => {
  let broken = true;
  const run = proposing(t, () => broken);
  const view = await run.until(run.id, ({ openGates }) => openGates.length === 1);
  assert.equal(view.pendingHunks, 0);
  assert.deepEqual(
    view.proposals.map(({ id, hunks }) => [id, hunks.map(({ decision }) => decision)]),
    [
      ['T1-1', ['superseded']],
      ['T1-2', ['superseded']],
    ],
  );
  const withdrawn = view.hunkDecisions.map(({ decision, by, reason }) => [decision, by, reason]);
  assert.ok(withdrawn.length >= 1);
  assert.deepEqual(withdrawn[0], ['superseded', 'planwright', 'T1 failed: src/b.ts is no text.']);

  broken = false;
  await run.runner.stop();
  run.runner.resume(run.id);
  retryTask(run.store, run.id, 'T1', 'developer');
  const again = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.deepEqual(
    run.book
      .list(run.id, 1)
      .filter(({ hunks }) => hunks.some(({ decision }) => decision === 'pending'))
      .map(({ id, path, text }) => [id, path, text]),
    [
      ['T1-t2-1', 'src/a.ts', '// try 2\n'],
      ['T1-t2-2', 'src/b.ts', '// try 2\n'],
    ],
  );
  assert.deepEqual(again.tasks.T1?.proposalIds, ['T1-t2-1', 'T1-t2-2']);
  assert.doesNotMatch(run.prompts[0] ?? '', /tried/);
  assert.match(run.prompts[1] ?? '', /tried once before.*src\/b\.ts is no text\./s);
});

test('what is withdrawn can be neither accepted nor revived, and left out the run completes without it', async (t) => {
  const run = proposing(t, () => true);
  const view = await run.until(run.id, ({ openGates }) => openGates.length === 1);
  const hunkId = view.proposals[0]?.hunks[0]?.id ?? '';
  await assert.rejects(run.book.undo(run.id, 1, 'T1-1', hunkId, 'developer'), { code: 'NOT_FOUND' });
  await assert.rejects(run.book.accept(run.id, 1, 'T1-1', hunkId, 'developer'), { code: 'NOT_FOUND' });
  skipTask(run.store, run.id, 'T1', 'developer');
  await run.done;
  assert.equal(run.view(run.id).status, 'completed');
  assert.equal(existsSync(join(run.folder, 'src/a.ts')), false);
});

test('why a task failed is told in bounds, however much there is', async () => {
  const failure = { name: 'npm test', reason: 'It fails.', output: `${'x'.repeat(100_000)} THE END` };
  const tries = Array.from({ length: 12 }, (_, index) => ({
    error: { message: `Error ${index + 1} ${'y'.repeat(5_000)}`, hint: 'Try harder.' },
    lacking: ['it greets'],
    failures: [failure, failure],
  }));
  const prompt = againPrompt('Task: T1', tries);
  assert.ok(prompt.length < 10_000, String(prompt.length));
  assert.ok(prompt.includes('tried 12 times'));
  assert.ok(prompt.includes('The last try ended so: Error 12'));
  assert.ok(prompt.includes('before that ended so: Error 9'));
  assert.ok(prompt.includes('THE END'));
  assert.ok(prompt.includes('it greets'));
  assert.equal(againPrompt('Task: T1', []), 'Task: T1');
  assert.match(againPrompt('Task: T1', [{ error: null, lacking: [], failures: [] }]), /the developer called it off/);
});
