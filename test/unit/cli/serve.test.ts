import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { discover } from '../../../src/hosts/http/discovery.ts';
import { openPlace } from './cliProcess.ts';

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

test('a port that is none is wrong use', async (t) => {
  const place = await openPlace(t);
  const { code, stderr } = await place.cli(['serve', '--port', '99999']);
  assert.equal(code, 2);
  assert.match(stderr, /not a port/);
});
