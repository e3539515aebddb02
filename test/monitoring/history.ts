import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { StoredEvent } from '../../src/workflow/engine/events.ts';
import { Metrics } from '../../src/workflow/metrics/metrics.ts';
import { generateRuns, storeAt } from '../unit/metrics/generatedRuns.ts';
import { folderOf } from './servers.ts';

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long the history is; samples older than `RAW_DAYS` are rolled up while it goes on. */
const DAYS = 8;
export const RAW_DAYS = 2;

/** A workspace that worked for some days, and what its /metrics said at each full hour of them. */
export interface History {
  readonly metrics: Metrics;
  /** The end, a full hour: milliseconds since the epoch. */
  readonly end: number;
  /** How many rows of hourly roll-ups there are at the end, and samples that are not rolled up. */
  readonly rolledUp: number;
  readonly raw: number;
  /** Prometheus' text at each hour, oldest first. */
  readonly scrapes: readonly { readonly at: number; readonly text: string }[];
}

/**
 * Generated runs, told event by event in the order of time as a workspace would write them, measured and rolled up
 * every hour. Runs that go on over the beginning of a window are left out: some of their figures count at the run's
 * first review, which a scrape cannot know before they are there.
 */
export function history(t: TestContext, end: number): History {
  const source = storeAt(join(folderOf(t, 'source'), 'planwright.db'));
  const ids = generateRuns(source, { count: 150, seed: 99, days: DAYS - 0.5, until: end });
  const borders = [1, 7].map((days) => end - days * DAY_MS);
  const logs = ids.map((id) => source.store.events(id, 0)).filter((log) => borders.every((at) => isAside(log, at)));
  source.db.close();

  const { db, store, time, clock } = storeAt(join(folderOf(t, 'history'), 'planwright.db'));
  t.after(() => db.close());
  const metrics = new Metrics(db, store, clock, () => RAW_DAYS);
  const events = logs.flat().sort((a, b) => a.at - b.at || a.seq - b.seq);
  const ours = new Map<string, { id: string; attempt: number }>();
  const scrapes: { at: number; text: string }[] = [];
  let next = 0;
  for (let at = end - DAYS * DAY_MS; at <= end; at += HOUR_MS) {
    for (let event = events[next]; event && event.at < at; event = events[++next]) {
      time.now = event.at;
      tell(event);
    }
    time.now = at;
    scrapes.push({ at, text: metrics.prometheus() });
  }
  time.now = end;
  const count = (table: string) => Number(db.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()?.count);
  return { metrics, end, scrapes, rolledUp: count('rollups'), raw: count('samples') };

  function tell({ runId, seq, attempt, event }: StoredEvent): void {
    const run = ours.get(runId) ?? {
      id: store.createRun({ request: 'x', requirements: [] }, { model: 'm', workspace: 'w' }),
      attempt: 1,
    };
    ours.set(runId, run);
    if (event.type === 'workflow.restarted') run.attempt = store.forkAttempt(run.id, event.from);
    store.appendEvent(run.id, attempt, event, `k${seq}`);
  }
}

function isAside(log: readonly StoredEvent[], border: number): boolean {
  return log.every(({ at }) => at < border) || log.every(({ at }) => at >= border);
}

/** Scrapes as promtool and VictoriaMetrics take them in: each sample with its time, and the labels of a scrape. */
export function withTimes({ scrapes }: History, instance: string, unit: 's' | 'ms'): string {
  const lines = scrapes.flatMap(({ at, text }) =>
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = '', labels, value = ''] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        const all = [`instance="${instance}"`, 'job="planwright"', ...(labels === undefined ? [] : [labels])].join(',');
        return `${name}{${all}} ${value} ${unit === 's' ? at / 1000 : at}`;
      }),
  );
  return `${lines.join('\n')}\n`;
}
