import type { RunTrigger } from '../engine/events.ts';
import { json, parse } from '../engine/json.ts';
import type { Row, Statements } from '../engine/statements.ts';
import type { Clock } from '../ports.ts';
import type { Input } from '../schemas.ts';
import type { Once } from './webhook.ts';

export type Outcome = 'queued' | 'started' | 'skipped';

/** One time that a trigger fired. */
export interface Firing {
  readonly id: number;
  readonly trigger: string;
  readonly kind: RunTrigger['kind'];
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: Outcome;
  /** Why it was skipped. */
  readonly reason: string | null;
  readonly run: string | null;
  /** How often in a row it was skipped for this reason. */
  readonly times: number;
}

/** A firing that waits for its run. */
export interface Waiting {
  readonly id: number;
  readonly at: number;
  readonly input: Input;
  readonly about: RunTrigger;
}

/** So many firings of a trigger are kept; its limits look at the last day's. */
const KEPT = 1000;

/**
 * What triggers did and remember, in the tables of the store's own connection. Nothing here opens a transaction:
 * what belongs together is done within the store's `atomically`.
 */
export class TriggerStore {
  readonly #sql: Statements;
  readonly #clock: Clock;

  constructor(sql: Statements, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  enqueue({ id, kind, cause, depth, accept }: RunTrigger, input: Input): number {
    const row = this.#sql.get(
      `INSERT INTO firings (trigger, kind, cause, at, outcome, input_json, depth, accept) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?) RETURNING id`,
      id,
      kind,
      cause,
      this.#clock.now(),
      json(input),
      depth,
      accept,
    );
    this.#sql.run(
      `DELETE FROM firings WHERE trigger = ? AND outcome <> 'queued' AND id <=
       (SELECT id FROM firings WHERE trigger = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      id,
      id,
      KEPT,
    );
    return Number(row?.id);
  }

  /** Records that it did nothing, and why; the same reason several times in a row is one record. */
  skip({ id, kind, cause }: Pick<RunTrigger, 'id' | 'kind' | 'cause'>, reason: string): void {
    const now = this.#clock.now();
    const again = this.#sql.run(
      `UPDATE firings SET times = times + 1, at = ?, cause = ? WHERE outcome = 'skipped' AND reason = ? AND id =
       (SELECT MAX(id) FROM firings WHERE trigger = ?)`,
      now,
      cause,
      reason,
      id,
    );
    if (again > 0) return;
    this.#sql.run(
      `INSERT INTO firings (trigger, kind, cause, at, outcome, reason, depth, accept) VALUES (?, ?, ?, ?, 'skipped', ?, 0, 'ask')`,
      id,
      kind,
      cause,
      now,
      reason,
    );
  }

  /** Newest first. */
  firings(trigger: string, limit: number): Firing[] {
    return this.#sql
      .all('SELECT * FROM firings WHERE trigger = ? ORDER BY id DESC LIMIT ?', trigger, limit)
      .map(firingOf);
  }

  /** When requests of the trigger were taken since, in order. */
  takenSince(trigger: string, since: number): number[] {
    return this.#sql
      .all(`SELECT at FROM firings WHERE trigger = ? AND outcome <> 'skipped' AND at > ? ORDER BY at`, trigger, since)
      .map(({ at }) => Number(at));
  }

  /** The requests of a trigger that wait, oldest first. */
  waiting(trigger: string): Waiting[] {
    return this.#sql
      .all(`SELECT * FROM firings WHERE trigger = ? AND outcome = 'queued' ORDER BY id`, trigger)
      .map(waitingOf);
  }

  /** Every request that waits, oldest first. */
  allWaiting(): Waiting[] {
    return this.#sql.all(`SELECT * FROM firings WHERE outcome = 'queued' ORDER BY id`).map(waitingOf);
  }

  /** False when another process was quicker. */
  markStarted(id: number, run: string): boolean {
    return (
      this.#sql.run(`UPDATE firings SET outcome = 'started', run = ? WHERE id = ? AND outcome = 'queued'`, run, id) > 0
    );
  }

  dropWaiting(id: number, reason: string): void {
    this.#sql.run(`UPDATE firings SET outcome = 'skipped', reason = ? WHERE id = ? AND outcome = 'queued'`, reason, id);
  }

  /** Is a run of this workspace not over? A paused one waits for its developer and keeps nobody else waiting. */
  busy(except = ''): boolean {
    const running = `SELECT 1 AS found FROM runs WHERE status IN ('queued', 'in_progress', 'waiting') AND paused = 0 AND id <> ?`;
    return this.#sql.get(`${running} LIMIT 1`, except) !== undefined;
  }

  /** True when none of them was there; then all of them are. */
  claim(trigger: string, onces: readonly Once[]): boolean {
    const now = this.#clock.now();
    this.#sql.run('DELETE FROM trigger_memory WHERE expires_at IS NOT NULL AND expires_at < ?', now);
    if (onces.some(({ key }) => this.recall(trigger, key) !== undefined)) return false;
    for (const { key, expiresAt } of onces) this.#remember(trigger, key, '', expiresAt);
    return true;
  }

  recall(trigger: string, key: string): string | undefined {
    const row = this.#sql.get('SELECT value FROM trigger_memory WHERE trigger = ? AND key = ?', trigger, key);
    return row && String(row.value);
  }

  /** True when what was remembered was `before` (undefined for nothing); it is `after` then. */
  exchange(trigger: string, key: string, before: string | undefined, after: string): boolean {
    if (this.recall(trigger, key) !== before || before === after) return false;
    this.#remember(trigger, key, after, null);
    return true;
  }

  #remember(trigger: string, key: string, value: string, expiresAt: number | null): void {
    this.#sql.run(
      'INSERT INTO trigger_memory VALUES (?, ?, ?, ?) ON CONFLICT (trigger, key) DO UPDATE SET value = excluded.value',
      trigger,
      key,
      value,
      expiresAt,
    );
  }
}

function firingOf(row: Row): Firing {
  return {
    id: Number(row.id),
    trigger: String(row.trigger),
    kind: row.kind as RunTrigger['kind'],
    cause: String(row.cause),
    at: Number(row.at),
    outcome: row.outcome as Outcome,
    reason: row.reason === null ? null : String(row.reason),
    run: row.run === null ? null : String(row.run),
    times: Number(row.times),
  };
}

function waitingOf(row: Row): Waiting {
  return {
    id: Number(row.id),
    at: Number(row.at),
    input: parse(row.input_json) as Input,
    about: {
      id: String(row.trigger),
      kind: row.kind as RunTrigger['kind'],
      cause: String(row.cause),
      depth: Number(row.depth),
      accept: row.accept as RunTrigger['accept'],
    },
  };
}
