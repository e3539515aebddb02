import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { PlanwrightError } from '../errors.ts';
import { migrations } from './migrations.ts';
import { type Salvaged, salvage } from './salvage.ts';
import { storageError } from './statements.ts';

/** What became of a damaged database. */
export interface Damage {
  /** Where it was put, unchanged. */
  readonly setAside: string;
  readonly salvaged: Salvaged;
}

export interface OpenedDatabase {
  readonly db: DatabaseSync;
  readonly damage?: Damage;
}

/** Rows of some 2 kB are the usual ones: three go into a page of this size, one would into the usual 4 kB. */
const PAGE_BYTES = 8192;

/** How long a process waits for another's turn on the database, in milliseconds. */
const BUSY_MS = 5000;

/**
 * Opens (or makes) a workspace's database and brings its schema up to date. A damaged one is set aside, and what
 * can be read of it is in the new one.
 * @throws PlanwrightError NO_SQLITE | STORAGE | NEWER_DATABASE; a newer database is left as it is
 */
export function openDatabase(path: string): OpenedDatabase {
  const { DatabaseSync: Database } = loadSqlite();
  makeFolder(dirname(path));
  try {
    const sound = !existsSync(path) || isSound(new Database(path, { readOnly: true }), path);
    const setAside = sound ? undefined : putAside(path);
    const db = prepared(new Database(path));
    if (setAside === undefined) return { db };
    return { db, damage: { setAside, salvaged: salvage(new Database(setAside, { readOnly: true }), db) } };
  } catch (error) {
    throw storageError(error) ?? error;
  }
}

/** Requests and code will be in it: it is for the developer alone. One that is there is left as it is. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new PlanwrightError('STORAGE', `The folder for Planwright’s database cannot be made (${code}): ${path}`, {
      hint: 'Check the rights and the room there. On the command line, --data-dir names another place.',
      cause,
    });
  }
}

/** The connection with its settings and the newest schema. Sizes hold for a new file only. */
function prepared(db: DatabaseSync): DatabaseSync {
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
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
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`); // Another process may be recovering what a crash left.
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
    const trouble = storageError(error);
    if (trouble) throw trouble;
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
