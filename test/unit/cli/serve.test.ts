import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { discover } from '../../../src/hosts/http/discovery.ts';
import { startScriptedServer } from '../../fixtures/openaiServer.ts';
import { openPlace, written } from './cliProcess.ts';

const seed = {
  request: 'Build user authentication system',
  requirements: ['OAuth support', 'MFA capability'],
  constraints: ['Must use existing user table'],
};

test('serves the workspace: the seed request starts a run whose status answers; Ctrl-C ends it', async (t) => {
  const place = await openPlace(t);
  const { child, ended } = place.start(['serve', '--model', 'demo'], { PLANWRIGHT_TOKEN: 'a-token-for-tests' });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  for (let turn = 0; turn < 300 && !said.includes('server.json'); turn++) await wait(50);
  const [, address = '', file = ''] = /at (http:\S+); (.*server\.json)/s.exec(said) ?? [];
  const found = await discover(file);
  assert.equal(found?.token, 'a-token-for-tests');
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${address}${path}`, {
      ...init,
      headers: { authorization: 'Bearer a-token-for-tests', 'content-type': 'application/json' },
    });
  const started = await call('/api/workflows/implementation', { method: 'POST', body: JSON.stringify(seed) });
  assert.equal(started.status, 202);
  const { id } = (await started.json()) as { id: string };
  const status = (await (await call(`/api/workflows/${id}/status`)).json()) as Record<string, unknown>;
  assert.deepEqual(Object.keys(status).sort(), ['currentPhase', 'estimatedCompletion', 'id', 'progress', 'status']);
  assert.equal(status.id, id);
  // The demo model knows the sample's request only: the run fails, and the figures say so.
  for (let turn = 0; turn < 200; turn++) {
    const now = (await (await call(`/api/workflows/${id}/status`)).json()) as { status: string };
    if (now.status === 'failed') break;
    await wait(50);
  }
  assert.match(await (await call('/metrics')).text(), /planwright_/);
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
  assert.equal(await discover(file), null);
});

const noCurl = spawnSync('curl', ['--version']).status === 0 ? false : 'curl is not here';

test('the seed request, posted with curl, is accepted, and its status says how far the run is', {
  skip: noCurl,
}, async (t) => {
  const place = await openPlace(t);
  const model = await startScriptedServer(() => ({ kind: 'hang' }));
  t.after(model.close);
  const args = ['serve', '--model', 'openai-compatible:m', '--base-url', model.url];
  const { child } = place.start(args, { PLANWRIGHT_TOKEN: 'a-token-for-tests' });
  const [, address = ''] = /at (http:\S+);/.exec(await written(child.stderr, /at http:\S+;/)) ?? [];
  const curl = async (...more: string[]) => {
    const always = ['-sS', '-H', 'Authorization: Bearer a-token-for-tests', '-w', '\n%{http_code}'];
    const { stdout } = await promisify(execFile)('curl', [...always, ...more]);
    const [body = '', code] = stdout.split('\n');
    return { code, body: JSON.parse(body) };
  };
  const posted = await curl(
    '-H',
    'Content-Type: application/json',
    '-d',
    '{"request":"Build user authentication system","requirements":["OAuth support","MFA capability"],"constraints":["Must use existing user table"]}',
    `${address}/api/workflows/implementation`,
  );
  assert.equal(posted.code, '202');
  const { code, body } = await curl(`${address}/api/workflows/${posted.body.id}/status`);
  assert.equal(code, '200');
  assert.deepEqual(body, {
    id: posted.body.id,
    status: 'in_progress',
    currentPhase: 'planning',
    progress: body.progress,
    estimatedCompletion: null,
  });
  assert.ok(body.progress >= 0 && body.progress < 100);
});

test('a port that is none is wrong use', async (t) => {
  const place = await openPlace(t);
  const { code, stderr } = await place.cli(['serve', '--port', '99999']);
  assert.equal(code, 2);
  assert.match(stderr, /not a port/);
});
