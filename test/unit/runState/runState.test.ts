import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunEvent } from '../../../src/workflow/engine/events.ts';
import { cacheHitRate, type RunView, reduce, reduceAll, replay, statusOf } from '../../../src/workflow/runState.ts';
import type { Output, Review, Task } from '../../../src/workflow/schemas.ts';
import { gate, hunk, type LogEntry, log, phaseStarted, plan, proposal, started, task } from './events.ts';

function viewOf(...entries: readonly LogEntry[]): RunView {
  const view = replay(log(...entries));
  assert.ok(view);
  return view;
}

const output: Output = {
  implementation: 'done',
  documentation: '',
  tests: [],
  metrics: { planScore: 90, implementationTime: 1, testCoverage: null },
};

const usage = (agent: 'planner' | 'reviewer', inputTokens: number): Extract<RunEvent, { type: 'usage' }> => ({
  type: 'usage',
  agent,
  model: 'demo',
  inputTokens,
  cachedInputTokens: 1,
  outputTokens: 2,
  durationMs: 30,
});

const review = (score: number): Review => ({
  criteria: [],
  findings: [],
  score,
  arithmetic: '',
  threshold: 80,
  verdict: score >= 80 ? 'pass' : 'refine',
});

const opened = (id: string, kind: 'plan-approval' | 'low-score' | 'proposal', proposalId?: string): RunEvent => ({
  type: 'gate.opened',
  gate: gate(id, kind, proposalId),
});

const decided = (gateId: string, choice = 'yes'): RunEvent => ({
  type: 'gate.decided',
  gateId,
  decision: { choice, by: 'developer' },
});

const planUpdated = (...tasks: readonly Task[]): RunEvent => ({ type: 'plan.updated', plan: plan(...tasks), round: 0 });

const taskDone = (taskId: string, ...proposalIds: string[]): RunEvent => ({
  type: 'task.completed',
  taskId,
  summary: 'made it',
  proposalIds,
});

describe('status of a run', () => {
  it('is queued until the first phase starts', () => {
    assert.equal(viewOf(started).status, 'queued');
    assert.equal(viewOf(started, phaseStarted('planning')).status, 'in_progress');
  });

  it('waits while a gate that is not a proposal’s is open, and goes on when it is decided', () => {
    const waiting = [started, phaseStarted('refinement'), opened('g', 'plan-approval')] as const;
    assert.equal(viewOf(...waiting).status, 'waiting');
    const view = viewOf(...waiting, decided('g'));
    assert.equal(view.status, 'in_progress');
    assert.deepEqual(view.openGates, []);
    assert.deepEqual(view.decisions, [{ gateId: 'g', decision: { choice: 'yes', by: 'developer' }, at: 4000 }]);
  });

  const implementing: readonly RunEvent[] = [
    started,
    planUpdated(task('T1'), task('T2')),
    phaseStarted('implementation'),
    { type: 'task.started', taskId: 'T1' },
    { type: 'proposal.created', proposal: proposal('T1-1', 'T1', [hunk('h1')]) },
    taskDone('T1', 'T1-1'),
    opened('p', 'proposal', 'T1-1'),
  ];

  it('does not wait for hunks while a task can still run', () => {
    assert.equal(viewOf(...implementing).status, 'in_progress');
  });

  it('waits when all tasks are done and hunks are pending', () => {
    const view = viewOf(...implementing, taskDone('T2'));
    assert.equal(view.status, 'waiting');
    assert.equal(view.pendingHunks, 1);
  });

  it('waits for hunks when what is left depends on a task that failed', () => {
    const failed: RunEvent = { type: 'task.failed', taskId: 'T2', error: { code: 'INTERNAL', message: 'no' } };
    const tasks = planUpdated(task('T1'), task('T2'), task('T3', ['T2']), task('T4', ['T3']));
    assert.equal(viewOf(...implementing, tasks, failed).status, 'waiting');
  });

  it('survives a plan whose tasks depend on one another in a circle', () => {
    const tasks = planUpdated(task('T1'), task('T2', ['T3']), task('T3', ['T2']));
    assert.equal(viewOf(...implementing, tasks).status, 'in_progress');
  });

  it('does not wait while an agent makes a change that was asked for', () => {
    const asked = [...implementing, taskDone('T2'), decided('p', 'change')];
    assert.equal(viewOf(...asked).status, 'in_progress');
    assert.equal(viewOf(...asked, opened('p2', 'proposal', 'T1-1')).status, 'waiting');
  });

  it('stays failed, cancelled or completed whatever comes after, until it is resumed', () => {
    const failed: RunEvent = { type: 'workflow.failed', error: { code: 'QUOTA', message: 'no more' } };
    const view = viewOf(started, phaseStarted('planning'), failed, usage('planner', 1));
    assert.equal(view.status, 'failed');
    assert.equal(view.phases.planning.state, 'failed');
    assert.equal(view.error?.code, 'QUOTA');
    assert.equal(view.endedAt, 3000);
    const resumed = viewOf(started, phaseStarted('planning'), failed, { type: 'workflow.resumed' });
    assert.equal(resumed.status, 'in_progress');
    assert.deepEqual(resumed.phases.planning, { state: 'active', startedAt: 2000 });
    assert.equal(resumed.error, null);
    assert.equal(resumed.endedAt, null);
    assert.equal(viewOf(started, { type: 'workflow.cancelled' }, opened('g', 'low-score')).status, 'cancelled');
  });

  it('is what the API answers', () => {
    const view = viewOf(started, phaseStarted('planning'));
    assert.deepEqual(statusOf(view, null), {
      id: 'run-1',
      status: 'in_progress',
      currentPhase: 'planning',
      progress: 0,
      estimatedCompletion: null,
    });
  });
});

