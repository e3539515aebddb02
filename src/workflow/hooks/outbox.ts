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
export const CLAIM_MS = 60_000;

const DAY_MS = 86_400_000;

/** What is kept, in milliseconds: of what was delivered; of what was given up; of what no process has sent. */
export const KEPT_MS = { delivered: 7 * DAY_MS, dead: 90 * DAY_MS, unsent: 30 * DAY_MS } as const;

/** Of what was given up, the newest so many are kept. */
export const KEPT_DEAD = 5_000;

/** So often what is kept no longer is removed, in milliseconds. */
const TIDY_MS = 3_600_000;

/** So many events of a run are read at a time. */
const PAGE = 500;

/**
 * What hooks are to be told, durably. It follows the event log: what was logged is told at least once, whenever the
 * process ends, and a hook hears of nothing that happened before there was the hook.
 */
export class Outbox {
  readonly #sql: Statements;
  readonly #store: Store;
  readonly #clock: Clock;
  /** What others had committed when all runs were last looked at, and for which hooks. */
  #seen: { readonly version: number; readonly hooks: string } | undefined;
  #tidied = Number.NEGATIVE_INFINITY;

  /** @param sql on the connection of `store` */
  constructor(sql: Statements, store: Store, clock: Clock) {
    this.#sql = sql;
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes in what was logged since the last time, of these runs. Answers whether there was anything. */
  collect(hooks: readonly Hook[], runs: readonly string[]): boolean {
    let found = false;
    for (const hook of hooks) {
      this.#meet(hook);
      for (const run of runs) if (this.#collectRun(hook, run)) found = true;
    }
    return found;
  }

  /**
   * Takes in what was logged since the last time, by whatever process. Nothing is read while nobody else has written, and
   * then only the runs that have something new.
   */
  collectAll(hooks: readonly Hook[]): boolean {
    const seen = { version: this.#store.foreignVersion(), hooks: json(hooks.map(({ id }) => id)) };
    const same = seen.version === this.#seen?.version && seen.hooks === this.#seen.hooks;
    if (!same) for (const hook of hooks) this.#meet(hook);
    const found = same ? [] : hooks.map((hook) => this.collect([hook], this.#behind(hook)));
    this.#seen = seen;
    this.#tidy();
    return found.includes(true);
  }

  /** The first time a hook is there, all that was logged before counts as told. */
  #meet({ id }: Hook): void {
    const now = this.#clock.now();
    if (this.#sql.get('SELECT 1 FROM hooks WHERE hook = ?', id)) return;
    this.#store.atomically(() => {
      this.#sql.run('INSERT OR IGNORE INTO hooks VALUES (?, ?)', id, now);
      this.#sql.run(
        `INSERT OR IGNORE INTO hook_cursors
           SELECT ?, runs.id, events.seq FROM runs JOIN events ON events.run = runs.id
             AND events.seq = (SELECT MAX(seq) FROM events WHERE run = runs.id) WHERE events.at < ?`,
        id,
        now,
      );
    });
  }

  /** The runs that have events the hook was not told of. */
  #behind({ id }: Hook): string[] {
    return this.#sql
      .all(
        `SELECT runs.id FROM runs LEFT JOIN hook_cursors AS told ON told.hook = ? AND told.run = runs.id
           WHERE (SELECT MAX(seq) FROM events WHERE run = runs.id) > COALESCE(told.seq, 0) ORDER BY runs.rowid`,
        id,
      )
      .map(({ id: run }) => String(run));
  }

  #collectRun(hook: Hook, runId: string): boolean {
    for (let found = false; ; ) {
      const page = this.#collectPage(hook, runId);
      found ||= page.told;
      if (!page.more) return found;
    }
  }

