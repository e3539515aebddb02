import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { demoChangeRequest } from '../../../src/models/demo/changeRequest.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import type { defaultWeights } from '../../../src/workflow/review/criteria.ts';
import { criterionIds } from '../../../src/workflow/schemas.ts';
import { copySample, runSampleTests } from '../demo/sampleCopy.ts';
import { type HarnessOptions, openHarness } from './harness.ts';

async function harness(t: TestContext, options: Partial<HarnessOptions> = {}) {
  const folder = await copySample(t);
  const opened = openHarness({ folder, database: join(folder, '..', `${Date.now()}-${Math.random()}.db`), ...options });
  t.after(() => opened.close());
  return { ...opened, folder };
}

const about = { model: 'demo', workspace: 'slugs' };
const approve = { choice: 'approve', by: 'test' };

test('the sample is planned, refined because it scores under 80, approved, implemented and reported', async (t) => {
  const { runner, book, until, view, folder, workspace } = await harness(t);
  const { id, done } = runner.start(sampleInput, about);
  const waiting = await until(id, ({ openGates }) => openGates.some(({ kind }) => kind === 'plan-approval'));
  assert.deepEqual(
    waiting.reviews.map(({ review }) => [review.score, review.verdict]),
    [
      [54.5, 'refine'],
      [88, 'pass'],
    ],
  );
  assert.equal(waiting.refinements.length, 1);
  runner.decide(id, waiting.openGates[0]?.id ?? '', approve);

  await until(
    id,
    (now) => Object.values(now.tasks).every(({ state }) => state === 'done') && Object.keys(now.tasks).length === 4,
  );
  const before = await workspace.read('src/slug.ts');
  const needless = book
    .latest(id)
    .flatMap(({ state }) =>
      state.hunks.filter(({ requirementIds }) => requirementIds.length === 0).map((hunk) => ({ state, hunk })),
    );
  assert.equal(needless.length, 1);
  for (const { state, hunk } of needless) await book.reject(id, 1, state.id, hunk.id, 'test');
  assert.equal((await workspace.read('src/slug.ts'))?.text, before?.text);
  for (const { state } of book.latest(id)) await book.acceptAll(id, 1, state.id, 'test');
  await done;

  const end = view(id);
  assert.equal(end.status, 'completed');
  assert.equal(end.output?.metrics.planScore, 88);
  assert.equal(end.output?.metrics.testCoverage, null);
  assert.ok((end.output?.tests.length ?? 0) > 0);
  assert.ok((end.output?.documentation.length ?? 0) > 0);
  assert.ok(end.usage.inputTokens > 0);
  const { passed, output } = await runSampleTests(folder);
  assert.ok(passed, output);
});

test('a weight decides whether the refined plan passes', async (t) => {
  // All weight on the one criterion that refining did not improve.
  const none = Object.fromEntries(criterionIds.map((id) => [id, 0])) as typeof defaultWeights;
  const { runner, until } = await harness(t, { settings: { weights: { ...none, riskAndSecurity: 100 } } });
  const { id } = runner.start(sampleInput, about);
  const view = await until(id, ({ openGates }) => openGates.length > 0);
  assert.deepEqual(
    view.reviews.map(({ review }) => [review.score, review.verdict]),
    [
      [70, 'refine'],
      [70, 'refine'],
    ],
  );
  assert.equal(view.openGates[0]?.kind, 'low-score');
});

