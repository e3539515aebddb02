import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import type { Store } from '../../../src/workflow/engine/store.ts';
import { PERCENTILE_ERROR } from '../../../src/workflow/metrics/cells.ts';
import { Collector } from '../../../src/workflow/metrics/collector.ts';
import { computeDashboard } from '../../../src/workflow/metrics/dashboard.ts';
import type { DashboardData, WindowName } from '../../../src/workflow/metrics/dashboardData.ts';
import { rollUp } from '../../../src/workflow/metrics/rollUp.ts';
import { expectedDashboard } from './expected.ts';
import { openStore } from './folder.ts';
import { generateRuns, NOW } from './generatedRuns.ts';

const windowNames = ['24h', '7d', '30d', 'all'] as const;
const HOUR = 3_600_000;

function logsOf(store: Store) {
  return store.listRuns().map(({ id, status }) => ({ status, events: store.events(id, 0) }));
}

/** Whole numbers are equal; costs are kept to a billionth each, and sums of fractions differ with the order. */
function close(actual: unknown, expected: unknown, path = 'data'): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    const allowed = Number.isInteger(expected) ? 0 : 1e-6;
    assert.ok(Math.abs(actual - expected) <= allowed, `${path}: ${actual} is not ${expected}`);
  } else if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) {
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), path);
    for (const [key, value] of Object.entries(actual))
      close(value, (expected as Record<string, unknown>)[key], `${path}.${key}`);
  } else {
    assert.deepEqual(actual, expected, path);
  }
}

const byTime = (scores: DashboardData['scores']) =>
  scores.toSorted((a, b) => a.at - b.at || a.round - b.round || a.score - b.score);

describe('the dashboard of 500 generated runs', () => {
  it('has every figure as computed from the raw logs by other means, in every window', (t) => {
    const opened = openStore(t);
    const sql = new Statements(opened.db);
    generateRuns(opened, { count: 500, seed: 7 });
    const logs = logsOf(opened.store);
    const types = new Set(logs.flatMap(({ events }) => events.map(({ event }) => event.type)));
    for (const type of [
      'workflow.failed',
      'workflow.cancelled',
      'workflow.paused',
      'workflow.restarted',
      'retry',
    ] as const)
      assert.ok(types.has(type), type);
    new Collector(sql, opened.store).collect();
    for (const window of windowNames) {
      const data = computeDashboard(sql, window, NOW);
      close({ ...data, scores: byTime(data.scores) }, expectedDashboard(logs, window, NOW), window);
      assert.ok(
        data.reviewScore.reviews > 0 && data.phases.every(({ count }) => count > 0),
        'there is something to compare',
      );
    }
  });

  it('says the same once the hours are rolled up: counts and sums to the last digit, percentiles within 1 %', (t) => {
    const opened = openStore(t);
    const sql = new Statements(opened.db);
    generateRuns(opened, { count: 200, seed: 11 });
    new Collector(sql, opened.store).collect();
    const before = windowNames.map((window) => computeDashboard(sql, window, NOW));
    const samples = () => Number(sql.get('SELECT COUNT(*) AS count FROM samples')?.count);
    const all = samples();
    assert.equal(rollUp(sql, 30, NOW), all - samples());
    assert.ok(samples() < all && samples() > 0);
    assert.deepEqual(computeDashboard(sql, '7d', NOW), before[1], 'what is not rolled up is as it was');

    rollUp(sql, 0, NOW);
    const raw = sql.get('SELECT MIN(at) AS at FROM samples')?.at;
    assert.ok(raw === null || Number(raw) >= NOW - HOUR, 'only the hour that goes on is left');
    assert.equal(rollUp(sql, 0, NOW), 0, 'nothing is rolled up twice');
    for (const [index, window] of windowNames.entries()) {
      const earlier = before[index]!;
      const later = computeDashboard(sql, window, NOW);
      for (const [now, then] of spreadsOf(later).map((spread, at) => [spread, spreadsOf(earlier)[at]!] as const))
        assert.ok(Math.abs(now - then) <= then * PERCENTILE_ERROR * 1.0000001, `${window}: ${now} and ${then}`);
      close(withoutSpreads(later), withoutSpreads(earlier), window);
      close(hourly(later.scores), hourly(earlier.scores), `${window} scores`);
    }
  });

  it('adds what comes late to the hour that was rolled up already', (t) => {
    const opened = openStore(t);
    const sql = new Statements(opened.db);
    const collector = new Collector(sql, opened.store);
    for (const seed of [1, 2, 3]) {
      generateRuns(opened, { count: 30, seed });
      collector.collect();
      rollUp(sql, 0, NOW);
    }
    const data = computeDashboard(sql, 'all', NOW);
    const expected = expectedDashboard(logsOf(opened.store), 'all', NOW);
    close(withoutSpreads(data), withoutSpreads(expected));
  });
});

describe('the dashboard of a workspace without runs', () => {
  it('has null where nothing can be computed, and counts of 0', (t) => {
    const { db } = openStore(t);
    for (const window of windowNames) {
      const data = computeDashboard(new Statements(db), window as WindowName, NOW);
      assert.equal(data.reviewScore.mean, null);
      assert.equal(data.outcomes.successRate, null);
      assert.equal(data.refinement.frequency, null);
      assert.equal(data.refinement.meanRounds, null);
      assert.equal(data.responseTime.median, null);
      assert.equal(data.firstToken.p95, null);
      assert.equal(data.usage.cost, null);
      assert.equal(data.usage.cacheHitRate, null);
      assert.deepEqual(
        data.phases.map(({ phase, count, median, p95 }) => [phase, count, median, p95]),
        ['planning', 'review', 'refinement', 'implementation'].map((phase) => [phase, 0, null, null]),
      );
      assert.deepEqual(
        [data.scores, data.days, data.usageByAgent, data.usageByAgentAndModel, data.checks, data.retries],
        [[], [], [], [], [], []],
      );
      assert.doesNotMatch(JSON.stringify(data), /NaN|Infinity/);
    }
  });
});

function spreadsOf({ phases, responseTime, firstToken, checks }: DashboardData): number[] {
  return [...phases, responseTime, firstToken, ...checks].flatMap(({ median, p95 }) => [median ?? 0, p95 ?? 0]);
}

/** Rolled-up scores have no finer time than the hour; their points are compared by `hourly`. */
function withoutSpreads({ scores: _scores, ...data }: DashboardData) {
  const counts = <T extends object>(spread: T) => ({ ...spread, median: null, p95: null });
  return {
    ...data,
    responseTime: counts(data.responseTime),
    firstToken: counts(data.firstToken),
    phases: data.phases.map(counts),
    checks: data.checks.map(counts),
  };
}

/** Reviews and the sum of their scores, by round and hour. */
function hourly(scores: DashboardData['scores']): Record<string, { reviews: number; sum: number }> {
  const hours: Record<string, { reviews: number; sum: number }> = {};
  for (const { at, round, score, reviews } of scores) {
    const key = `${Math.floor(at / HOUR)} ${round}`;
    const before = hours[key] ?? { reviews: 0, sum: 0 };
    hours[key] = { reviews: before.reviews + reviews, sum: before.sum + score * reviews };
  }
  return hours;
}
