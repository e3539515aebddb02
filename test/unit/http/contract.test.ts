import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { type SpecData, Validator } from '@seriousme/openapi-schema-validator';
import * as routes from '../../../src/hosts/http/routes.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { createDemoModel } from '../../../src/models/demo/demoModel.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import type { AgentName } from '../../../src/workflow/engine/events.ts';
import type { RunView } from '../../../src/workflow/runState.ts';
import { scriptedModel, text } from '../agents/scriptedModel.ts';
import { type ApiServerOptions, openApi } from './apiServer.ts';
import { connect } from './documentClient.ts';
import { readEvents } from './sse.ts';

const seed = {
  request: 'Build user authentication system',
  requirements: ['OAuth support', 'MFA capability'],
  constraints: ['Must use existing user table'],
};

const approve = { choice: 'approve' };

async function open(t: TestContext, options?: ApiServerOptions) {
  const api = await openApi(t, options);
  return { ...api, client: await connect(api.port) };
}

const atPlanGate = ({ openGates }: RunView) => openGates.some(({ kind }) => kind === 'plan-approval');
const allBuilt = ({ tasks }: RunView) => {
  const states = Object.values(tasks);
  return states.length === 4 && states.every(({ state }) => state === 'done');
};

test('the document is valid OpenAPI and describes every contract shape by its name', async (t) => {
  const { client } = await open(t);
  const { valid, errors } = await new Validator().validate(structuredClone(client.document) as unknown as SpecData);
  assert.ok(valid, JSON.stringify(errors));
  for (const name of ['Input', 'Plan', 'Review', 'Refinement', 'Proposal', 'Output', 'Context', 'Status', 'Problem']) {
    assert.ok(client.document.components.schemas[name], name);
  }
});

test('a posted request is accepted and its status has what the contract names', async (t) => {
  const { client, until } = await open(t);
  const { id, status, links } = await client.call(routes.startRun, { body: seed });
  assert.ok(['queued', 'in_progress'].includes(status));
  assert.equal(links.status, `/api/workflows/${id}/status`);
  const first = await client.call(routes.getStatus, { params: { id } });
  assert.deepEqual(Object.keys(first).sort(), ['currentPhase', 'estimatedCompletion', 'id', 'progress', 'status']);
  assert.equal(first.id, id);
  // The demo model knows one request, and says so of any other.
  await until(id, ({ status }) => status === 'failed').catch(() => undefined);
  const failed = await client.call(routes.getRun, { params: { id } });
  assert.equal(failed.error?.code, 'DEMO_ONLY_SAMPLE');
  assert.equal(failed.context.request.request, seed.request);
  assert.deepEqual(await client.refusal(routes.getPlan, { params: { id } }), [404, 'NOT_FOUND']);
});

test('a run is started, followed, approved and read through the API alone', async (t) => {
  const { client, until, book, port } = await open(t);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  const params = { id };
  const following = readEvents(port, id);
  await until(id, atPlanGate);
  const waiting = await client.call(routes.getStatus, { params });
  assert.deepEqual([waiting.status, waiting.currentPhase], ['waiting', 'refinement']);
  assert.equal((await client.call(routes.getPlan, { params })).tasks.length, 4);
  assert.equal((await client.call(routes.getReview, { params })).score, 88);
  assert.equal((await client.call(routes.getReview, { params, query: { round: 0 } })).score, 54.5);
  assert.deepEqual(await client.refusal(routes.getOutput, { params }), [404, 'NOT_FOUND']);

  const [gate] = (await client.call(routes.getGates, { params })).items;
  assert.equal(gate?.kind, 'plan-approval');
  const gateId = gate?.id ?? '';
  await client.call(routes.decideGate, { params: { id, gateId }, body: approve });
  await until(id, allBuilt);
  const { items: proposals } = await client.call(routes.getProposals, { params });
  assert.ok(proposals.length >= 4);
  assert.ok(proposals.every(({ hunks }) => hunks.length > 0));
  for (const { state } of book.latest(id)) await book.acceptAll(id, 1, state.id, 'test');

  const { events, ended } = await following;
  assert.ok(ended);
  assert.equal(JSON.parse(events.at(-1)?.data ?? '').event.type, 'workflow.completed');
  assert.deepEqual(
    events.map(({ id }) => Number(id)),
    events.map((_, index) => index + 1),
  );
  const whole = await client.call(routes.getRun, { params });
  assert.deepEqual([whole.status, whole.progress, whole.seq], ['completed', 100, events.length]);
  assert.equal(whole.context.metrics?.planScore, 88);
  assert.equal((await client.call(routes.getOutput, { params })).metrics.testCoverage, null);
  const report = await client.call(routes.getReport, { params });
  assert.deepEqual(
    report.trace?.requirements.map(({ id: requirement, state }) => `${requirement} ${state}`),
    ['R1 unchecked', 'R2 unchecked', 'R3 unchecked', 'R4 unchecked', 'R5 unchecked'],
  );
  const logged = await client.call(routes.getEvents, { params, query: { limit: 1000 } });
  assert.deepEqual(
    logged.items,
    events.map(({ data }) => JSON.parse(data)),
  );
});

