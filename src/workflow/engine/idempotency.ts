import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../ports.ts';
import { Statements } from './statements.ts';

/** The run that a request under this key started, and the hash of what the request said. */
export interface KeyedRun {
  readonly runId: string;
  readonly bodyHash: string;
}

/** Keys that clients gave their requests to start a run. They are kept as long as the run is. */
export interface IdempotencyKeys {
  find(key: string): KeyedRun | undefined;
  /** False when the key is taken already, by this process or another; nothing is written then. */
  claim(key: string, run: KeyedRun): boolean;
}

/** @param db the store's own connection, so that a claim is part of the transaction it is made in */
export function idempotencyKeys(db: DatabaseSync, clock: Clock): IdempotencyKeys {
  const sql = new Statements(db);
  return {
    find(key) {
      const row = sql.get('SELECT run, body_hash FROM idempotency_keys WHERE key = ?', key);
      return row && { runId: String(row.run), bodyHash: String(row.body_hash) };
    },
    claim(key, { runId, bodyHash }) {
      const insert = 'INSERT INTO idempotency_keys VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING';
      return sql.run(insert, key, bodyHash, runId, clock.now()) > 0;
    },
  };
}