describe('attempts', () => {
  it('start over with the same input when the run is restarted', () => {
    const view = viewOf(started, phaseStarted('planning'), planUpdated(task('T1')), usage('planner', 5), {
      attempt: 2,
      event: { type: 'workflow.restarted', from: 'review', sourceAttempt: 1 },
    });
    assert.equal(view.attempt, 2);
    assert.equal(view.startedAt, 1000);
    assert.equal(view.input.request, 'Add slugs');
    assert.equal(view.model, 'demo');
    assert.equal(view.plan, null);
    assert.deepEqual(view.tasks, {});
    assert.equal(view.usage.calls, 0);
    assert.equal(view.status, 'queued');
  });

  it('ignore what an earlier attempt still says', () => {
    const view = viewOf(
      started,
      { attempt: 2, event: phaseStarted('review') },
      { attempt: 1, event: usage('planner', 5) },
    );
    assert.equal(view.currentPhase, 'review');
    assert.equal(view.usage.calls, 0);
  });

  it('count an event once that is delivered twice', () => {
    const events = log(started, usage('planner', 5));
    assert.equal(replay([...events, ...events])?.usage.calls, 1);
  });
});

describe('plan, reviews and rounds', () => {
  it('keep every round and know which plan counts', () => {
    const view = viewOf(
      started,
      planUpdated(task('T1')),
      { type: 'review.completed', review: review(70), round: 0 },
      { type: 'plan.updated', plan: plan(task('T1'), task('T2')), round: 1 },
      { type: 'review.completed', review: review(65), round: 1 },
      planUpdated(task('T1')),
    );
    assert.deepEqual(
      view.plans.map(({ round }) => round),
      [0, 1],
    );
    assert.deepEqual(
      view.reviews.map((entry) => entry.review.score),
      [70, 65],
    );
    assert.equal(view.planRound, 0);
    assert.deepEqual(Object.keys(view.tasks), ['T1']);
  });

  it('say why a phase was skipped, until the developer sends the plan back', () => {
    const skipped: RunEvent = {
      type: 'phase.completed',
      phase: 'refinement',
      score: 85,
      skipped: 'good enough',
      nextPhase: 'implementation',
    };
    assert.deepEqual(viewOf(started, skipped).phases.refinement, {
      state: 'skipped',
      endedAt: 2000,
      score: 85,
      skipped: 'good enough',
    });
    const refinement = { round: 1, addressed: [], declined: [], scoreBefore: 85, scoreAfter: 91 };
    const reopened = viewOf(started, skipped, { type: 'refinement.completed', refinement }).phases.refinement;
    assert.deepEqual(reopened, { state: 'done', endedAt: 3000, score: 91 });
  });
});

