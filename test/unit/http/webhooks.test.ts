import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { MAX_BODY_BYTES } from '../../../src/hosts/http/guards.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { openApi, token, triggerSecret } from './apiServer.ts';

/** Webhooks as somebody on this machine could send them: signed rightly once, and in every wrong way. */

const triggers = [
  {
    id: 'tickets',
    kind: 'webhook',
    map: { request: '/ticket/title', requirements: '/ticket/wants', constraints: '/ticket/but' },
    limits: { coolDownSeconds: 0, queue: 5 },
  },
  { id: 'issues', kind: 'webhook', source: 'github', label: 'planwright', repository: 'acme/slugs' },
  { id: 'no-secret', kind: 'webhook', input: { request: 'Look' } },
  { id: 'tidy', kind: 'manual', input: { request: sampleInput.request } },
];

const ticket = (title: string) =>
  JSON.stringify({ ticket: { title, wants: ['First', 'Second'], but: '- not this\n- nor that' } });
const sign = (secret: string, text: string) => `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
const now = () => Math.floor(Date.now() / 1000);

async function open(t: TestContext) {
  const api = await openApi(t, { triggers });
  const post = async (path: string, body: string | undefined, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`http://127.0.0.1:${api.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
  return {
    ...api,
    post,
    deliver: (body: string, { stamp = now(), secret = triggerSecret, id = 'tickets', signed = body } = {}) =>
      post(`/api/triggers/${id}`, body, {
        'planwright-timestamp': String(stamp),
        'planwright-signature': sign(secret, `${stamp}.${signed}`),
      }),
  };
}

test('a signed webhook starts a run with the request its body has, and the run says what started it', async (t) => {
  const { deliver, view, runner } = await open(t);
  const { status, body } = await deliver(ticket('Make slugs'));
  assert.equal(status, 202);
  assert.equal(body.outcome, 'started');
  const { input, trigger } = view(body.run);
  assert.deepEqual(input, {
    request: 'Make slugs',
    requirements: ['First', 'Second'],
    constraints: ['not this', 'nor that'],
  });
  assert.equal(trigger?.id, 'tickets');
  await runner.stop();
});

test('a replayed webhook is refused, also after a restart', async (t) => {
  const first = await open(t);
  const stamp = now();
  assert.equal((await first.deliver(ticket('Once'), { stamp })).status, 202);
  const again = await first.deliver(ticket('Once'), { stamp });
  assert.deepEqual([again.status, again.body.code], [409, 'CONFLICT']);
  await first.close();
  const second = await openApi(t, { folder: first.folder, database: first.database, triggers });
  const response = await fetch(`http://127.0.0.1:${second.port}/api/triggers/tickets`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'planwright-timestamp': String(stamp),
      'planwright-signature': sign(triggerSecret, `${stamp}.${ticket('Once')}`),
    },
    body: ticket('Once'),
  });
  assert.equal(response.status, 409);
  assert.equal(second.store.listRuns().length, 1);
});

test('a wrong signature, another body, a stale or a future time are refused, and nothing starts', async (t) => {
  const { deliver, post, store } = await open(t);
  const body = ticket('Evil');
  const refusals = [
    await deliver(body, { secret: 'another secret of enough characters' }),
    await deliver(body, { signed: ticket('Good') }),
    await deliver(body, { stamp: now() - 301 }),
    await deliver(body, { stamp: now() + 301 }),
    await deliver(body, { id: 'nobody' }),
    await deliver(body, { id: 'tidy' }),
    await deliver(body, { id: 'no-secret', secret: '' }),
    await post('/api/triggers/tickets', body, {}),
    await post('/api/triggers/tickets', body, { authorization: `Bearer ${token}` }),
    // Signed as GitHub does, for a trigger that is not GitHub's.
    await post('/api/triggers/tickets', body, { 'x-hub-signature-256': sign(triggerSecret, body) }),
    await post('/api/triggers/tickets', body, {
      'planwright-timestamp': 'NaN',
      'planwright-signature': sign(triggerSecret, `NaN.${body}`),
    }),
  ];
  for (const { status, body: problem } of refusals) assert.deepEqual([status, problem.code], [401, 'UNAUTHORIZED']);
  assert.equal(store.listRuns().length, 0);
});

