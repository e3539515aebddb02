import type { Clock } from '../ports.ts';
import type { Row, Statements } from './statements.ts';

/** Something Planwright wrote. */
export interface OwnWrite {
  /** The run it was for. */
  readonly run: string | null;
  /** How far that run is from a developer: 0 when one started it, 1 when a trigger did. */
  readonly depth: number;
  /** No developer accepted it: a trigger was allowed to. */
  readonly unattended: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Older ones are forgotten, in milliseconds. */
const KEPT_MS = 90 * 86_400_000;

/** Who decides without a developer is named so in the record, with the trigger's id behind it. */
export const BY_TRIGGER = 'trigger ';

/**
 * What Planwright itself wrote into the workspace, by path and by the hash of the text: it must be told from what the
 * developer does. The memory outlives the runs.
 */
export class OwnWrites {
  readonly #sql: Statements;
  readonly #clock: Clock;

  constructor(sql: Statements, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /**
   * To be called before the file is written.
   * @param path relative, with forward slashes
   * @param hash SHA-256 of the text as UTF-8, in hex
   * @param by who decided it
   */
  wrote(path: string, hash: string, run: string | null = null, by = ''): void {
    const now = this.#clock.now();
    this.#sql.run(
      `INSERT INTO own_writes VALUES (?, ?, ?, COALESCE((SELECT json_extract(data_json, '$.trigger.depth') FROM events
         WHERE run = ? AND seq = 1), 0), ?, ?) ON CONFLICT (path, hash) DO UPDATE SET
         run = excluded.run, depth = excluded.depth, unattended = excluded.unattended, at = excluded.at`,
      path,
      hash,
      run,
      run,
      by.startsWith(BY_TRIGGER) ? 1 : 0,
      now,
    );
    this.#sql.run('DELETE FROM own_writes WHERE at < ?', now - KEPT_MS);
  }

  /** To be called before a run begins this branch. */
  began(branch: string, run: string): void {
    this.wrote(`branch:${branch}`, 'created', run);
  }

  /** Was it a run that began this branch? */
  madeBranch(branch: string): boolean {
    return this.same(`branch:${branch}`, 'created') !== undefined;
  }

  /** The write that left just this at the path. */
  same(path: string, hash: string): OwnWrite | undefined {
    return writeOf(this.#sql.get('SELECT * FROM own_writes WHERE path = ? AND hash = ?', path, hash));
  }

  /** The last one at the path. */
  lastOf(path: string): OwnWrite | undefined {
    return writeOf(this.#sql.get('SELECT * FROM own_writes WHERE path = ? ORDER BY at DESC LIMIT 1', path));
  }

  /** The last one anywhere. */
  last(): OwnWrite | undefined {
    return writeOf(this.#sql.get('SELECT * FROM own_writes ORDER BY at DESC LIMIT 1'));
  }
}

function writeOf(row: Row | undefined): OwnWrite | undefined {
  if (!row) return undefined;
  const { run, depth, unattended, at } = row;
  return {
    run: run === null || run === undefined ? null : String(run),
    depth: Number(depth),
    unattended: Number(unattended) === 1,
    at: Number(at),
  };
}
