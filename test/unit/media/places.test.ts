import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../../media/edits/editRows.ts';
import { checkLook } from '../../../media/work/checkLook.ts';
import { agentSteps } from '../../../media/work/steps.ts';
import type { CheckResult } from '../../../src/workflow/engine/events.ts';
import type { CheckRound } from '../../../src/workflow/runState.ts';
import { replay } from '../../../src/workflow/runState.ts';
import { hunk, log, phaseStarted, plan, proposal, started, task } from '../runState/events.ts';

const edits = [
  { ...proposal('T10-1', 'T10', [hunk('a')]), path: 'src/b.ts' },
  { ...proposal('T2-1', 'T2', [hunk('b', 'accepted')]), path: 'src/b.ts' },
  { ...proposal('T2-2', 'T2', [hunk('c')]), path: 'README.md' },
];
const keys = (by: 'task' | 'file') => rowsOf(edits, by).map(({ key }) => key);

test('edits stand by task in number order, or by folder and file', () => {
  assert.deepEqual(keys('task'), ['group T2', 'T2-2', 'T2-1', 'group T10', 'T10-1']);
  assert.deepEqual(keys('file'), ['group ./', 'T2-2', 'group src/', 'T10-1', 'T2-1']);
  const [heading] = rowsOf(edits, 'task');
  assert.ok(heading?.kind === 'heading' && heading.several, 'two files, one of them pending');
});

test('what an agent is at is the last it did since its task began', () => {
  const view = replay(
    log(
      started,
      { type: 'plan.updated', plan: plan(task('T1'), task('T2')), round: 0 },
      phaseStarted('implementation'),
      { type: 'agent.acted', agent: 'implementer', taskId: 'T1', tool: 'read_file', summary: 'read before' },
      { type: 'task.started', taskId: 'T1' },
      { type: 'task.started', taskId: 'T2' },
      { type: 'agent.acted', agent: 'implementer', taskId: 'T2', tool: 'edit_file', summary: 'edited b' },
    ),
  )!;
  const steps = agentSteps(view, [
    { key: 'implementer T1', agent: 'implementer', taskId: 'T1', kind: 'text', text: 'So' },
  ]);
  assert.deepEqual(
    steps.map(({ taskId, since, last, writing }) => [taskId, since, last?.summary, writing?.text]),
    [
      ['T1', 5000, undefined, 'So'],
      ['T2', 6000, 'edited b', undefined],
    ],
  );
});

test('before the implementation it is the phase’s own agent', () => {
  const view = replay(log(started, phaseStarted('planning')))!;
  assert.deepEqual(
    agentSteps(view, []).map(({ agent, taskId }) => [agent, taskId]),
    [['planner', null]],
  );
});

test('checks are called good only where all were seen to pass', () => {
  const result = (verdict: CheckResult['verdict']) => ({ verdict }) as CheckResult;
  const look = (state: CheckRound['state'], ...verdicts: CheckResult['verdict'][]) => {
    const { tone, text } = checkLook({
      at: 0,
      taskId: 'T1',
      round: 1,
      state,
      names: [],
      results: verdicts.map(result),
      reason: 'none is allowed',
    });
    return `${tone}: ${text}`;
  };
  assert.equal(look('done', 'passes', 'mended'), 'good: 2 checks pass');
  assert.equal(look('done', 'passes', 'unknown'), 'warn: 1 of 2 checks pass');
  assert.equal(look('done', 'passes', 'new failure'), 'bad: 1 check fails');
  assert.equal(look('skipped'), 'quiet: none is allowed');
  assert.equal(look('running'), 'active: checking');
});
