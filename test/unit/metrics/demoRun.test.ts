import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { dashboardCsv } from '../../../src/workflow/metrics/csv.ts';
import { Metrics } from '../../../src/workflow/metrics/metrics.ts';
import { copySample } from '../demo/sampleCopy.ts';
import { openHarness } from '../workflow/harness.ts';

test('a real run is measured as it was, and what a restart takes over is not measured again', async (t) => {
  const folder = await copySample(t);
  const database = join(folder, '..', `${Date.now()}-${Math.random()}.db`);
  const { runner, book, until, store, close } = openHarness({ folder, database, settings: { approvePlan: false } });
  t.after(close);
  // Another connection, as another window has.
  const { db } = openDatabase(database);
  t.after(() => db.close());
  const metrics = new Metrics(db, store, systemClock);
  const { id, done } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  await until(id, ({ openGates }) => openGates.filter(({ kind }) => kind === 'proposal').length > 0);
  assert.equal(metrics.dashboard('24h').active.inProgress + metrics.dashboard('24h').active.waiting, 1);
  await until(
    id,
    (now) => Object.values(now.tasks).every(({ state }) => state === 'done') && Object.keys(now.tasks).length === 4,
  );
  for (const { state } of book.latest(id)) await book.acceptAll(id, 1, state.id, 'test');
  await done;

  const ended = metrics.dashboard('24h');
  assert.deepEqual(ended.active, { queued: 0, inProgress: 0, waiting: 0 });
  assert.deepEqual(ended.outcomes, { completed: 1, failed: 0, cancelled: 0, successRate: 1 });
  assert.deepEqual(
    ended.scores.map(({ round, score }) => [round, score]),
    [
      [0, 54.5],
      [1, 88],
    ],
  );
  assert.equal(ended.reviewScore.mean, (54.5 + 88) / 2);
  assert.deepEqual(ended.refinement, { reviewed: 1, refined: 1, frequency: 1, meanRounds: 1 });
  assert.deepEqual(
    ended.phases.map(({ count }) => count),
    [1, 1, 1, 1],
  );
  const spent = store.spent(id);
  assert.equal(ended.usage.inputTokens, spent.inputTokens);
  assert.equal(ended.usage.outputTokens, spent.outputTokens);
  assert.equal(ended.usage.cost, null);

  const { done: again } = await runner.restart(id, 'implementation');
  await runner.pause(id);
  await again;
  const restarted = metrics.dashboard('24h');
  assert.deepEqual(restarted.outcomes, { completed: 0, failed: 0, cancelled: 0, successRate: null });
  assert.equal(restarted.active.waiting, 1);
  assert.deepEqual(restarted.scores, ended.scores);
  assert.deepEqual(restarted.refinement, ended.refinement);
  assert.equal(restarted.usage.inputTokens, store.spent(id).inputTokens);
  assert.deepEqual(
    restarted.phases.slice(0, 3).map(({ count }) => count),
    [1, 1, 1],
  );

  const csv = dashboardCsv(ended);
  assert.match(csv, /^figure,of,statistic,value,unit\r\n/);
  assert.match(csv, /\r\nreview score,,mean,71\.25,points\r\n/);
  assert.match(csv, /\r\ncost,,sum,,currency of the prices\r\n/);
});
