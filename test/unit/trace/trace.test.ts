import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CheckResult, HunkSummary, RunEvent } from '../../../src/workflow/engine/events.ts';
import { replay } from '../../../src/workflow/runState.ts';
import { hunkDecisions, type Plan } from '../../../src/workflow/schemas.ts';
import { traceOf } from '../../../src/workflow/trace/trace.ts';
import { type Trace, traceSchema } from '../../../src/workflow/trace/traceSchema.ts';
import { hunk, log, plan, proposal, started, task } from '../runState/events.ts';

const requirements = (...ids: string[]): Plan['requirements'] =>
  ids.map((id) => ({ id, text: `What ${id} wants`, source: 'given' }));

/** The trace of a run with this plan in which that happened. */
function traced(of: Plan, ...events: RunEvent[]): Trace {
  const view = replay(log(started, { type: 'plan.updated', plan: of, round: 0 }, ...events));
  const trace = view && traceOf(view);
  assert.ok(trace);
  return traceSchema.parse(trace);
}

const made = (...hunks: HunkSummary[]): RunEvent => ({
  type: 'proposal.created',
  proposal: proposal('T1-1', 'T1', hunks),
});
const done: RunEvent = { type: 'task.completed', taskId: 'T1', summary: 'Did it.', proposalIds: ['T1-1'] };
const decided = (hunkId: string, decision: 'accepted' | 'rejected' | 'pending', reason?: string): RunEvent => ({
  type: 'hunk.decided',
  proposalId: 'T1-1',
  hunkId,
  decision,
  by: 'developer',
  ...(reason === undefined ? {} : { reason }),
});
const result = (verdict: CheckResult['verdict'], name = 'npm test'): CheckResult => ({
  name,
  kind: 'test',
  outcome: verdict === 'new failure' ? 'failed' : 'passed',
  verdict,
  reason: verdict === 'passes' ? 'It passes.' : 'It fails with the proposals; it passed before.',
  newFailures: [],
  durationMs: 1200,
  output: '',
});
const checked = (round: number, ...results: CheckResult[]): RunEvent => ({
  type: 'check.completed',
  taskId: 'T1',
  round,
  results,
});

const simple = plan(task('T1'));
const outcome = (...events: RunEvent[]) => {
  const [first] = traced(simple, ...events).requirements;
  return [first?.state, first?.why];
};

test('a requirement is open until something is accepted for it, and says what it waits for', () => {
  assert.deepEqual(outcome(), ['open', 'T1 is not done.']);
  assert.deepEqual(outcome(made(hunk('a'), hunk('b')), done), [
    'open',
    'Nothing is accepted yet: 2 edits wait for a decision.',
  ]);
  assert.deepEqual(outcome(made(hunk('a')), done, decided('a', 'rejected')), [
    'open',
    '1 edit was proposed for it and rejected.',
  ]);
  assert.deepEqual(outcome(done), ['open', 'T1 proposed no edit for it.']);
  const failed: RunEvent = { type: 'task.failed', taskId: 'T1', error: { code: 'TIMEOUT', message: 'Too slow.' } };
  assert.deepEqual(outcome(failed), ['open', 'T1 failed.']);
  const unserved = traced(plan(task('T1', [], { requirements: [] })));
  assert.equal(unserved.requirements[0]?.why, 'No task serves it.');
});

test('a requirement is met only when all of it is accepted and checks pass over it', () => {
  const all = [made(hunk('a'), hunk('b')), done, decided('a', 'accepted'), decided('b', 'accepted')];
  assert.deepEqual(outcome(...all), ['unchecked', 'No check ran over T1.']);
  assert.deepEqual(outcome({ type: 'check.skipped', taskId: 'T1', reason: 'No check is allowed.' }, ...all), [
    'unchecked',
    'No check ran over T1. No check is allowed.',
  ]);
  assert.deepEqual(outcome(checked(1, result('passes')), ...all), [
    'met',
    '2 edits are accepted and checks pass over them.',
  ]);
  assert.deepEqual(outcome(checked(1, result('already failing')), ...all)[0], 'unchecked');
  assert.deepEqual(outcome(checked(1, result('new failure')), ...all), [
    'partly',
    '“npm test” fails with the edits of T1 and did not before.',
  ]);
});

