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

for (const [name, pragma, untilItFails] of [
  ['the database cannot be written', 'PRAGMA query_only = ON', false],
  // There is room left in the file: from whichever point on it cannot grow, up to the write that needs more it is the
  // same trial.
  ['the disk is full', 'PRAGMA max_page_count = 1', true],
] as const) {
  test(`${name} from every point on: the run stops, says so, and goes on once that is mended`, async (t) => {
    let [trials, stopped] = [0, 0];
    await rehearsal.eachPoint(async (trial) => {
      trials += 1;
      const { at, folder, database } = trial;
      const failing = new FirstFailure();
      let connection: DatabaseSync | undefined;
      const points = faultPoints((what, db) => {
        failing.hear(what, db);
        connection ??= db;
        if (failing.count >= at) connection?.exec(pragma);
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
      return untilItFails ? failing.at() : undefined;
    });
    const { points } = rehearsal;
    t.diagnostic(`${stopped} of ${trials} trials, for ${points} points, were stopped by it`);
    assert.ok(stopped > 2, `${stopped} of ${trials}`);
    if (!untilItFails) assert.ok(stopped > points / 4, `${stopped} of ${points}`);
  });
}

/** Finds the first write to the database that failed: nothing is heard after it, and something else instead. */
class FirstFailure {
  count = 0;
  #writing: string | undefined;
  #failedAt: number | undefined;

  hear(what: string, db: DatabaseSync | undefined): void {
    this.#look(db && what);
    this.count += 1;
    if (db && what.startsWith('before ')) this.#writing = what.slice('before '.length);
  }

  /** The point at it; the last one of all where none failed. */
  at(): number {
    this.#look(undefined);
    return this.#failedAt ?? this.count;
  }

  #look(what: string | undefined): void {
    if (this.#writing !== undefined && what !== `after ${this.#writing}`) this.#failedAt ??= this.count;
    this.#writing = undefined;
  }
}
