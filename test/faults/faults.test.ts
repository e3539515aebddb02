import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type Outcome, runJob } from './job.ts';
import { faultPoints } from './points.ts';
import { files } from './script.ts';

/** The same job, disturbed at every single point where it writes or pays: it ends as the undisturbed one does. */

const run = promisify(execFile);
const victim = join(import.meta.dirname, 'victim.ts');
const scratch = mkdtempSync(join(tmpdir(), 'planwright-faults-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

let points = 0;
let undisturbed: Outcome;
let finalFiles: ReadonlyMap<string, string>;
/** Every content that a file ever has in the undisturbed run, which decides before it writes. */
const lawful = new Map<string, Set<string>>();

before(async () => {
  const { folder, database } = place('undisturbed');
  undisturbed = await runJob(
    folder,
    database,
    faultPoints(() => {
      points += 1;
      for (const [path, text] of read(folder)) lawful.set(path, (lawful.get(path) ?? new Set()).add(text));
    }),
  );
  finalFiles = read(folder);
  assert.equal(undisturbed.status, 'completed');
  assert.match(finalFiles.get('src/greet.ts') ?? '', /Hello ' \+ name/);
  assert.match(finalFiles.get('src/greet.ts') ?? '', /return 'Bye'/);
});

test('killed at every point: nothing is lost, paid twice, applied twice or written unasked', async (t) => {
  let killed = 0;
  await eachPoint(async (at) => {
    const { folder, database } = place(`kill-${at}`);
    const signal = await run(process.execPath, [victim, folder, database, String(at)]).then(
      () => null,
      (error: { signal: string; stderr: string }) => error.signal ?? assert.fail(error.stderr),
    );
    if (signal === 'SIGKILL') killed += 1;
    checkUnasked(folder, `killed at ${at}`);
    const resumed = await runJob(folder, database);
    check(resumed, folder, `killed at ${at}`);
    rmSync(dirname(folder), { recursive: true, force: true });
  }, availableParallelism());
  t.diagnostic(`${killed} of ${points} points killed at`);
  // The order in which two branches write may differ by a status or two from run to run.
  assert.ok(killed >= points * 0.95, `${killed} of ${points}`);
});

for (const [name, pragma] of [
  ['the database cannot be written', 'PRAGMA query_only = ON'],
  ['the disk is full', 'PRAGMA max_page_count = 1'],
] as const) {
  test(`${name} from every point on: the run stops, says so, and goes on once that is mended`, async (t) => {
    let stopped = 0;
    await eachPoint(async (at) => {
      const { folder, database } = place(`storage-${at}`);
      let count = 0;
      let connection: DatabaseSync | undefined;
      const disturbed = await runJob(
        folder,
        database,
        faultPoints((_what, db) => {
          count += 1;
          connection ??= db;
          if (count >= at) connection?.exec(pragma);
        }),
      );
      if (disturbed.unrecorded) {
        stopped += 1;
        assert.equal(disturbed.unrecorded, 'STORAGE');
      } else {
        assert.equal(disturbed.status, 'completed', `at ${at}`);
      }
      checkUnasked(folder, `${name} at ${at}`);
      check(await runJob(folder, database), folder, `${name} at ${at}`);
      rmSync(dirname(folder), { recursive: true, force: true });
    });
    t.diagnostic(`${stopped} of ${points} runs were stopped by it`);
    assert.ok(stopped > points / 4, `${stopped} of ${points}`);
  });
}

function check(resumed: Outcome, folder: string, when: string): void {
  assert.equal(resumed.status, 'completed', when);
  assert.deepEqual(resumed.output, undisturbed.output, when);
  // What was committed is not made again, and nothing else is left out.
  assert.equal(resumed.committedBefore + resumed.made, undisturbed.made, when);
  assert.deepEqual(read(folder), finalFiles, when);
}

/** Nothing on disk that no decision stands behind, a scratch file of an interrupted write apart. */
function checkUnasked(folder: string, when: string): void {
  for (const [path, text] of read(folder)) {
    if (path.includes('.planwright-')) continue;
    assert.ok(lawful.get(path)?.has(text), `${when}: ${path} is\n${text}`);
  }
}

function place(name: string): { folder: string; database: string } {
  const folder = join(scratch, name, 'greeter');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, database: join(scratch, name, 'planwright.db') };
}

function read(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

async function eachPoint(work: (at: number) => Promise<void>, sideBySide = 1): Promise<void> {
  let next = 1;
  const worker = async () => {
    for (let at = next++; at <= points; at = next++) await work(at);
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
}
