import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { announce, discover, newToken } from '../../../src/hosts/http/discovery.ts';
import { serve } from '../../../src/hosts/http/server.ts';

async function discoveryFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planwright-discovery-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'deeper', 'server.json');
}

const server = { port: 4711, token: 'secret', workspace: '/some/folder' };

/** The id of a process that was there and is gone. */
function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  return new Promise((resolve) => child.on('close', () => resolve(child.pid ?? 0)));
}

test('a server is told of to its owner alone, and no more once it is closed', async (t) => {
  const file = await discoveryFile(t);
  const takeBack = await announce(file, server);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(file, '..')), ['server.json']);
  assert.deepEqual(await discover(file), { ...server, pid: process.pid });
  await takeBack();
  assert.equal(await discover(file), null);
  assert.deepEqual(await readdir(join(file, '..')), []);
});

test('what a dead process left behind is not believed, and gives way', async (t) => {
  const file = await discoveryFile(t);
  const takeBack = await announce(file, server);
  await takeBack();
  await writeFile(file, JSON.stringify({ ...server, pid: await deadPid() }));
  assert.equal(await discover(file), null);
  await announce(file, { ...server, token: 'new' });
  assert.equal((await discover(file))?.token, 'new');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test('a process that has the number of the one that served, and serves nothing, gives way', async (t) => {
  const file = await discoveryFile(t);
  const { port, close } = await serve({ fetch: () => new Response() }, { port: 0 });
  await announce(file, { ...server, port });
  await close();
  await announce(file, { ...server, token: 'new' });
  assert.equal((await discover(file))?.token, 'new');
});

test('a file that says nothing useful gives way', async (t) => {
  const file = await discoveryFile(t);
  await (await announce(file, server))();
  for (const text of ['', '{', '[]', '{"port":0,"token":"","pid":1,"workspace":""}']) {
    await writeFile(file, text);
    assert.equal(await discover(file), null, text);
  }
  await announce(file, server);
  assert.ok(await discover(file));
});

test('one server a workspace: a second is refused and leaves the first where it is', async (t) => {
  const file = await discoveryFile(t);
  const { port, close } = await serve({ fetch: () => new Response() }, { port: 0 });
  t.after(close);
  const takeBack = await announce(file, { ...server, port });
  await assert.rejects(announce(file, { ...server, token: 'other' }), {
    code: 'CONFLICT',
    message: `Process ${process.pid} serves this workspace already, at http://127.0.0.1:${port}.`,
  });
  assert.equal((await discover(file))?.token, 'secret');
  // What another has put there meanwhile is not taken away.
  await writeFile(file, JSON.stringify({ ...server, token: 'later', pid: process.pid }));
  await takeBack();
  assert.match(await readFile(file, 'utf8'), /later/);
});

test('tokens are long and never the same', () => {
  const tokens = Array.from({ length: 100 }, newToken);
  assert.equal(new Set(tokens).size, 100);
  assert.ok(tokens.every((token) => /^[\w-]{43}$/.test(token)));
});
