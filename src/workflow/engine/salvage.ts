import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows saved, by table, and how many were given up at least. */
export interface Salvaged {
  readonly rows: Readonly<Record<string, number>>;
  readonly complete: boolean;
}

/** Parents before children: a row whose parent is lost is lost as well. */
const tables = ['runs', 'attempts', 'steps', 'gates', 'events', 'proposals', 'edits'];

/** How many rows are looked up one by one across a damaged place, in all. */
const MAX_PROBES = 20_000;

type Row = Record<string, SQLInputValue>;

/**
 * Copies what can be read of a damaged database into a sound one, and closes the damaged one. Every table is read
 * from its beginning up to the damage, from its end down to it, and row by row between. A damaged page so costs
 * the rows that are on it.
 */
export function salvage(from: DatabaseSync, to: DatabaseSync): Salvaged {
  const rows: Record<string, number> = {};
  let complete = true;
  let probes = MAX_PROBES;
  to.exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE');
  for (const table of tables) {
    const insert = inserter(to, table);
    rows[table] = 0;
    const save = (row: Row) => {
      rows[table] = (rows[table] ?? 0) + insert(row);
    };
    const lowest = scan(from, `SELECT rowid AS rowid_, * FROM ${table} NOT INDEXED ORDER BY rowid`, save);
    if (lowest.whole) continue;
    complete = false;
    const highest = scan(from, `SELECT rowid AS rowid_, * FROM ${table} NOT INDEXED ORDER BY rowid DESC`, save);
    if (lowest.last === undefined || highest.last === undefined) continue;
    for (let id = lowest.last + 1; id < highest.last && probes > 0; id++, probes--) {
      scan(from, `SELECT rowid AS rowid_, * FROM ${table} NOT INDEXED WHERE rowid = ${id}`, save);
    }
  }
  to.exec(
    `${tables
      .slice(1)
      .map((table) => `DELETE FROM ${table} WHERE run NOT IN (SELECT id FROM runs)`)
      .join(';')}; COMMIT; PRAGMA foreign_keys = ON`,
  );
  from.close();
  return { rows, complete };
}

/** Hands on row by row until the end or the damage. */
function scan(db: DatabaseSync, sql: string, save: (row: Row) => void): { whole: boolean; last: number | undefined } {
  let last: number | undefined;
  try {
    for (const row of db.prepare(sql).iterate() as Iterable<Row>) {
      last = Number(row.rowid_);
      save(row);
    }
    return { whole: true, last };
  } catch {
    return { whole: false, last };
  }
}

/** Inserts a row by the columns both sides know; answers how many rows that made. */
function inserter(to: DatabaseSync, table: string): (row: Row) => number {
  const known = new Set(
    (to.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => name),
  );
  let statement: StatementSync | undefined;
  let columns: string[] = [];
  return (row) => {
    if (!statement) {
      columns = Object.keys(row).filter((name) => known.has(name));
      const places = columns.map(() => '?').join(', ');
      statement = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
    }
    return Number(statement.run(...columns.map((name) => row[name] ?? null)).changes);
  };
}
