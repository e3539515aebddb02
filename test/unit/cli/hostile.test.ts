import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, openSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { mainFile, openPlace, written } from './cliProcess.ts';

/** Streams that go away, disks that are full and databases that are damaged are told, and stop no more than they must. */

test('results that cannot be written are told, and the command fails', {
  skip: !existsSync('/dev/full'),
}, async (t) => {
  const { env, folder } = await openPlace(t);
  const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
  const { status, stderr } = spawnSync(process.execPath, [mainFile, '--help'], { cwd: folder, env, stdio: [...stdio] });
  assert.equal(status, 1);
  assert.match(String(stderr), /The results cannot be written: ENOSPC/);
});

test('a server goes on when nobody reads its log any more', async (t) => {
  const place = await openPlace(t);
  const env = { PLANWRIGHT_TOKEN: 'a-token-for-tests' };
  const triggers = join(place.data, 'triggers.json');
  await writeFile(triggers, JSON.stringify([{ id: 'tidy', kind: 'manual', input: { request: 'x' } }]));
  const { child, ended } = place.start(['serve', '--model', 'demo', '--triggers', triggers], env);
  const [, url = ''] = /at (http:\S+);/.exec(await written(child.stderr, /at http:\S+;/)) ?? [];
  child.stderr.destroy();
  const headers = { authorization: 'Bearer a-token-for-tests' };
  for (let n = 0; n < 2; n++) {
    const ran = await fetch(`${url}/api/triggers/tidy/run`, { method: 'POST', headers });
    assert.equal(ran.status, 202);
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
});

test('a damaged database is told by whichever command meets it first', async (t) => {
  const place = await openPlace(t);
  const database = databasePath(place.data, place.folder);
  await mkdir(join(database, '..'), { recursive: true });
  writeFileSync(database, 'This is no database. '.repeat(1000));
  const { code, stderr } = await place.cli(['list']);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /The database was damaged\. 0 runs could be read and are kept; the damaged file is \S+damaged-\d+\./,
  );
  assert.equal(globSync(`${database}.damaged-*`).length, 1);
});

test('a database is in a folder for the developer alone, and one that cannot be made is told with what to do', async (t) => {
  const { data, folder } = await openPlace(t);
  const path = databasePath(data, folder);
  openDatabase(path).db.close();
  if (process.platform !== 'win32') assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  const file = join(data, 'a-file');
  await writeFile(file, '');
  assert.throws(() => openDatabase(databasePath(file, folder)), {
    code: 'STORAGE',
    message: /cannot be made \(ENOTDIR\)/,
    hint: /--data-dir/,
  });
});
