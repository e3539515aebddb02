import { randomUUID } from 'node:crypto';
import { json, parse } from '../engine/json.ts';
import type { Row, Statements } from '../engine/statements.ts';
import type { Store } from '../engine/store.ts';
import type { Clock } from '../ports.ts';
import { eventsOf, type Hook } from './hook.ts';
import { payloadOf } from './payload.ts';

/** Something a hook is to be told. Times in milliseconds since the epoch. */
export interface Delivery {
  /** The same for every try. */
  readonly id: string;
  readonly hook: string;
  readonly run: string;
  readonly type: string;
  /** As it is sent. */
  readonly body: string;
  /** 'dead' when it was given up. */
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly tries: number;
  readonly nextAt: number;
  readonly error: string | null;
}

/** Waits after the 1st, 2nd, … failed try, in milliseconds; after the last one it is given up. 20 % are added at most. */
export const RETRY_MS: readonly number[] = [5_000, 30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000];

/** Who sends holds a delivery for so long: longer than a try may take, in milliseconds. */
const CLAIM_MS = 60_000;

/** What was delivered is kept so long, in milliseconds. */
const KEPT_MS = 7 * 86_400_000;

/**
 * What hooks are to be told, durably. It follows the event log: what was logged is told at least once, whenever the
 * process ends, and a hook hears of nothing that happened before there was the hook.
 */
export class Outbox {
  readonly #sql: Statements;
  readonly #store: Store;
  readonly #clock: Clock;

  /** @param sql on the connection of `store` */
  constructor(sql: Statements, store: Store, clock: Clock) {
    this.#sql = sql;
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes in what was logged since the last time. Answers whether there was anything. */
  collect(hooks: readonly Hook[], runs: readonly string[] = this.#store.listRuns().map(({ id }) => id)): boolean {
    let found = false;
    for (const hook of hooks) {
      this.#sql.run('INSERT OR IGNORE INTO hooks VALUES (?, ?)', hook.id, this.#clock.now());
      for (const run of runs) if (this.#collectOne(hook, run)) found = true;
    }
    return found;
  }

  #collectOne(hook: Hook, runId: string): boolean {
    return this.#store.atomically(() => {
      const cursor = this.#sql.get('SELECT seq FROM hook_cursors WHERE hook = ? AND run = ?', hook.id, runId);
      const since = Number(this.#sql.get('SELECT since FROM hooks WHERE hook = ?', hook.id)?.since);
      const events = this.#store.events(runId, Number(cursor?.seq ?? 0));
      const run = this.#store.getRun(runId);
      const last = events.at(-1);
      if (!run || !last) return false;
      const wanted = eventsOf(hook.events);
      const told = events.filter(({ at, event }) => at >= since && wanted.includes(event.type));
      for (const stored of told) {
        const now = this.#clock.now();
        this.#sql.run(
          `INSERT OR IGNORE INTO hook_deliveries VALUES (?, ?, ?, ?, ?, ?, 'pending', 0, ?, 0, NULL, ?)`,
          `msg_${randomUUID().replaceAll('-', '')}`,
          hook.id,
          runId,
          stored.seq,
          stored.event.type,
          json(payloadOf(stored, run, hook)),
          now,
          now,
        );
      }
      this.#sql.run(
        'INSERT INTO hook_cursors VALUES (?, ?, ?) ON CONFLICT (hook, run) DO UPDATE SET seq = excluded.seq',
        hook.id,
        runId,
        last.seq,
      );
      return told.length > 0;
    });
  }

  /** The oldest delivery of these hooks that is due and that nobody else is sending; it is held for who asked. */
  claim(hooks: readonly string[]): Delivery | undefined {
    const now = this.#clock.now();
    return this.#store.atomically(() => {
      const row = this.#sql.get(
        `SELECT * FROM hook_deliveries WHERE state = 'pending' AND next_at <= ? AND claimed_until <= ?
           AND hook IN (SELECT value FROM json_each(?)) ORDER BY at, rowid LIMIT 1`,
        now,
        now,
        json(hooks),
      );
      if (!row) return undefined;
      this.#sql.run('UPDATE hook_deliveries SET claimed_until = ? WHERE id = ?', now + CLAIM_MS, row.id ?? null);
      return deliveryOf(row);
    });
  }

  /** It was taken. */
  delivered(id: string): void {
    this.#sql.run(`UPDATE hook_deliveries SET state = 'delivered', error = NULL, tries = tries + 1 WHERE id = ?`, id);
    this.#sql.run(`DELETE FROM hook_deliveries WHERE state = 'delivered' AND at < ?`, this.#clock.now() - KEPT_MS);
  }

  /**
   * It was not taken: it is tried again later, or given up.
   * @param retry false when trying again is of no use; a number when the other side said when, in milliseconds from now
   */
  failed({ id, tries }: Delivery, error: string, retry: boolean | number): 'later' | 'dead' {
    const base = RETRY_MS[tries];
    if (retry === false || base === undefined) {
      this.#sql.run(
        `UPDATE hook_deliveries SET state = 'dead', tries = tries + 1, error = ?, claimed_until = 0 WHERE id = ?`,
        error,
        id,
      );
      return 'dead';
    }
    const wait = Math.max(base * (1 + 0.2 * this.#clock.random()), typeof retry === 'number' ? retry : 0);
    this.#sql.run(
      'UPDATE hook_deliveries SET tries = tries + 1, next_at = ?, error = ?, claimed_until = 0 WHERE id = ?',
      Math.round(this.#clock.now() + wait),
      error,
      id,
    );
    return 'later';
  }

  /** When the next one of these hooks is due; null when none is. */
  nextAt(hooks: readonly string[]): number | null {
    const row = this.#sql.get(
      `SELECT MIN(MAX(next_at, claimed_until)) AS at FROM hook_deliveries WHERE state = 'pending'
         AND hook IN (SELECT value FROM json_each(?))`,
      json(hooks),
    );
    return row?.at === null || row?.at === undefined ? null : Number(row.at);
  }

  /** Those that were given up or failed before, newest first. */
  troubled(): Delivery[] {
    return this.#sql
      .all(
        `SELECT * FROM hook_deliveries WHERE state = 'dead' OR (state = 'pending' AND tries > 0) ORDER BY at DESC LIMIT 500`,
      )
      .map(deliveryOf);
  }

  /** Sends it anew, from the first try on. */
  again(id: string): void {
    this.#sql.run(
      `UPDATE hook_deliveries SET state = 'pending', tries = 0, next_at = ?, claimed_until = 0 WHERE id = ? AND state <> 'delivered'`,
      this.#clock.now(),
      id,
    );
  }

  discard(id: string): void {
    this.#sql.run('DELETE FROM hook_deliveries WHERE id = ?', id);
  }

  /** The payload, for whoever looks. */
  payload({ body }: Delivery): unknown {
    return parse(body);
  }
}

function deliveryOf(row: Row): Delivery {
  return {
    id: String(row.id),
    hook: String(row.hook),
    run: String(row.run),
    type: String(row.type),
    body: String(row.body),
    state: row.state as Delivery['state'],
    tries: Number(row.tries),
    nextAt: Number(row.next_at),
    error: row.error === null ? null : String(row.error),
  };
}
