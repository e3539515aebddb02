import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { Collector } from '../../../src/workflow/metrics/collector.ts';
import { rollUp } from '../../../src/workflow/metrics/rollUp.ts';
import { databaseOf, openStore } from './folder.ts';
import { generateRuns, NOW } from './generatedRuns.ts';

const script = fileURLToPath(new URL('collecting.ts', import.meta.url));

/** Ends with the signal that killed the process, null when it came to its end. */
function collecting(path: string, dieBefore?: number): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const args = [script, path, ...(dieBefore === undefined ? [] : [String(dieBefore)])];
    execFile(process.execPath, args, (error, _stdout, stderr) => {
      if (error && !error.signal) reject(new Error(stderr));
      else resolve(error?.signal ?? null);
    });
  });
}

function seriesOf(db: DatabaseSync): unknown {
  return ['samples', 'rollups', 'rollup_cells'].map((table) =>
    db
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => JSON.stringify(row))
      .sort(),
  );
}

describe('the collector', () => {
  it('takes in each event once when two of them take turns while runs go on', (t) => {
    const one = openStore(t);
    const two = openStore(t, one.path);
    const collectors = [one, two].map(({ db, store }) => new Collector(new Statements(db), store));
    let taken = 0;
    const ids: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const writer = turn % 3 === 0 ? two : one;
      ids.push(...generateRuns(writer, { count: 4, seed: turn }));
      // A run that had ended goes on: what is cached of it, or not, must not matter.
      const again = ids[turn] ?? '';
      writer.time.now = NOW;
      writer.store.appendEvent(again, 9, { type: 'workflow.resumed' }, `again-${turn}`);
      writer.store.appendEvent(again, 9, { type: 'workflow.cancelled' }, `again-end-${turn}`);
      taken += collectors[turn % 2]?.collect() ?? 0;
    }
    taken += collectors.reduce((sum, collector) => sum + collector.collect(), 0);
    assert.equal(taken, Number(one.db.prepare('SELECT COUNT(*) AS count FROM events').get()?.count));

    const alone = openStore(t);
    one.db.exec(`VACUUM INTO '${alone.path}.copy'`);
    const copy = openStore(t, `${alone.path}.copy`);
    copy.db.exec('DELETE FROM samples; DELETE FROM metric_cursors');
    new Collector(new Statements(copy.db), copy.store).collect();
    assert.deepEqual(seriesOf(one.db), seriesOf(copy.db));
  });

  it('takes in each event once, and rolls each sample up once, over crashes at any write and side by side', async (t) => {
    const undisturbed = openStore(t);
    generateRuns(undisturbed, { count: 40, seed: 3 });
    undisturbed.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const disturbed = databaseOf(t);
    copyFileSync(undisturbed.path, disturbed);

    const sql = new Statements(undisturbed.db);
    new Collector(sql, undisturbed.store).collect();
    rollUp(sql, 1, NOW);

    for (const dieBefore of [1, 7, 400, 2500]) assert.equal(await collecting(disturbed, dieBefore), 'SIGKILL');
    assert.ok((await Promise.all([collecting(disturbed), collecting(disturbed, 900)])).includes(null));
    await collecting(disturbed);
    assert.deepEqual(seriesOf(openStore(t, disturbed).db), seriesOf(undisturbed.db));
  });

  it('keeps the figures of a run that is deleted', (t) => {
    const { db, store, time } = openStore(t);
    const [id = ''] = generateRuns({ store, time }, { count: 1, seed: 5 });
    new Collector(new Statements(db), store).collect();
    const before = seriesOf(db);
    store.deleteRun(id);
    assert.equal(new Collector(new Statements(db), store).collect(), 0);
    assert.deepEqual(seriesOf(db), before);
    assert.deepEqual(db.prepare('SELECT * FROM metric_cursors').all(), []);
  });
});
