import type { Statements } from '../engine/statements.ts';
import type { Store } from '../engine/store.ts';
import { nothingSoFar, type RunSoFar, record } from './record.ts';
import type { Sample } from './sample.ts';

/** Events taken in by one transaction: others on the database wait no longer than that takes. */
const SLICE = 500;

/**
 * Turns the event log into samples, each event once, whoever else does the same: a run's samples and how far its log
 * has been read are committed together, and only by the one who found the log read that far.
 */
export class Collector {
  readonly #sql: Statements;
  readonly #store: Store;
  /** Of runs that go on, what came before their next event. */
  readonly #known = new Map<string, RunSoFar>();

  constructor(sql: Statements, store: Store) {
    this.#sql = sql;
    this.#store = store;
  }

  /** Takes in what is new of every run; answers how many events that were. */
  collect(): number {
    const behind = this.#sql.all(
      `SELECT id FROM runs LEFT JOIN metric_cursors ON run = id
       WHERE (SELECT MAX(seq) FROM events WHERE events.run = id) > COALESCE(seq, 0)`,
    );
    return behind.reduce((total, { id }) => total + this.collectRun(String(id)), 0);
  }

  /** As `collect`, of one run. */
  collectRun(run: string): number {
    let taken = 0;
    let soFar = this.#upTo(run, this.#cursor(run));
    const events = this.#store.events(run, soFar.seq);
    for (let start = 0; start < events.length; start += SLICE) {
      const slice = events.slice(start, start + SLICE);
      const samples: Sample[] = [];
      let next = soFar;
      for (const stored of slice) {
        const recorded = record(next, stored);
        next = recorded.soFar;
        samples.push(...recorded.samples);
      }
      if (!this.#commit(run, soFar.seq, next.seq, samples)) {
        this.#known.delete(run); // Somebody else was quicker and has what is left, or the run is gone.
        return taken;
      }
      soFar = next;
      taken += slice.length;
    }
    if (soFar.end === null) this.#known.set(run, soFar);
    else this.#known.delete(run);
    return taken;
  }

  #commit(run: string, from: number, to: number, samples: readonly Sample[]): boolean {
    return this.#sql.transaction(() => {
      if (this.#cursor(run) !== from) return false;
      const moved = this.#sql.run(
        `INSERT INTO metric_cursors SELECT id, ? FROM runs WHERE id = ?
         ON CONFLICT (run) DO UPDATE SET seq = excluded.seq`,
        to,
        run,
      );
      if (moved === 0) return false;
      for (const { metric, labels, at, value } of samples)
        this.#sql.run('INSERT INTO samples VALUES (?, ?, ?, ?)', metric, labels, at, value);
      return true;
    });
  }

  #cursor(run: string): number {
    return Number(this.#sql.get('SELECT seq FROM metric_cursors WHERE run = ?', run)?.seq ?? 0);
  }

  /** What the run's events up to `seq` amount to; they are measured already. */
  #upTo(run: string, seq: number): RunSoFar {
    const known = this.#known.get(run);
    if (known?.seq === seq) return known;
    let soFar = nothingSoFar;
    if (seq === 0) return soFar;
    for (const stored of this.#store.events(run, 0)) {
      if (stored.seq > seq) break;
      soFar = record(soFar, stored).soFar;
    }
    return soFar;
  }
}