  /** Events become deliveries and the cursor moves in one transaction: neither is lost, nor told twice. */
  #collectPage(hook: Hook, runId: string): { readonly told: boolean; readonly more: boolean } {
    return this.#store.atomically(() => {
      const cursor = this.#sql.get('SELECT seq FROM hook_cursors WHERE hook = ? AND run = ?', hook.id, runId);
      const since = Number(this.#sql.get('SELECT since FROM hooks WHERE hook = ?', hook.id)?.since);
      const events = this.#store.events(runId, Number(cursor?.seq ?? 0), PAGE);
      const run = this.#store.getRun(runId);
      const last = events.at(-1);
      if (!run || !last) return { told: false, more: false };
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
      return { told: told.length > 0, more: events.length === PAGE };
    });
  }

  /** The delivery of this hook that has been due for longest and that nobody else is sending; it is held for who asked. */
  claim(hook: string): Delivery | undefined {
    const now = this.#clock.now();
    return this.#store.atomically(() => {
      const row = this.#sql.get(
        `SELECT * FROM hook_deliveries WHERE state = 'pending' AND next_at <= ? AND claimed_until <= ? AND hook = ?
           ORDER BY next_at, rowid LIMIT 1`,
        now,
        now,
        hook,
      );
      if (!row) return undefined;
      this.#sql.run('UPDATE hook_deliveries SET claimed_until = ? WHERE id = ?', now + CLAIM_MS, row.id ?? null);
      return deliveryOf(row);
    });
  }

  /** It was taken. */
  delivered(id: string): void {
    this.#sql.run(
      `UPDATE hook_deliveries SET state = 'delivered', error = NULL, tries = tries + 1, next_at = ?, claimed_until = 0
         WHERE id = ?`,
      this.#clock.now(),
      id,
    );
  }

  /**
   * It was not taken: it is tried again later, or given up.
   * @param retry false when trying again is of no use; a number when the other side said when, in milliseconds from now
   */
  failed({ id, tries }: Delivery, error: string, retry: boolean | number): 'later' | 'dead' {
    const base = RETRY_MS[tries];
    if (retry === false || base === undefined) {
      this.#sql.run(
        `UPDATE hook_deliveries SET state = 'dead', tries = tries + 1, error = ?, next_at = ?, claimed_until = 0 WHERE id = ?`,
        error,
        this.#clock.now(),
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

  /** When the next one of these hooks is due or no longer held, in milliseconds since the epoch; null when none is. */
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

  /** Sends it anew, from the first try on. Answers whether there is such a delivery, and it was not taken yet. */
  again(id: string): boolean {
    const changed = this.#sql.run(
      `UPDATE hook_deliveries SET state = 'pending', tries = 0, next_at = ?, claimed_until = 0 WHERE id = ? AND state <> 'delivered'`,
      this.#clock.now(),
      id,
    );
    return changed > 0;
  }

  /** It is not told. Answers whether there was such a delivery, and it was not taken yet. */
  discard(id: string): boolean {
    return this.#sql.run(`DELETE FROM hook_deliveries WHERE id = ? AND state <> 'delivered'`, id) > 0;
  }

  /** Removes what is kept no longer, at most once an hour. What no process has a hook for any more is given up. */
  #tidy(): void {
    const now = this.#clock.now();
    if (Math.abs(now - this.#tidied) < TIDY_MS) return; // A clock that was set back tidies, too.
    this.#tidied = now;
    const old = (state: keyof typeof KEPT_MS) => now - KEPT_MS[state];
    this.#store.atomically(() => {
      this.#sql.run(`DELETE FROM hook_deliveries WHERE state = 'delivered' AND next_at < ?`, old('delivered'));
      this.#sql.run(`DELETE FROM hook_deliveries WHERE state = 'dead' AND next_at < ?`, old('dead'));
      this.#sql.run(
        `UPDATE hook_deliveries SET state = 'dead', next_at = ?, error = 'nobody has sent it: is there still such a hook?'
           WHERE state = 'pending' AND next_at < ?`,
        now,
        old('unsent'),
      );
      this.#sql.run(
        `DELETE FROM hook_deliveries WHERE rowid IN
           (SELECT rowid FROM hook_deliveries WHERE state = 'dead' ORDER BY next_at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
        KEPT_DEAD,
      );
    });
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
