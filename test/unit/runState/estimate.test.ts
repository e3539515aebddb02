import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/workflow/engine/events.ts';
import { durationHistory, estimateCompletion, median } from '../../../src/workflow/estimate.ts';
import { type RunView, replay } from '../../../src/workflow/runState.ts';
import type { Task } from '../../../src/workflow/schemas.ts';
import { plan as planOf, started, task as taskOf } from './events.ts';

/** A run whose events happen at the given times, in milliseconds. */
function viewOf(...events: readonly [at: number, event: RunEvent][]): RunView {
  const view = replay(events.map(([at, event], index) => ({ runId: 'r', attempt: 1, seq: index + 1, at, event })));
  assert.ok(view);
  return view;
}

const task = (id: string, size: Task['size'], dependsOn: string[] = []): Task => taskOf(id, dependsOn, { size });
const plan = (...tasks: Task[]): RunEvent => ({ type: 'plan.updated', round: 0, plan: planOf(...tasks) });
const begins = (phase: 'planning' | 'review' | 'refinement' | 'implementation'): RunEvent => ({
  type: 'phase.started',
  phase,
});
const ends = (phase: 'planning' | 'review' | 'refinement', skipped?: string): RunEvent => ({
  type: 'phase.completed',
  phase,
  nextPhase: 'review',
  ...(skipped ? { skipped } : {}),
});
const taskBegins = (taskId: string): RunEvent => ({ type: 'task.started', taskId });
const taskEnds = (taskId: string): RunEvent => ({ type: 'task.completed', taskId, summary: 's', proposalIds: [] });

const earlier = viewOf(
  [0, started],
  [0, begins('planning')],
  [100, ends('planning')],
  [100, begins('review')],
  [140, ends('review')],
  [140, ends('refinement', 'It was good.')],
  [150, plan(task('T1', 'S'), task('T2', 'L', ['T1']))],
  [150, begins('implementation')],
  [150, taskBegins('T1')],
  [200, taskEnds('T1')],
  [200, taskBegins('T2')],
  [400, taskEnds('T2')],
);
const history = durationHistory([earlier]);

test('collects what phases and tasks took', () => {
  assert.deepEqual(history, {
    phases: { planning: [100], review: [40], refinement: [0] },
    tasks: { S: [50], M: [], L: [200] },
    implementations: [250],
  });
});

test('says nothing while there is no ground for it', () => {
  const fresh = viewOf([0, started], [0, begins('planning')]);
  assert.equal(estimateCompletion(fresh, durationHistory([]), 0, 3), null);
});

test('adds up what is left of the current phase and the later ones', () => {
  const planning = viewOf([1000, started], [1000, begins('planning')]);
  assert.equal(estimateCompletion(planning, history, 1030, 3), 1030 + 70 + 40 + 0 + 250);
  assert.equal(estimateCompletion(planning, history, 9000, 3), 9000 + 0 + 40 + 0 + 250, 'overdue is not negative');
});

test('lays the remaining tasks out in dependency order over the slots there are', () => {
  const events: [number, RunEvent][] = [
    [0, started],
    [0, ends('planning')],
    [0, ends('review')],
    [0, ends('refinement')],
    [0, plan(task('T1', 'S'), task('T2', 'S'), task('T3', 'L', ['T1']), task('T4', 'S'))],
    [0, begins('implementation')],
    [0, taskBegins('T1')],
  ];
  const view = viewOf(...events);
  // Two slots: T1 and T2 to 50, T3 after T1 to 250, T4 beside it.
  assert.equal(estimateCompletion(view, history, 0, 2), 250);
  // One slot: 50 + 50 + 50 + 200; T1 has run for 20 of its 50.
  assert.equal(estimateCompletion(view, history, 20, 1), 20 + 30 + 50 + 50 + 200);
  assert.equal(
    estimateCompletion(viewOf(...events, [50, taskEnds('T1')], [50, taskBegins('T3')]), history, 60, 2),
    60 + 190,
  );
});

test('does not guess how long a developer thinks', () => {
  const gate = {
    id: 'refinement/approval/approve-plan-1',
    kind: 'plan-approval',
    title: '',
    question: '',
    choices: [],
    defaultChoice: 'x',
  } as const;
  const waiting = viewOf([0, started], [0, begins('planning')], [5, { type: 'gate.opened', gate }]);
  assert.equal(estimateCompletion(waiting, history, 10, 3), null);
  const decided = viewOf(
    [0, started],
    [0, begins('refinement')],
    [5, { type: 'gate.decided', gateId: 'refinement/low-score-1', decision: { choice: 'proceed', by: 'x' } }],
    [9000, ends('refinement')],
  );
  assert.deepEqual(durationHistory([decided]).phases.refinement, []);
});

test('an approval once refinement is over does not make its time unknown', () => {
  const approved = viewOf(
    [0, started],
    [0, begins('refinement')],
    [70, ends('refinement')],
    [
      9000,
      { type: 'gate.decided', gateId: 'refinement/approval/approve-plan-1', decision: { choice: 'approve', by: 'x' } },
    ],
  );
  assert.deepEqual(durationHistory([approved]).phases.refinement, [70]);
});

test('takes the middle', () => {
  assert.deepEqual([median([]), median([3]), median([4, 2]), median([9, 1, 5])], [null, 3, 3, 5]);
});
