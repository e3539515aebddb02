import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { systemClock } from '../../src/hosts/node/systemClock.ts';
import { openDatabase } from '../../src/workflow/engine/database.ts';
import type { StepOptions } from '../../src/workflow/engine/run.ts';
import { Runner } from '../../src/workflow/engine/runner.ts';
import { Store } from '../../src/workflow/engine/store.ts';

export type Durability = NonNullable<StepOptions['durability']>;

const text = z.string();

/** A run of so many steps; milliseconds from its start, or from opening its database when it is resumed. */
export async function run(steps: number, payload: string, folder: string, durability: Durability): Promise<number> {
  const { db, runner } = open(folder, steps, payload, durability);
  const started = performance.now();
  await runner.start({ request: 'bench', requirements: [] }, { model: 'none', workspace: 'bench' }).done;
  const took = performance.now() - started;
  db.close();
  return took;
}

/** Replays a run that stopped after its last step. */
export async function resume(steps: number, folder: string): Promise<number> {
  const started = performance.now();
  const { db, store, runner } = open(folder, steps, 'never made again', 'process');
  const id = store.listRuns()[0]?.id ?? '';
  await runner.resume(id).done;
  const took = performance.now() - started;
  db.close();
  return took;
}

/** Bytes on disk once everything is in the main file. */
export function sizeOf(folder: string): number {
  const db = new DatabaseSync(join(folder, 'planwright.db'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return statSync(join(folder, 'planwright.db')).size;
}

/** The floor: so many rows, each committed before the next. */
export function floor(rows: number, payload: string, folder: string, durability: Durability): number {
  const db = new DatabaseSync(join(folder, 'floor.db'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === 'disk' ? 'FULL' : 'NORMAL'};
    CREATE TABLE steps (id INTEGER PRIMARY KEY, result TEXT)`);
  const insert = db.prepare('INSERT INTO steps (result) VALUES (?)');
  const started = performance.now();
  for (let n = 0; n < rows; n++) insert.run(JSON.stringify(payload));
  const took = performance.now() - started;
  db.close();
  return took;
}

function open(folder: string, steps: number, payload: string, durability: Durability) {
  const { db } = openDatabase(join(folder, 'planwright.db'));
  const store = new Store(db, systemClock);
  const runner = new Runner<number>({
    store,
    clock: systemClock,
    ownerId: `bench-${process.pid}`,
    workflow: async (run) => {
      const scope = run.scoped('implementation');
      for (let n = 0; n < steps; n++) await scope.step(`s${n}`, text, async () => payload, { input: n, durability });
      return steps;
    },
  });
  return { db, store, runner };
}