test('a hunk that is rejected or undecided leaves its requirement met in part', () => {
  const start = [made(hunk('a'), hunk('b')), done, checked(1, result('passes')), decided('a', 'accepted')];
  assert.deepEqual(outcome(...start), ['partly', '1 of 2 edits waits for a decision.']);
  assert.deepEqual(outcome(...start, decided('b', 'rejected', 'Too clever.')), [
    'partly',
    '1 of 2 edits was rejected.',
  ]);
  assert.deepEqual(outcome(...start, decided('b', 'accepted'))[0], 'met');
});

test('the last round of a task’s checks counts, and tells what the rounds before said', () => {
  const trace = traced(simple, checked(1, result('new failure')), checked(2, result('passes')), made(hunk('a')), done);
  assert.equal(trace.checks.length, 1);
  assert.deepEqual(
    [trace.checks[0]?.round, trace.checks[0]?.verdict, trace.checks[0]?.earlier.map(({ verdict }) => verdict)],
    [2, 'passes', ['new failure']],
  );
});

test('what a check said of edits that were rewritten since does not count', () => {
  const rewritten: RunEvent = {
    type: 'proposal.updated',
    proposal: proposal('T1-1', 'T1', [hunk('a')], 2),
    because: 'edited',
  };
  const before = [made(hunk('a')), done, checked(1, result('passes'))];
  assert.deepEqual(outcome(...before, rewritten, decided('a', 'accepted')), [
    'unchecked',
    'The edits of T1 were changed after they were checked.',
  ]);
  assert.deepEqual(outcome(...before, rewritten, checked(2, result('passes')), decided('a', 'accepted'))[0], 'met');
});

test('a check of all edits together speaks for every task', () => {
  const all: RunEvent = { type: 'check.completed', round: 1, results: [result('passes', 'npm run lint')] };
  assert.equal(outcome(made(hunk('a')), done, decided('a', 'accepted'), all)[0], 'met');
  const failing: RunEvent = { ...all, results: [result('new failure', 'npm run lint')] };
  assert.deepEqual(outcome(made(hunk('a')), done, decided('a', 'accepted'), failing), [
    'partly',
    '“npm run lint” fails with the edits of all tasks together and did not before.',
  ]);
});

test('what all edits together came to later takes the place of what one task’s check said', () => {
  const accepted = [made(hunk('a')), done, checked(1, result('new failure')), decided('a', 'accepted')];
  const closing = (verdict: CheckResult['verdict'], name?: string): RunEvent => ({
    type: 'check.completed',
    round: 1,
    results: [result(verdict, name)],
  });
  assert.equal(outcome(...accepted, closing('passes'))[0], 'met');
  assert.equal(outcome(...accepted, closing('passes', 'npm run lint'))[0], 'partly');
  assert.equal(outcome(closing('passes'), ...accepted)[0], 'partly');
});

test('the developer’s words stand beside the decision, and go when it is taken back', () => {
  const rejected = traced(simple, made(hunk('a')), decided('a', 'rejected', 'Too clever.'));
  assert.deepEqual([rejected.hunks[0]?.by, rejected.hunks[0]?.reason], ['developer', 'Too clever.']);
  const back = traced(simple, made(hunk('a')), decided('a', 'rejected', 'Too clever.'), decided('a', 'pending'));
  assert.deepEqual([back.hunks[0]?.by, back.hunks[0]?.reason], [null, null]);
});

