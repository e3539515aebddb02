import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';

/** The HTTP API of a real window: a run started from outside is the developer's to see and to decide. */

let workbench: Workbench;
let address: string;
let token: string;

before(async () => {
  workbench = await Workbench.launch({ settings: { 'planwright.http.enabled': true } });
  await workbench.open();
});
after(() => workbench.close());

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${address}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
  });

test('a file that only its owner can read says where the window answers', async () => {
  await workbench.runCommand('Planwright: Show workflow');
  for (let wait = 0; wait < 200; wait++) {
    try {
      const file = join(dirname(workbench.database()), 'server.json');
      const found = JSON.parse(readFileSync(file, 'utf8'));
      assert.equal(statSync(file).mode & 0o777, 0o600);
      [address, token] = [`http://127.0.0.1:${found.port}`, found.token];
      break;
    } catch {
      await workbench.page.waitForTimeout(100);
    }
  }
  assert.equal((await call('/healthz')).status, 200);
  assert.equal((await fetch(`${address}/api/workflows`)).status, 401);
});

test('a posted request starts a run, which the panel shows and whose status answers', async () => {
  const answer = await call('/api/workflows/implementation', { method: 'POST', body: JSON.stringify(sampleInput) });
  assert.equal(answer.status, 202);
  const { id } = (await answer.json()) as { id: string };
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  const status = (await (await call(`/api/workflows/${id}/status`)).json()) as object;
  assert.deepEqual(Object.keys(status).sort(), ['currentPhase', 'estimatedCompletion', 'id', 'progress', 'status']);
  const second = await call('/api/workflows/implementation', { method: 'POST', body: JSON.stringify(sampleInput) });
  assert.equal(second.status, 409, 'one run at a time, as in the editor');
});

test('a gate is decided from outside, and nothing is written by it', async () => {
  const runs = (await (await call('/api/workflows')).json()) as { items: { id: string }[] };
  const id = runs.items[0]?.id;
  const gates = (await (await call(`/api/workflows/${id}/gates`)).json()) as { items: { id: string }[] };
  const gate = encodeURIComponent(gates.items[0]?.id ?? '');
  const before = readFileSync(join(workbench.folder, 'src/slug.ts'), 'utf8');
  const decided = await call(`/api/workflows/${id}/gates/${gate}`, {
    method: 'POST',
    body: JSON.stringify({ choice: 'approve' }),
  });
  assert.ok(decided.ok, await decided.text());
  const panel = await workbench.panel();
  await panel.click('[data-testid="tab-work"]');
  await panel.waitForSelector('[data-testid="task-T4"][data-state="done"]', { timeout: 60_000 });
  assert.equal(readFileSync(join(workbench.folder, 'src/slug.ts'), 'utf8'), before);
});