test('the report is JSON, or Markdown for who asks, of every attempt', async (t) => {
  const { client, until } = await open(t);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  const params = { id };
  await until(id, atPlanGate);
  await client.call(routes.restartRun, { params, body: { from: 'review' } });
  await until(id, (now) => now.attempt === 2 && atPlanGate(now));
  const asked = async (accept: string, query = {}) => {
    const { headers, body } = await client.ask('get', '/api/workflows/{id}/report', {
      params,
      query,
      headers: { accept },
    });
    return [headers.get('content-type')?.split(';')[0], body] as const;
  };
  for (const accept of ['*/*', 'application/json', 'text/html', 'nonsense'])
    assert.equal((await asked(accept))[0], 'application/json', accept);
  const [type, markdown] = await asked('text/markdown, application/json;q=0.5');
  assert.equal(type, 'text/markdown');
  assert.match(String(markdown), /^# Slugs for real-world titles\n[\s\S]*attempt 2/);
  const first = await client.call(routes.getReport, { params, query: { attempt: 1 } });
  assert.deepEqual([first.attempt, first.request], [1, sampleInput.request]);
  assert.equal((await client.call(routes.getReport, { params })).attempt, 2);
  const refusal = await client.refusal(routes.getReport, { params, query: { attempt: 3 } });
  assert.deepEqual(refusal, [404, 'NOT_FOUND']);
});

test('the time left is told once another run has taken its time', async (t) => {
  let thinksForever = false;
  const model = (agent: AgentName): LanguageModelV4 => {
    const demo = createDemoModel({ agent, speed: 0, clock: systemClock });
    return thinksForever ? { ...demo, doStream: () => new Promise(() => {}) } : demo;
  };
  const { client, until, book } = await open(t, { model });
  const first = await client.call(routes.startRun, { body: sampleInput });
  const { openGates } = await until(first.id, atPlanGate);
  await client.call(routes.decideGate, { params: { id: first.id, gateId: openGates[0]?.id ?? '' }, body: approve });
  await until(first.id, allBuilt);
  for (const { state } of book.latest(first.id)) await book.rejectAll(first.id, 1, state.id, 'test');
  await until(first.id, ({ status }) => status === 'completed');
  thinksForever = true;
  const second = await client.call(routes.startRun, { body: sampleInput });
  await until(second.id, ({ currentPhase }) => currentPhase === 'planning');
  const { status, estimatedCompletion } = await client.call(routes.getStatus, { params: { id: second.id } });
  assert.equal(status, 'in_progress');
  assert.equal(estimatedCompletion, new Date(estimatedCompletion ?? '').toISOString());
});

test('events are read in pages that join without a gap', async (t) => {
  const { client, until, view } = await open(t);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  await until(id, atPlanGate);
  const seen: number[] = [];
  for (let after = 0, more = true; more; ) {
    const page = await client.call(routes.getEvents, { params: { id }, query: { after, limit: 3 } });
    seen.push(...page.items.map(({ seq }) => seq));
    after = page.last;
    more = page.more;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: view(id).seq }, (_, index) => index + 1),
  );
});

test('runs are listed newest first, in pages, and by status', async (t) => {
  // A model that never finds words leaves its run where it is.
  const { client } = await open(t, { model: () => scriptedModel(() => text('not a plan')) });
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { id } = await client.call(routes.startRun, { body: { request: `Request ${n}` } });
    ids.unshift(id);
  }
  await client.call(routes.cancelRun, { params: { id: ids[1] ?? '' } });
  const listed: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await client.call(routes.listRuns, { query: { limit: 2, ...(cursor ? { cursor } : {}) } });
    assert.ok(page.items.length <= 2);
    listed.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  assert.deepEqual(listed, ids);
  const cancelled = await client.call(routes.listRuns, { query: { status: 'cancelled' } });
  assert.deepEqual(
    cancelled.items.map(({ id }) => id),
    [ids[1]],
  );
  assert.deepEqual(await client.refusal(routes.listRuns, { query: { cursor: 'nonsense' } }), [422, 'INVALID_INPUT']);
  assert.deepEqual(await client.refusal(routes.listRuns, { query: { limit: 0 } }), [422, 'INVALID_INPUT']);
});

test('a run whose events are lost is not listed, and hides no other', async (t) => {
  const { client, store } = await open(t);
  store.createRun({ request: 'lost', requirements: [] }, { model: 'demo', workspace: 'slugs' });
  const { id } = await client.call(routes.startRun, { body: seed });
  store.createRun({ request: 'lost', requirements: [] }, { model: 'demo', workspace: 'slugs' });
  const { items } = await client.call(routes.listRuns);
  assert.deepEqual(
    items.map((item) => item.id),
    [id],
  );
});

