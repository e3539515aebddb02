import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredEvent } from '../../../src/workflow/engine/events.ts';
import { Metrics } from '../../../src/workflow/metrics/metrics.ts';
import { follow, noTrace } from '../../../src/workflow/telemetry/runTrace.ts';
import { type Span, traceIdOf } from '../../../src/workflow/telemetry/span.ts';
import { openStore } from '../metrics/folder.ts';
import { generateRuns } from '../metrics/generatedRuns.ts';
import { gate, log, phaseStarted, plan, started, task } from '../runState/events.ts';

function traced(events: readonly StoredEvent[], before = noTrace) {
  let trace = before;
  const spans: Span[] = [];
  for (const stored of events) {
    const next = follow(trace, stored);
    trace = next.trace;
    spans.push(...next.spans);
  }
  return { trace, spans };
}

const usage = {
  type: 'usage',
  agent: 'implementer',
  taskId: 'T1',
  model: 'gpt-5',
  provider: 'openai.responses',
  inputTokens: 100,
  cachedInputTokens: 40,
  outputTokens: 20,
  reasoningTokens: 5,
  durationMs: 700,
  firstTokenMs: 250,
  cost: 0.5,
} as const;
const output = {
  implementation: '',
  documentation: '',
  tests: [],
  metrics: { planScore: 1, implementationTime: 1, testCoverage: null },
};

describe('the trace of a run', () => {
  it('has a span for the run, its phases, tasks, waits, checks and model calls, each within what it is a part of', () => {
    const result = {
      name: 'npm test',
      kind: 'test',
      outcome: 'failed',
      verdict: 'new failure',
      reason: '',
      newFailures: [],
      durationMs: 900,
      output: '',
    } as const;
    const { spans, trace } = traced(
      log(
        started,
        phaseStarted('planning'),
        { ...usage, agent: 'planner', taskId: undefined as never, endedAt: 2900 },
        { type: 'phase.completed', phase: 'planning', nextPhase: 'review' },
        { type: 'gate.opened', gate: gate('approve', 'plan-approval') },
        { type: 'gate.decided', gateId: 'approve', decision: { choice: 'approve', by: 'developer' } },
        phaseStarted('implementation'),
        { type: 'task.started', taskId: 'T1' },
        { type: 'retry', step: 's', retry: 1, delayMs: 1000, error: { code: 'RATE_LIMIT', message: 'slow down' } },
        { ...usage, endedAt: 9500 },
        { type: 'check.started', taskId: 'T1', round: 1, names: ['npm test'] },
        { type: 'check.completed', taskId: 'T1', round: 1, results: [result] },
        { type: 'task.completed', taskId: 'T1', summary: '', proposalIds: ['a'] },
        { type: 'phase.completed', phase: 'implementation', nextPhase: null },
        { type: 'workflow.completed', output },
      ),
    );
    assert.equal(trace.open.size, 0);
    const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
    assert.deepEqual(
      spans.map(({ name, parentSpanId = '', start, end, status }) => [
        name,
        names.get(parentSpanId),
        start,
        end,
        status,
      ]),
      [
        ['chat gpt-5', 'phase planning', 2200, 2900, 'unset'],
        ['phase planning', 'invoke_workflow planwright', 2000, 4000, 'ok'],
        ['wait plan-approval', 'invoke_workflow planwright', 5000, 6000, 'ok'],
        ['chat gpt-5', 'task T1', 8800, 9500, 'unset'],
        ['checks', 'task T1', 11_000, 12_000, 'error'],
        ['task T1', 'phase implementation', 8000, 13_000, 'ok'],
        ['phase implementation', 'invoke_workflow planwright', 7000, 14_000, 'ok'],
        ['invoke_workflow planwright', undefined, 1000, 15_000, 'ok'],
      ],
    );
    assert.deepEqual(spans[3]?.attributes, {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.response.model': 'gpt-5',
      'gen_ai.agent.name': 'implementer',
      'gen_ai.conversation.id': 'run-1',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.25,
      'planwright.cost': 0.5,
      'planwright.task.id': 'T1',
    });
    assert.equal(spans[3]?.kind, 'client');
    assert.deepEqual(
      spans
        .find(({ name }) => name === 'phase implementation')
        ?.events.map(({ name, attributes }) => [name, attributes['error.type']]),
      [['retry', 'RATE_LIMIT']],
    );
  });

  it('goes on under its first span when the run goes on after its end, and traces no replay twice', () => {
    const { spans } = traced(
      log(
        started,
        phaseStarted('planning'),
        { type: 'phase.completed', phase: 'planning', nextPhase: 'review' },
        phaseStarted('review'),
        { type: 'workflow.failed', error: { code: 'QUOTA', message: '' } },
        { type: 'workflow.resumed' },
        { type: 'workflow.cancelled' },
        { attempt: 2, event: { type: 'workflow.restarted', from: 'review', sourceAttempt: 1 } },
        { attempt: 2, event: phaseStarted('planning') },
        { attempt: 2, event: usage },
        { attempt: 2, event: { type: 'phase.completed', phase: 'planning', nextPhase: 'review' } },
        { attempt: 2, event: phaseStarted('review') },
        { attempt: 2, event: { type: 'workflow.completed', output } },
      ),
    );
    assert.deepEqual(
      spans.map(({ name, attributes }) => [name, attributes['planwright.outcome']]),
      [
        ['phase planning', undefined],
        ['phase review', undefined],
        ['invoke_workflow planwright', 'failed'],
        ['phase review', undefined],
        ['invoke_workflow planwright', 'cancelled'],
        ['phase review', undefined],
        ['invoke_workflow planwright', 'completed'],
      ],
    );
    const root = spans[2];
    assert.equal(root?.parentSpanId, undefined);
    assert.equal(spans[3]?.parentSpanId, spans[4]?.spanId);
    assert.deepEqual([spans[4]?.parentSpanId, spans[6]?.parentSpanId], [root?.spanId, root?.spanId]);
    assert.equal(root?.attributes['error.type'], 'QUOTA');
  });

  it('says nothing that a person or a model wrote', () => {
    const secret = 'hunter2';
    const events = log(
      { ...started, input: { request: secret, requirements: [secret] }, workspace: secret } as typeof started,
      phaseStarted('planning'),
      { type: 'plan.updated', plan: plan(task('T1', [], { title: secret, description: secret })), round: 0 },
      { type: 'agent.acted', agent: 'planner', tool: 'read_file', summary: `${secret}.ts` },
      { type: 'gate.opened', gate: { ...gate('g', 'questions'), title: secret, question: secret } },
      {
        type: 'gate.decided',
        gateId: 'g',
        decision: { choice: 'answer', note: secret, data: { Q1: secret }, by: secret },
      },
      { type: 'retry', step: secret, retry: 1, delayMs: 1, error: { code: 'TIMEOUT', message: secret } },
      { type: 'check.started', round: 1, names: [secret] },
      {
        type: 'check.completed',
        round: 1,
        results: [
          {
            name: secret,
            kind: 'test',
            outcome: 'failed',
            verdict: 'new failure',
            reason: secret,
            newFailures: [secret],
            durationMs: 1,
            output: secret,
          },
        ],
      },
      { type: 'task.started', taskId: 'T1' },
      { type: 'task.failed', taskId: 'T1', error: { code: 'NONSENSE', message: secret } },
      { type: 'workflow.failed', error: { code: 'INTERNAL', message: secret, hint: secret } },
    );
    const { spans } = traced(events);
    assert.equal(spans.length, 5);
    assert.doesNotMatch(JSON.stringify(spans), new RegExp(secret));
  });

  it('keeps of very many events the first 128, and counts the others', () => {
    const acted = { type: 'agent.acted', agent: 'planner', tool: 'look', summary: '' } as const;
    const { spans } = traced(
      log(started, phaseStarted('planning'), ...Array.from({ length: 1000 }, () => acted), {
        type: 'workflow.cancelled',
      }),
    );
    assert.deepEqual([spans[0]?.events.length, spans[0]?.droppedEvents], [128, 872]);
  });
});

