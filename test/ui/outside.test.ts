import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { startReceiver } from '../unit/otlp/receiver.ts';

/**
 * A real window and what is outside of it: a run started over HTTP is the developer's to see and to decide, and what it
 * does is pushed to a receiver that the settings name, and to nobody otherwise.
 */

let workbench: Workbench;
const receiver = await startReceiver({ after });
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

test('traces and headers reach the receiver that is set, after it is set; the headers are in no file', async () => {
  assert.equal(receiver.requests.length, 0);
  await workbench.setSettings({ 'planwright.otlp.endpoint': receiver.url });
  await arrives(() => receiver.spans().some(({ name }) => name === 'phase planning'));
  assert.equal(receiver.requests[0]?.headers.authorization, undefined);

  await workbench.runCommand('Planwright: Set headers of the OTLP receiver…');
  await workbench.inputBox('Headers for');
  await workbench.page.locator('.quick-input-widget input.input').first().fill('Authorization=Bearer%20hunter2');
  await workbench.page.keyboard.press('Enter');
  await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await workbench.runCommand('Planwright: Cancel workflow');
  await arrives(() => receiver.spans().some(({ attributes }) => attributes['planwright.outcome'] === 'cancelled'));
  assert.equal(receiver.requests.at(-1)?.headers.authorization, 'Bearer hunter2');
  const spans = receiver.spans();
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length, 'each once');
  const logs = globSync('**/*Planwright*.log', { cwd: workbench.scratch }).map((file) =>
    readFileSync(`${workbench.scratch}/${file}`, 'utf8'),
  );
  assert.ok(logs.some((log) => log.includes(`pushed to ${receiver.url}`)));
  assert.doesNotMatch(logs.join('\n'), /hunter2/);
});

async function arrives(holds: () => boolean): Promise<void> {
  for (const until = Date.now() + 30_000; !holds(); ) {
    if (Date.now() > until) throw new Error('It did not arrive within 30 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