test('a change asked for comes back in the hunk’s place', async (t) => {
  const { runner, book, until, store } = await harness(t);
  const { id } = runner.start(sampleInput, about);
  const waiting = await until(id, ({ openGates }) => openGates.length > 0);
  runner.decide(id, waiting.openGates[0]?.id ?? '', approve);
  await until(id, ({ openGates }) =>
    openGates.some(({ proposalId }) => proposalId?.startsWith(demoChangeRequest.taskId)),
  );
  const entry = book.latest(id).find(({ state }) => state.path === demoChangeRequest.path);
  const hunkId = entry?.state.hunks[0]?.id ?? '';
  const proposalId = entry?.state.id ?? '';
  const gate = await until(id, ({ openGates }) => openGates.some((open) => open.proposalId === proposalId));
  const gateId = gate.openGates.find((open) => open.proposalId === proposalId)?.id ?? '';
  assert.ok(
    runner.decide(id, gateId, { choice: 'change', note: demoChangeRequest.feedback, data: { hunkId }, by: 'test' }),
  );
  await until(id, ({ openGates }) => openGates.some((open) => open.proposalId === proposalId && open.id !== gateId));
  const revised = book.find(id, 1, proposalId);
  assert.notEqual(revised?.text, entry?.state.text);
  assert.equal(revised?.hunks[0]?.id, hunkId);
  assert.equal(revised?.hunks[0]?.decision, 'pending');
  assert.equal(revised?.hunks[0]?.feedback, demoChangeRequest.feedback);
  assert.equal(
    store.events(id, 0).some(({ event }) => event.type === 'change.failed'),
    false,
  );
});

test('feedback the demo does not know leaves the hunk as it was and says so', async (t) => {
  const { runner, book, until } = await harness(t);
  const { id } = runner.start(sampleInput, about);
  const waiting = await until(id, ({ openGates }) => openGates.length > 0);
  runner.decide(id, waiting.openGates[0]?.id ?? '', approve);
  const open = await until(id, ({ openGates }) => openGates.some(({ kind }) => kind === 'proposal'));
  const gate = open.openGates.find(({ kind }) => kind === 'proposal');
  const before = book.find(id, 1, gate?.proposalId ?? '');
  runner.decide(id, gate?.id ?? '', {
    choice: 'change',
    note: 'make it pink',
    data: { hunkId: before?.hunks[0]?.id ?? '' },
    by: 'test',
  });
  await until(id, ({ openGates }) =>
    openGates.some((other) => other.proposalId === gate?.proposalId && other.id !== gate?.id),
  );
  assert.equal(book.find(id, 1, gate?.proposalId ?? '')?.text, before?.text);
});

test('a run stopped in each phase and resumed calls no model twice', async (t) => {
  const straight: string[] = [];
  const reference = await harness(t, { onCall: (agent) => straight.push(agent) });
  const { id: referenceId, done } = reference.runner.start(sampleInput, about);
  const gate = await reference.until(referenceId, ({ openGates }) => openGates.length > 0);
  reference.runner.decide(referenceId, gate.openGates[0]?.id ?? '', approve);
  await reference.until(
    referenceId,
    (now) => Object.values(now.tasks).filter(({ state }) => state === 'done').length === 4,
  );
  for (const { state } of reference.book.latest(referenceId))
    await reference.book.rejectAll(referenceId, 1, state.id, 'test');
  await done;

  const folder = await copySample(t);
  const database = join(folder, '..', `${Date.now()}-stopped.db`);
  const calls: string[] = [];
  let id: string | undefined;
  let stops = 0;
  for (let pass = 0; pass < 200; pass++) {
    let made = 0;
    const part = openHarness({
      folder,
      database,
      onCall: (agent) => {
        calls.push(agent);
        made++;
      },
    });
    let finished: Promise<void>;
    if (id === undefined) ({ id, done: finished } = part.runner.start(sampleInput, about));
    else ({ done: finished } = part.runner.resume(id));
    const runId = id;
    let over = false;
    void finished.then(() => {
      over = true;
    });
    // Two calls at the most, then the plug is pulled.
    while (!over && made < 2) {
      const view = part.view(runId);
      const approval = view.openGates.find(({ kind }) => kind === 'plan-approval');
      if (approval) part.runner.decide(runId, approval.id, approve);
      if (Object.values(view.tasks).filter(({ state }) => state === 'done').length === 4) {
        for (const { state } of part.book.latest(runId)) await part.book.rejectAll(runId, 1, state.id, 'test');
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const status = part.store.getRun(runId)?.status;
    await part.close();
    if (status === 'completed') break;
    stops++;
  }
  assert.ok(stops >= 4, `stopped ${stops} times`);
  assert.deepEqual([...calls].sort(), [...straight].sort());
});