describe('the traces of 300 generated runs', () => {
  it('are whole: one trace and one root each, unique ids, known parents, and what the metrics count', (t) => {
    const opened = openStore(t);
    const ids = generateRuns(opened, { count: 300, seed: 31 });
    const metrics = new Metrics(opened.db, opened.store, opened.clock).dashboard('all');
    const seen = new Set<string>();
    let [calls, phases, checked] = [0, 0, 0];
    for (const id of ids) {
      const events = opened.store.events(id, 0);
      const { spans, trace } = traced(events);
      const known = new Set([...spans, ...trace.open.values()].map(({ spanId }) => spanId));
      for (const span of spans) {
        assert.equal(span.traceId, traceIdOf(id));
        assert.ok(!seen.has(span.spanId), 'an id is of one span');
        seen.add(span.spanId);
        assert.ok(
          span.parentSpanId === undefined || known.has(span.parentSpanId),
          `${span.name} is a part of something`,
        );
        assert.ok(span.end >= span.start);
      }
      const roots = [...spans, ...trace.open.values()].filter(({ parentSpanId }) => parentSpanId === undefined);
      assert.equal(roots.length, 1);
      const ended = /^workflow\.(completed|failed|cancelled)$/.test(events.at(-1)?.event.type ?? '');
      assert.equal(trace.open.has('run'), !ended, events.at(-1)?.event.type);
      calls += spans.filter(({ kind }) => kind === 'client').length;
      phases += spans.filter(({ name, status }) => name.startsWith('phase ') && status === 'ok').length;
      checked += spans.filter(({ name }) => name === 'checks').flatMap((span) => span.events).length;
    }
    assert.equal(calls, metrics.usage.calls);
    assert.equal(
      phases,
      metrics.phases.reduce((sum, { count }) => sum + count, 0),
    );
    assert.equal(
      checked,
      metrics.checks.reduce((sum, { passed, failed, notRun }) => sum + passed + failed + notRun, 0),
    );
  });

  it('are the same wherever the log is cut in two', (t) => {
    const opened = openStore(t);
    for (const id of generateRuns(opened, { count: 15, seed: 32 })) {
      const events = opened.store.events(id, 0);
      const whole = traced(events).spans;
      for (let cut = 0; cut <= events.length; cut += 7) {
        const first = traced(events.slice(0, cut));
        assert.deepEqual([...first.spans, ...traced(events.slice(cut), first.trace).spans], whole);
      }
    }
  });
});