test('a run is paused, resumed, cancelled and restarted from a phase', async (t) => {
  const { client, until, view } = await open(t);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  const params = { id };
  await until(id, atPlanGate);
  assert.equal((await client.call(routes.pauseRun, { params })).status, 'waiting');
  assert.equal((await client.call(routes.getRun, { params })).paused, true);
  await client.call(routes.resumeRun, { params });
  assert.equal((await client.call(routes.getRun, { params })).paused, false);
  assert.equal((await client.call(routes.cancelRun, { params })).status, 'cancelled');
  assert.deepEqual(await client.refusal(routes.pauseRun, { params }), [409, 'CONFLICT']);
  await client.call(routes.restartRun, { params, body: { from: 'review' } });
  const again = await until(id, (now) => now.attempt === 2 && atPlanGate(now));
  assert.equal(again.phases.planning.state, view(id).phases.planning.state);
  assert.deepEqual(await client.refusal(routes.restartRun, { params, body: { from: 'testing' } }), [
    422,
    'INVALID_INPUT',
  ]);
});

test('a gate takes only decisions the run can use, and each gate one of them', async (t) => {
  const { client, until } = await open(t);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  const { openGates } = await until(id, atPlanGate);
  const gateId = openGates[0]?.id ?? '';
  const decide = (body: unknown, gate = gateId) =>
    client.refusal(routes.decideGate, { params: { id, gateId: gate }, body });
  assert.deepEqual(await decide({ choice: 'perhaps' }), [422, 'INVALID_INPUT']);
  assert.deepEqual(await decide({ choice: 'refine', note: ' ' }), [422, 'INVALID_INPUT']);
  assert.deepEqual(await decide({ choice: 'edit' }), [422, 'INVALID_INPUT']);
  assert.deepEqual(await decide({ choice: 'edit', data: { plan: '{"title":' } }), [422, 'INVALID_INPUT']);
  assert.deepEqual(await decide({ choice: 'edit', data: { plan: '{"title":"x"}' } }), [422, 'INVALID_INPUT']);
  assert.deepEqual(await decide(approve, 'no/such/gate'), [404, 'NOT_FOUND']);
  await client.call(routes.decideGate, { params: { id, gateId }, body: approve });
  assert.deepEqual(await decide(approve), [409, 'CONFLICT']);

  const built = await until(id, ({ openGates }) => openGates.some(({ kind }) => kind === 'proposal'));
  const proposalGate = built.openGates.find(({ kind }) => kind === 'proposal')?.id ?? '';
  // Nobody has looked at its hunks: passing the gate would leave them behind undecided.
  assert.deepEqual(await decide({ choice: 'settled' }, proposalGate), [409, 'CONFLICT']);
  const noHunk = { choice: 'change', note: 'shorter', data: { hunkId: 'H99' } };
  assert.deepEqual(await decide(noHunk, proposalGate), [422, 'INVALID_INPUT']);
});

test('a decision names the API as its maker, whatever the body says', async (t) => {
  const { client, until, view } = await open(t);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  const { openGates } = await until(id, atPlanGate);
  const body = { choice: 'approve', by: 'developer' };
  await client.call(routes.decideGate, { params: { id, gateId: openGates[0]?.id ?? '' }, body });
  assert.equal(view(id).decisions[0]?.decision.by, 'api');
});

test('a run that another process runs can be decided here, and is told what to do there', async (t) => {
  const there = await open(t);
  const here = await open(t, { folder: there.folder, database: there.database });
  const { id } = await there.client.call(routes.startRun, { body: sampleInput });
  const { openGates } = await there.until(id, atPlanGate);
  const params = { id };
  assert.deepEqual(await here.client.refusal(routes.cancelRun, { params }), [409, 'RUN_BUSY']);
  assert.deepEqual(await here.client.refusal(routes.resumeRun, { params }), [409, 'RUN_BUSY']);
  assert.deepEqual(await here.client.refusal(routes.restartRun, { params, body: { from: 'planning' } }), [
    409,
    'RUN_BUSY',
  ]);
  const gateId = openGates[0]?.id ?? '';
  await here.client.call(routes.decideGate, { params: { id, gateId }, body: approve });
  await there.until(id, ({ currentPhase }) => currentPhase === 'implementation');
});

test('what does not exist is refused on every path of a run', async (t) => {
  const { client } = await open(t);
  const params = { id: 'nobody', gateId: 'none' };
  for (const [path, operations] of Object.entries(client.document.paths)) {
    if (!path.includes('{id}')) continue;
    for (const method of Object.keys(operations)) {
      const body = path.endsWith('restart') ? { from: 'review' } : path.includes('{gateId}') ? approve : undefined;
      const args = body === undefined ? { params } : { params, body };
      assert.deepEqual(await client.refusal({ method, path, responses: {} }, args), [404, 'NOT_FOUND'], path);
    }
  }
});

test('metrics are there when the host has some', async (t) => {
  const { client } = await open(t, { metricsText: () => 'planwright_runs 3\n' });
  const { body } = await client.ask('get', '/metrics');
  assert.equal(body, 'planwright_runs 3\n');
  const without = await open(t);
  assert.equal(without.client.document.paths['/metrics'], undefined);
});