test('an oversized body, one that is not JSON or not declared so, a foreign Host and Origin are refused', async (t) => {
  const { deliver, post, store, port } = await open(t);
  const big = await deliver(JSON.stringify({ ticket: { title: 'x'.repeat(MAX_BODY_BYTES) } }));
  assert.deepEqual([big.status, big.body.code], [413, 'TOO_LARGE']);
  assert.equal((await deliver('{')).status, 422);
  assert.equal((await deliver(JSON.stringify({ ticket: {} }))).status, 422);
  assert.equal((await deliver(JSON.stringify({ ticket: { title: 'x', wants: [1] } }))).status, 422);
  assert.equal((await post('/api/triggers/tickets', '{}', { 'content-type': 'text/plain' })).status, 415);
  assert.equal((await post('/api/triggers/tickets', '{}', { origin: 'https://example.com' })).status, 403);
  const get = await fetch(`http://127.0.0.1:${port}/api/triggers/tickets`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST']);
  assert.equal(store.listRuns().length, 0);
});

test('a GitHub issue that gets the label starts a run; the same delivery, or the same body under another id, does not', async (t) => {
  const { post, view, store, runner } = await open(t);
  const issue = (label: string, over: object = {}) =>
    JSON.stringify({
      action: 'labeled',
      label: { name: label },
      repository: { full_name: 'acme/slugs' },
      issue: {
        number: 7,
        title: 'Slugs for titles',
        body: 'As a reader …',
        html_url: 'https://github.com/acme/slugs/issues/7',
      },
      ...over,
    });
  const send = (body: string, id: string, event = 'issues') =>
    post('/api/triggers/issues', body, {
      'x-hub-signature-256': sign(triggerSecret, body),
      'x-github-event': event,
      'x-github-delivery': id,
    });
  assert.equal((await send('{"zen":"…"}', 'd0', 'ping')).body.outcome, 'ignored');
  assert.equal((await send(issue('bug'), 'd1')).body.outcome, 'ignored');
  assert.equal(
    (await send(issue('planwright', { repository: { full_name: 'evil/slugs' } }), 'd2')).body.outcome,
    'ignored',
  );
  const { status, body } = await send(issue('planwright'), 'd3');
  assert.equal(status, 202);
  const { input, trigger } = view(body.run);
  assert.equal(input.request, 'Slugs for titles\n\nAs a reader …');
  assert.equal(trigger?.cause, 'issue #7 “Slugs for titles” of acme/slugs got the label planwright');
  assert.equal((await send(issue('planwright'), 'd3')).status, 409);
  assert.equal((await send(issue('planwright'), 'd4')).status, 409);
  const forged = await post('/api/triggers/issues', issue('planwright'), {
    'x-hub-signature-256': sign('another secret of enough characters', issue('planwright')),
    'x-github-event': 'issues',
    'x-github-delivery': 'd5',
  });
  assert.equal(forged.status, 401);
  assert.equal(store.listRuns().length, 1);
  await runner.stop();
});

test('a trigger is listed and run by hand with the token, and not without', async (t) => {
  const { post, port, store, runner } = await open(t);
  assert.equal((await post('/api/triggers/tidy/run', undefined, {})).status, 401);
  const authorization = `Bearer ${token}`;
  const ran = await post('/api/triggers/tidy/run', undefined, { authorization });
  assert.deepEqual([ran.status, ran.body.outcome], [202, 'started']);
  const listed = await fetch(`http://127.0.0.1:${port}/api/triggers`, { headers: { authorization } });
  const { items } = (await listed.json()) as { items: { id: string; last: { run: string } | null; problem: string }[] };
  assert.equal(items.find(({ id }) => id === 'tidy')?.last?.run, store.listRuns()[0]?.id);
  assert.equal(items.find(({ id }) => id === 'no-secret')?.problem, 'it has no secret yet');
  assert.equal((await post('/api/triggers/tickets/run', undefined, { authorization })).status, 409);
  await runner.stop();
});

test('the limits of a webhook say when to come again', async (t) => {
  const { post, runner } = await open(t);
  const send = (title: string) => {
    const body = JSON.stringify({
      action: 'labeled',
      label: { name: 'planwright' },
      repository: { full_name: 'acme/slugs' },
      issue: { number: 1, title, body: '' },
    });
    return post('/api/triggers/issues', body, {
      'x-hub-signature-256': sign(triggerSecret, body),
      'x-github-event': 'issues',
      'x-github-delivery': title,
    });
  };
  assert.equal((await send('one')).status, 202);
  const { status, headers, body } = await send('two');
  assert.deepEqual([status, body.code], [429, 'RATE_LIMIT']);
  assert.ok(Number(headers.get('retry-after')) > 0);
  await runner.stop();
});
