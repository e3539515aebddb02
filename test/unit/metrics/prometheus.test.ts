import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metrics } from '../../../src/workflow/metrics/metrics.ts';
import { type Family, parseExposition } from './exposition.ts';
import { openStore } from './folder.ts';
import { generateRuns, NOW } from './generatedRuns.ts';

const DAY = 86_400_000;
const usage = { type: 'usage', agent: 'planner', inputTokens: 10, cachedInputTokens: 4, outputTokens: 2 } as const;

/** Every series of the counters and histograms, with its value. */
function rising(families: ReadonlyMap<string, Family>): Map<string, number> {
  return new Map(
    [...families.values()].flatMap(({ type, series }) =>
      type === 'gauge' ? [] : [...series].map(([key, { value }]) => [key, value] as const),
    ),
  );
}

describe('the Prometheus text', () => {
  it('is well-formed, and its histograms are cumulative and end with the count', (t) => {
    const opened = openStore(t);
    generateRuns(opened, { count: 60, seed: 21 });
    const families = parseExposition(new Metrics(opened.db, opened.store, opened.clock).prometheus());
    const phase = families.get('planwright_phase_duration_seconds');
    assert.equal(phase?.type, 'histogram');
    assert.equal(families.get('planwright_tokens_total')?.type, 'counter');
    assert.equal(families.get('planwright_runs_active')?.type, 'gauge');
    for (const [name, { type, series }] of families) {
      if (type !== 'histogram') continue;
      const of = new Map<string, { le: number; value: number }[]>();
      for (const [key, { labels, value }] of series) {
        const { le, ...rest } = labels;
        const group = JSON.stringify(rest);
        if (key.startsWith(`${name}_bucket`))
          of.set(group, [...(of.get(group) ?? []), { le: Number(le?.replace('+Inf', 'Infinity')), value }]);
        if (key.startsWith(`${name}_count`)) assert.equal(of.get(group)?.at(-1)?.value, value, key);
      }
      for (const buckets of of.values()) {
        assert.equal(buckets.at(-1)?.le, Number.POSITIVE_INFINITY);
        for (const [index, { le, value }] of buckets.entries()) {
          assert.ok(le > (buckets[index - 1]?.le ?? 0));
          assert.ok(value >= (buckets[index - 1]?.value ?? 0));
        }
      }
    }
  });

  it('never lowers a counter or a bucket: while runs go on, are rolled up, and are deleted', (t) => {
    const opened = openStore(t);
    const { time, store } = opened;
    let now = NOW;
    const metrics = new Metrics(opened.db, store, { ...opened.clock, now: () => now }, () => 3);
    let before = new Map<string, number>();
    for (let turn = 0; turn < 12; turn++) {
      const [first = ''] = generateRuns({ store, time }, { count: 8, seed: turn, days: 5, until: now });
      const after = rising(parseExposition(metrics.prometheus()));
      for (const [key, value] of before)
        assert.ok((after.get(key) ?? -1) >= value, `${key}: ${value}, ${after.get(key)}`);
      store.deleteRun(first);
      before = after;
      now += 1.3 * DAY;
    }
    const rolledUp = opened.db.prepare('SELECT COUNT(*) AS count FROM rollups').get()?.count;
    assert.ok(Number(rolledUp) > 100, 'hours were rolled up on the way');
  });

  it('gives back what a label says, whatever is in it', (t) => {
    const { db, store, clock } = openStore(t);
    const id = store.createRun({ request: 'x', requirements: [] }, { model: 'm', workspace: 'w' });
    const model = 'a "quoted" \\ name\nof {two} lines, é=1';
    store.appendEvent(id, 1, { ...usage, model, durationMs: 1500, cost: 0.25 }, 'k');
    const families = parseExposition(new Metrics(db, store, clock).prometheus());
    const tokens = [...(families.get('planwright_tokens_total')?.series.values() ?? [])];
    assert.deepEqual(
      tokens.map(({ labels, value }) => [labels.model, labels.agent, labels.kind, value]),
      [
        [model, 'planner', 'cached_input', 4],
        [model, 'planner', 'input', 10],
        [model, 'planner', 'output', 2],
      ],
    );
    const seconds = families.get('planwright_model_response_seconds')?.series ?? new Map();
    assert.equal([...seconds].find(([key]) => key.includes('_sum'))?.[1].value, 1.5);
  });

  it('says that nothing is active in a workspace without runs, and nothing else', (t) => {
    const { db, store, clock } = openStore(t);
    const families = parseExposition(new Metrics(db, store, clock).prometheus());
    assert.deepEqual([...families.keys()], ['planwright_runs_active']);
  });
});
