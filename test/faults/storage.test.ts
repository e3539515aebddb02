import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { runJob } from './job.ts';
import { faultPoints } from './points.ts';
import { Rehearsal } from './rehearsal.ts';

/** The same job, its storage failing from every single point on where it writes or pays. */

let rehearsal: Rehearsal;

before(async () => {
  rehearsal = await Rehearsal.hold();
});

after(() => rehearsal?.end());

for (const [name, pragma] of [
  ['the database cannot be written', 'PRAGMA query_only = ON'],
  ['the disk is full', 'PRAGMA max_page_count = 1'],
] as const) {
  test(`${name} from every point on: the run stops, says so, and goes on once that is mended`, async (t) => {
    let stopped = 0;
    await rehearsal.eachPoint(async (trial) => {
      const { at, folder, database } = trial;
      let count = 0;
      let connection: DatabaseSync | undefined;
      const points = faultPoints((_what, db) => {
        count += 1;
        connection ??= db;
        if (count >= at) connection?.exec(pragma);
      });
      const disturbed = await runJob(folder, database, points);
      if (disturbed.unrecorded) {
        stopped += 1;
        assert.equal(disturbed.unrecorded, 'STORAGE');
      } else {
        assert.equal(disturbed.status, 'completed', `point ${at}`);
      }
      rehearsal.assertNothingUnasked(trial);
      rehearsal.assertSame(trial, await runJob(folder, database));
    });
    const { points } = rehearsal;
    t.diagnostic(`${stopped} of ${points} runs were stopped by it`);
    assert.ok(stopped > points / 4, `${stopped} of ${points}`);
  });
}