test('a task’s tests are the files the plan names, those it proposes and those that were tried', () => {
  const of = plan(
    task('T1', [], {
      files: [
        { path: 'src/slug.ts', action: 'modify' },
        { path: 'test/slug.test.ts', action: 'create' },
      ],
      tests: ['folds accents'],
    }),
  );
  const added: RunEvent = {
    type: 'proposal.created',
    proposal: { ...proposal('T1-2', 'T1', [hunk('b')]), path: 'test/more.test.ts', action: 'create' },
  };
  const proved: RunEvent = {
    type: 'tests.proved',
    taskId: 'T1',
    proofs: [{ path: 'test/more.test.ts', verdict: 'vacuous', reason: 'They pass without it.' }],
  };
  const trace = traced(of, added, proved);
  assert.deepEqual(
    trace.tests.map(({ path, proposalId, proof }) => [path, proposalId, proof?.verdict]),
    [
      ['test/slug.test.ts', null, undefined],
      ['test/more.test.ts', 'T1-2', 'vacuous'],
    ],
  );
  assert.deepEqual(
    trace.requirements[0]?.testIds,
    trace.tests.map(({ id }) => id),
  );
  assert.deepEqual(trace.tasks[0]?.plannedTests, ['folds accents']);
});

/** Plans of up to five requirements and four tasks, with proposals whose hunks name any of them, or none, or others. */
const runs = fc
  .record({
    wanted: fc.integer({ min: 1, max: 5 }),
    tasks: fc.array(fc.subarray(['R1', 'R2', 'R3', 'R4', 'R5']), { minLength: 1, maxLength: 4 }),
    proposals: fc.array(
      fc.record({
        task: fc.nat(3),
        hunks: fc.array(
          fc.record({
            names: fc.array(fc.constantFrom('R1', 'R2', 'R3', 'R4', 'R5', 'R99', '__proto__'), { maxLength: 4 }),
            decision: fc.constantFrom(...hunkDecisions),
          }),
          { maxLength: 5 },
        ),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ wanted, tasks, proposals }) => {
    const ids = Array.from({ length: wanted }, (_, index) => `R${index + 1}`);
    const of: Plan = {
      ...plan(...tasks.map((serves, index) => task(`T${index + 1}`, [], { requirements: serves }))),
      requirements: requirements(...ids),
    };
    const events = proposals.map((each, index): RunEvent => {
      const id = `T${(each.task % tasks.length) + 1}`;
      const hunks = each.hunks.map(({ names, decision }, at) => ({
        ...hunk(`p${index}.${at}`, decision),
        requirementIds: names,
      }));
      return { type: 'proposal.created', proposal: proposal(`p${index}`, id, hunks) };
    });
    return { of, ids, events, hunks: events.flatMap((e) => (e.type === 'proposal.created' ? e.proposal.hunks : [])) };
  });

test('every hunk is once under each requirement it names, and with those that serve none when it names none', () => {
  fc.assert(
    fc.property(runs, ({ of, ids, events, hunks }) => {
      const trace = traced(of, ...events);
      const standing = hunks.filter(({ decision }) => decision !== 'superseded');
      assert.deepEqual(
        trace.hunks.map(({ id }) => id),
        standing.map(({ id }) => id),
      );
      for (const { id, requirementIds } of standing) {
        for (const requirement of trace.requirements) {
          const times = requirement.hunkIds.filter((other) => other === id).length;
          assert.equal(times, requirementIds.includes(requirement.id) ? 1 : 0);
        }
        const serves = requirementIds.some((named) => ids.includes(named));
        assert.equal(trace.unservingHunkIds.filter((other) => other === id).length, serves ? 0 : 1);
      }
      for (const { hunkIds, counts, state } of trace.requirements) {
        assert.equal(counts.accepted + counts.rejected + counts.pending, hunkIds.length);
        assert.equal(state === 'open', counts.accepted === 0);
      }
    }),
  );
});

test('everything a requirement names is in the trace, once', () => {
  fc.assert(
    fc.property(runs, ({ of, events }) => {
      const trace = traced(of, ...events);
      for (const [own, all] of [
        ['taskIds', trace.tasks],
        ['hunkIds', trace.hunks],
        ['testIds', trace.tests],
        ['checkIds', trace.checks],
      ] as const) {
        const known = new Set(all.map(({ id }) => id));
        assert.equal(known.size, all.length);
        for (const requirement of trace.requirements) {
          assert.equal(new Set(requirement[own]).size, requirement[own].length);
          for (const id of requirement[own]) assert.ok(known.has(id), `${own}: ${id}`);
        }
      }
    }),
  );
});
