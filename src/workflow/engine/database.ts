import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { PlanwrightError } from '../errors.ts';
import { migrations } from './migrations.ts';

export interface OpenedDatabase {
  readonly db: DatabaseSync;
  /** Where a damaged database was put, when there was one. */
  readonly setAside?: string;
}

/**
 * Opens (or makes) a workspace's database and brings its schema up to date.
 * @throws PlanwrightError NO_SQLITE | NEWER_DATABASE; a newer database is left as it is
 */
export function openDatabase(path: string): OpenedDatabase {
  const { DatabaseSync: Database } = loadSqlite();
  mkdirSync(dirname(path), { recursive: true });
  const sound = !existsSync(path) || isSound(new Database(path, { readOnly: true }), path);
  const setAside = sound ? undefined : putAside(path);
  const db = new Database(path);
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  migrate(db);
  return setAside === undefined ? { db } : { db, setAside };
}

function loadSqlite(): typeof import('node:sqlite') {
  try {
    // Not an import: the bundle must load, and say what is wrong, where the module is missing.
    return createRequire(`${process.cwd()}/`)('node:sqlite');
  } catch (cause) {
    throw new PlanwrightError('NO_SQLITE', 'This editor has no SQLite, which Planwright keeps its runs in.', {
      hint: 'Update VS Code to 1.105 or newer.',
      cause,
    });
  }
}

/** Reads through the file; closes it. */
function isSound(db: DatabaseSync, path: string): boolean {
  try {
    const version = userVersion(db);
    if (version > migrations.length) {
      throw new PlanwrightError(
        'NEWER_DATABASE',
        `The runs of this workspace were written by a newer Planwright (format ${version}).`,
        {
          hint: `Update the extension. To start afresh instead, move ${path} aside.`,
        },
      );
    }
    const row = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string } | undefined;
    return row?.quick_check === 'ok';
  } catch (error) {
    if (error instanceof PlanwrightError) throw error;
    return false;
  } finally {
    db.close();
  }
}

function putAside(path: string): string {
  const aside = `${path}.damaged-${Date.now()}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

function userVersion(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function migrate(db: DatabaseSync): void {
  for (let version = userVersion(db); version < migrations.length; version++) {
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another window may have been quicker.
      if (userVersion(db) === version) db.exec(`${migrations[version]}; PRAGMA user_version = ${version + 1}`);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}
