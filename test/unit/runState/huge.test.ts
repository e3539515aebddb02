import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { nothingYet, receive } from '../../../media/panelState.ts';
import type { Environment } from '../../../src/protocol.ts';
import type { RunEvent, StoredEvent } from '../../../src/workflow/engine/events.ts';
import { unpackView } from '../../../src/workflow/packedView.ts';
import { packView } from '../../../src/workflow/packView.ts';
import { type RunView, reduce, reduceAll, replay } from '../../../src/workflow/runState.ts';
import { hugeLog } from '../../states/hugeRun.ts';
import { log, phaseStarted, plan, started, task } from './events.ts';

/** A run of 1,000 tasks and 5,000 hunks. */
const huge = log(...hugeLog());
const decide = (n: number): RunEvent => ({
  type: 'hunk.decided',
  proposalId: `T${n}-1`,
  hunkId: `T${n}-h1`,
  decision: 'accepted',
  by: 'developer',
});
const environment: Environment = {
  model: 'demo',
  hasFolder: true,
  active: false,
  elsewhere: false,
  now: 0,
  completion: null,
  attempts: [1],
};

test('a view is what it was when it comes out of its bytes', async () => {
  const views = [
    replay(huge),
    replay(log(started)),
    replay(log(started, phaseStarted('planning'), { type: 'plan.updated', plan: plan(task('T1')), round: 0 })),
    replay(log(started, { attempt: 2, event: { type: 'workflow.restarted', from: 'review', sourceAttempt: 1 } })),
  ];
  for (const view of views) assert.deepEqual(await unpackView(packView(view as RunView)), view);
});

test('a plan that is none of the rounds is not lost on the way', async () => {
  const view: RunView = { ...(replay(huge) as RunView), plans: [] };
  assert.deepEqual((await unpackView(packView(view))).plan, view.plan);
});

test('bytes that are none of a view are refused', async () => {
  await assert.rejects(unpackView(Uint8Array.from([1, 2, 3])), TypeError);
  await assert.rejects(unpackView(packView(replay(huge) as RunView).slice(0, 1000)), TypeError);
});

test('opening a run of 1,000 tasks and 5,000 hunks takes one message of less than 400 kB, its plan in it once', () => {
  const view = replay(huge) as RunView;
  const bytes = packView(view);
  assert.ok(bytes.byteLength < 400_000, `${bytes.byteLength} bytes`);
  assert.equal(
    gunzipSync(bytes)
      .toString()
      .split(view.plan?.summary ?? '?').length - 1,
    1,
  );
});

test('a page that opens late and follows shows what one shows that saw every event', () => {
  const more = [...huge, ...log(...Array.from({ length: 40 }, (_, n) => decide(n * 7 + 1)))].map(
    (stored, index): StoredEvent => ({ ...stored, seq: index + 1 }),
  );
  const runId = 'run-1';
  const opened = receive(nothingYet, [{ type: 'show', runId, view: replay(huge), environment }], 0);
  const followed = receive(opened, [{ type: 'events', events: more.slice(huge.length - 5) }], 0);
  assert.deepEqual(followed.view, replay(more));
  const leapt = receive(opened, [{ type: 'view', view: replay(more) as RunView }], 0);
  assert.deepEqual(leapt.view, replay(more));
});

test('what one event does not touch stays the same object, so that no list is drawn anew for it', () => {
  const before = replay(huge) as RunView;
  const [stored] = log(decide(500));
  assert.ok(stored);
  const after = reduce(before, { ...stored, seq: before.seq + 1 });
  assert.equal(after.plan, before.plan);
  assert.equal(after.tasks, before.tasks);
  assert.equal(after.activity, before.activity);
  const changed = after.proposals.filter((proposal, index) => proposal !== before.proposals[index]);
  assert.deepEqual(
    changed.map(({ id }) => id),
    ['T500-1'],
  );
});

test('a batch of events leaves the view before it as it was', () => {
  const half = huge.slice(0, 3000);
  const before = replay(half);
  const kept = structuredClone(before);
  const after = reduceAll(before, huge.slice(3000));
  assert.deepEqual(before, kept);
  assert.deepEqual(after, replay(huge));
});
