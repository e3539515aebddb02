import type { DatabaseSync } from 'node:sqlite';
import { Statements } from '../engine/statements.ts';
import type { Store } from '../engine/store.ts';
import type { Clock } from '../ports.ts';
import { follow, noTrace, type RunTrace } from './runTrace.ts';
import type { Span } from './span.ts';

/** How long who sends a run's spans may take before another may try, in milliseconds. */
const HOLD_MS = 60_000;

/** Spans of one request: what a receiver takes without complaint. */
const BATCH = 512;

/**
 * Sends each span of each run once it has ended, whoever else does the same: how far a run's events were sent is
 * recorded after they were. What is cut off in between, by a crash or a receiver that does not answer, is sent again
 * with the same ids.
 */
export class TraceOutbox {
  readonly #sql: Statements;
  readonly #store: Store;
  readonly #clock: Clock;
  /** Of runs that go on, what came before their next event. */
  readonly #known = new Map<string, RunTrace>();
  readonly #unsubscribe: () => void;

  /**
   * Runs that have ended by now, and that nobody began to send, stay unsent: they are history.
   * @param db the connection of `store`
   */
  constructor(db: DatabaseSync, store: Store, clock: Clock) {
    this.#sql = new Statements(db);
    this.#store = store;
    this.#clock = clock;
    this.#sql.run(
      `INSERT OR IGNORE INTO trace_cursors
       SELECT id, (SELECT COALESCE(MAX(seq), 0) FROM events WHERE run = id), 0 FROM runs
       WHERE status IN ('completed', 'failed', 'cancelled')`,
    );
    // So that it is sent even if it ends, and the process too, before anything of it was.
    this.#unsubscribe = store.subscribe(({ runId, event }) => {
      if (event.type === 'workflow.started')
        this.#sql.run('INSERT OR IGNORE INTO trace_cursors VALUES (?, 0, 0)', runId);
    });
  }

  dispose(): void {
    this.#unsubscribe();
  }

  /**
   * Sends what is new of every run; answers how many spans that were.
   * @throws what `send` throws; what it was given is sent again the next time
   */
  async deliver(send: (spans: readonly Span[]) => Promise<void>): Promise<number> {
    const behind = this.#sql.all(
      `SELECT id FROM runs LEFT JOIN trace_cursors ON run = id
       WHERE (SELECT MAX(seq) FROM events WHERE events.run = id) > COALESCE(seq, 0)`,
    );
    let sent = 0;
    for (const { id } of behind) sent += await this.#deliverRun(String(id), send);
    return sent;
  }

  async #deliverRun(run: string, send: (spans: readonly Span[]) => Promise<void>): Promise<number> {
    const hold = this.#clock.now() + HOLD_MS;
    const seq = this.#take(run, hold);
    if (seq === undefined) return 0;
    let [trace, spans] = [this.#upTo(run, seq), [] as Span[]];
    for (const stored of this.#store.events(run, trace.seq)) {
      const next = follow(trace, stored);
      trace = next.trace;
      spans = spans.concat(next.spans);
    }
    try {
      for (let start = 0; start < spans.length; start += BATCH) await send(spans.slice(start, start + BATCH));
    } catch (error) {
      this.#leave(run, hold, seq);
      throw error;
    }
    this.#leave(run, hold, trace.seq);
    if (trace.open.size > 0) this.#known.set(run, trace);
    else this.#known.delete(run);
    return spans.length;
  }

  /** How far the run was sent; undefined while another sends it. */
  #take(run: string, until: number): number | undefined {
    return this.#sql.transaction(() => {
      this.#sql.run('INSERT OR IGNORE INTO trace_cursors SELECT id, 0, 0 FROM runs WHERE id = ?', run);
      const now = this.#clock.now();
      if (
        this.#sql.run('UPDATE trace_cursors SET held_until = ? WHERE run = ? AND held_until <= ?', until, run, now) ===
        0
      )
        return undefined;
      return Number(this.#sql.get('SELECT seq FROM trace_cursors WHERE run = ?', run)?.seq);
    });
  }

  #leave(run: string, until: number, seq: number): void {
    this.#sql.run('UPDATE trace_cursors SET seq = ?, held_until = 0 WHERE run = ? AND held_until = ?', seq, run, until);
  }

  /** The trace as the run's events up to `seq` leave it; what ended in them was sent. */
  #upTo(run: string, seq: number): RunTrace {
    const known = this.#known.get(run);
    if (known?.seq === seq) return known;
    let trace = noTrace;
    if (seq === 0) return trace;
    for (const stored of this.#store.events(run, 0)) {
      if (stored.seq > seq) break;
      trace = follow(trace, stored).trace;
    }
    return trace;
  }
}
