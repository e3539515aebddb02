import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { runJob } from './job.ts';
import { Rehearsal } from './rehearsal.ts';

/** The same job, killed at every single point where it writes or pays: it ends as the undisturbed one does. */

const run = promisify(execFile);
const built = mkdtempSync(join(tmpdir(), 'planwright-victim-'));
const victim = join(built, 'victim.mjs');
let rehearsal: Rehearsal;

before(async () => {
  // Hundreds of processes start with it: as one file they do so three times as fast.
  await build({
    entryPoints: [join(import.meta.dirname, 'victim.ts')],
    outfile: victim,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  rehearsal = await Rehearsal.hold();
});

after(() => {
  rehearsal?.end();
  rmSync(built, { recursive: true, force: true });
});

test('killed at every point: nothing is lost, paid twice, applied twice or written unasked', async (t) => {
  let killed = 0;
  await rehearsal.eachPoint(async (trial) => {
    const { at, folder, database } = trial;
    const signal = await run(process.execPath, [victim, folder, database, String(at)]).then(
      () => null,
      (error: { signal: string; stderr: string }) => error.signal ?? assert.fail(error.stderr),
    );
    if (signal === 'SIGKILL') killed += 1;
    rehearsal.assertNothingUnasked(trial);
    rehearsal.assertSame(trial, await runJob(folder, database));
    return undefined;
  }, availableParallelism());
  const { points } = rehearsal;
  t.diagnostic(`${killed} of ${points} points killed at`);
  // The order in which two branches write may differ by a status or two from run to run.
  assert.ok(killed >= points * 0.95, `${killed} of ${points}`);
});