describe('tasks and proposals', () => {
  it('keep the latest version of a proposal in its first place', () => {
    const view = viewOf(
      started,
      { type: 'proposal.created', proposal: proposal('A', 'T1', [hunk('h1')]) },
      { type: 'proposal.created', proposal: proposal('B', 'T1', [hunk('h1')]) },
      { type: 'proposal.updated', proposal: proposal('A', 'T1', [hunk('h1'), hunk('h2')], 3), because: 'revised' },
      { type: 'proposal.updated', proposal: proposal('A', 'T1', [], 2), because: 'rebased' },
    );
    assert.deepEqual(
      view.proposals.map(({ id, version }) => [id, version]),
      [
        ['A', 3],
        ['B', 1],
      ],
    );
    assert.equal(view.pendingHunks, 3);
  });

  it('count a hunk as decided once it is', () => {
    const view = viewOf(
      started,
      { type: 'proposal.created', proposal: proposal('A', 'T1', [hunk('h1'), hunk('h2')]) },
      { type: 'hunk.decided', proposalId: 'A', hunkId: 'h2', decision: 'rejected', by: 'developer' },
      { type: 'hunk.decided', proposalId: 'gone', hunkId: 'h2', decision: 'rejected', by: 'developer' },
    );
    assert.deepEqual(
      view.proposals[0]?.hunks.map(({ decision }) => decision),
      ['pending', 'rejected'],
    );
    assert.equal(view.pendingHunks, 1);
  });

  it('show a change that failed until the proposal is revised', () => {
    const before: LogEntry[] = [
      started,
      { type: 'proposal.created', proposal: proposal('A', 'T1', [hunk('h1')]) },
      { type: 'change.failed', proposalId: 'A', hunkId: 'h1', error: { code: 'TIMEOUT', message: 'late' } },
    ];
    assert.equal(viewOf(...before).failedChanges[0]?.error.message, 'late');
    const revised = viewOf(...before, {
      type: 'proposal.updated',
      proposal: proposal('A', 'T1', [hunk('h1')], 2),
      because: 'revised',
    });
    assert.deepEqual(revised.failedChanges, []);
  });

  it('stop with the run and go on with it, without another start', () => {
    const running: LogEntry[] = [
      started,
      planUpdated(task('T1'), task('T2')),
      phaseStarted('implementation'),
      { type: 'task.started', taskId: 'T1' },
    ];
    const states = (view: RunView) => Object.values(view.tasks).map(({ state }) => state);
    assert.deepEqual(states(viewOf(...running)), ['running', 'pending']);
    assert.deepEqual(states(viewOf(...running, { type: 'workflow.cancelled' })), ['pending', 'pending']);
    assert.deepEqual(states(viewOf(...running, { type: 'workflow.cancelled' }, { type: 'workflow.resumed' })), [
      'running',
      'pending',
    ]);
  });

  it('show a task that fails again after a resume as failed', () => {
    const failed: RunEvent = { type: 'task.failed', taskId: 'T1', error: { code: 'NONSENSE', message: 'what' } };
    const ended: RunEvent = { type: 'workflow.failed', error: { code: 'NONSENSE', message: 'what' } };
    const view = viewOf(
      started,
      planUpdated(task('T1')),
      { type: 'task.started', taskId: 'T1' },
      failed,
      ended,
      { type: 'workflow.resumed' },
      ended,
    );
    assert.equal(view.tasks.T1?.state, 'failed');
  });
});

describe('progress', () => {
  const over = (phase: 'planning' | 'review' | 'refinement'): RunEvent => ({
    type: 'phase.completed',
    phase,
    nextPhase: null,
  });
  const approved: LogEntry[] = [
    started,
    planUpdated(task('T1'), task('T2')),
    over('planning'),
    over('review'),
    over('refinement'),
  ];

  it('adds up the phases that are over', () => {
    assert.equal(viewOf(started, over('planning')).progress, 15);
    assert.equal(viewOf(started, over('planning'), over('review')).progress, 25);
    assert.equal(viewOf(...approved).progress, 40);
  });

  it('gives each task its part, and its hunks three tenths of it', () => {
    const made: LogEntry[] = [
      ...approved,
      { type: 'proposal.created', proposal: proposal('A', 'T1', [hunk('h1'), hunk('h2')]) },
      taskDone('T1', 'A'),
    ];
    assert.equal(viewOf(...made).progress, 61); // 40 + 60 × ½ × 0.7
    const half: RunEvent = {
      type: 'hunk.decided',
      proposalId: 'A',
      hunkId: 'h1',
      decision: 'accepted',
      by: 'developer',
    };
    assert.equal(viewOf(...made, half).progress, 65); // 40 + 60 × ½ × 0.85, rounded down
    assert.equal(viewOf(...made, half, taskDone('T2')).progress, 95); // a task without edits has nothing to decide
  });

  it('reaches 100 with the end and not before', () => {
    assert.equal(viewOf(...approved, taskDone('T1'), taskDone('T2')).progress, 99);
    const view = viewOf(...approved, taskDone('T1'), taskDone('T2'), { type: 'workflow.completed', output });
    assert.equal(view.progress, 100);
    assert.equal(view.status, 'completed');
    assert.equal(view.currentPhase, null);
    assert.deepEqual(view.output, output);
  });
});

