import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { PlanwrightError } from '../errors.ts';

export type Row = Record<string, SQLInputValue>;

/** SQLite's own result codes, https://sqlite.org/rescode.html: the low byte says the kind. */
const SQLITE = { BUSY: 5, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 } as const;

/** The statements of one connection, prepared once each, with failures in words a developer can use. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  #depth = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#told(() => Number(this.#prepare(sql).run(...values).changes));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#told(() => this.#prepare(sql).get(...values)) as Row | undefined;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#told(() => this.#prepare(sql).all(...values)) as Row[];
  }

  exec(sql: string): void {
    this.#told(() => this.#db.exec(sql));
  }

  /** All of `work` or nothing of it; within another transaction it is a part of that one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * What `work` commits has reached the disk when this returns, a power cut included. All else survives the end of
   * the process at once, and a power cut up to a moment before it; what is written in this way takes everything
   * before it along.
   */
  durably<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#db.exec('PRAGMA synchronous = FULL');
    try {
      return work();
    } finally {
      this.#db.exec('PRAGMA synchronous = NORMAL');
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storageError(error) ?? error;
    }
  }
}

/** What a failure of the database means; undefined for one that is a mistake of ours. */
export function storageError(error: unknown): PlanwrightError | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  if (typeof code !== 'number') return undefined;
  switch (code & 0xff) {
    case SQLITE.FULL:
      return new PlanwrightError('STORAGE', 'The disk is full, so the run could not be recorded and was stopped.', {
        hint: 'Make room, then resume the run. What was recorded before is safe.',
        cause: error,
      });
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
      return new PlanwrightError('STORAGE', 'Planwright’s database cannot be written to.', {
        hint: 'Check the rights of the editor’s storage folder, then resume the run. What was recorded before is safe.',
        cause: error,
      });
    case SQLITE.IOERR:
      return new PlanwrightError('STORAGE', 'Planwright’s database could not be read or written: the disk failed.', {
        hint: 'Check the disk, then resume the run. What was recorded before is safe.',
        cause: error,
      });
    case SQLITE.BUSY:
      return new PlanwrightError('STORAGE', 'Another program keeps Planwright’s database locked.', {
        hint: 'Close what has it open (a backup, a database browser), then resume the run.',
        retryable: true,
        cause: error,
      });
    default:
      return undefined;
  }
}