describe('what is counted and kept', () => {
  it('sums usage, in all and by agent', () => {
    const view = viewOf(started, usage('planner', 10), usage('reviewer', 20), usage('planner', 30));
    assert.deepEqual(view.usage, {
      inputTokens: 60,
      cachedInputTokens: 3,
      outputTokens: 6,
      reasoningTokens: 0,
      calls: 3,
      countedCalls: 0,
      modelMs: 90,
      cost: null,
    });
    assert.equal(view.usageByAgent.planner?.inputTokens, 40);
    assert.equal(view.usageByAgent.reviewer?.calls, 1);
    assert.equal(view.usageByAgent.refiner, undefined);
  });

  it('sums usage by model, reasoning and counted calls apart, and knows how much the caches answered', () => {
    const one = usage('planner', 10);
    const view = viewOf(
      started,
      { ...one, model: 'constructor', reasoningTokens: 2 },
      { ...one, model: '__proto__', counted: true },
      { ...one, model: 'constructor', cachedInputTokens: 9 },
    );
    assert.deepEqual(Object.keys(view.usageByModel), ['constructor', '__proto__']);
    assert.equal(Object.values(view.usageByModel)[0]?.inputTokens, 20);
    assert.deepEqual([view.usage.reasoningTokens, view.usage.countedCalls], [2, 1]);
    assert.equal(cacheHitRate(view.usage), 11 / 30);
    assert.equal(cacheHitRate(viewOf(started).usage), null);
  });

  it('knows what a run cost while every call had a price', () => {
    const priced = (cost: number): RunEvent => ({ ...usage('planner', 10), cost }) as RunEvent;
    assert.equal(viewOf(started, priced(0.25), priced(0.5)).usage.cost, 0.75);
    assert.equal(viewOf(started, priced(0.25), usage('planner', 1)).usage.cost, null);
  });

  it('keeps the last 200 activities and the last 20 retries', () => {
    const acts = Array.from(
      { length: 250 },
      (_, n): RunEvent => ({ type: 'agent.acted', agent: 'planner', tool: 'read_file', summary: `${n}` }),
    );
    const retries = Array.from(
      { length: 25 },
      (_, retry): RunEvent => ({
        type: 'retry',
        step: 's',
        retry,
        delayMs: 1,
        error: { code: 'TIMEOUT', message: '' },
      }),
    );
    const view = viewOf(started, ...acts, ...retries);
    assert.deepEqual([view.activity.length, view.activity[0]?.summary], [200, '50']);
    assert.deepEqual([view.retries.length, view.retries[0]?.retry], [20, 5]);
  });
});

describe('reducing', () => {
  const all = log(
    started,
    phaseStarted('planning'),
    planUpdated(task('T1')),
    usage('planner', 3),
    { type: 'phase.completed', phase: 'planning', nextPhase: 'review' },
    phaseStarted('implementation'),
    { type: 'task.started', taskId: 'T1' },
    { type: 'proposal.created', proposal: proposal('A', 'T1', [hunk('h1')]) },
    taskDone('T1', 'A'),
    { type: 'hunk.decided', proposalId: 'A', hunkId: 'h1', decision: 'accepted', by: 'developer' },
  );

  it('gives the same view one event at a time, in batches or at once', () => {
    const single = all.reduce<RunView | null>((view, event) => reduce(view, event), null);
    assert.deepEqual(single, replay(all));
    assert.deepEqual(reduceAll(reduceAll(null, all.slice(0, 4)), all.slice(4)), replay(all));
  });

  it('leaves earlier views as they were', () => {
    let view: RunView | null = null;
    const frozen: string[] = [];
    const views: RunView[] = [];
    for (const event of all) {
      view = reduce(view, event);
      views.push(view);
      frozen.push(JSON.stringify(view));
    }
    assert.deepEqual(
      views.map((each) => JSON.stringify(each)),
      frozen,
    );
  });

  it('skips events it does not know, as a newer version may write them', () => {
    const [first] = log(started);
    assert.ok(first);
    const strange = { ...first, seq: 2, event: { type: 'moon.landed' } as unknown as RunEvent };
    assert.equal(replay([first, strange])?.input.request, 'Add slugs');
  });

  it('has nothing to say about no events', () => {
    assert.equal(replay([]), null);
  });
});
