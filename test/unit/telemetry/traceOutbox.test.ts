import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Store } from '../../../src/workflow/engine/store.ts';
import { follow, noTrace } from '../../../src/workflow/telemetry/runTrace.ts';
import type { Span } from '../../../src/workflow/telemetry/span.ts';
import { TraceOutbox } from '../../../src/workflow/telemetry/traceOutbox.ts';
import { openStore } from '../metrics/folder.ts';
import { generateRuns, NOW } from '../metrics/generatedRuns.ts';

function openOutbox(t: TestContext, path?: string) {
  const opened = openStore(t, path);
  const outbox = new TraceOutbox(opened.db, opened.store, opened.clock);
  t.after(() => outbox.dispose());
  return { ...opened, outbox };
}

/** Every span of every run, straight from the logs. */
function allSpans(store: Store): Map<string, Span> {
  const all = new Map<string, Span>();
  for (const { id } of store.listRuns()) {
    let trace = noTrace;
    for (const stored of store.events(id, 0)) {
      const next = follow(trace, stored);
      trace = next.trace;
      for (const span of next.spans) all.set(span.spanId, span);
    }
  }
  return all;
}

describe('the outbox of traces', () => {
  it('sends each ended span once, when two windows take turns while runs go on', async (t) => {
    const one = openOutbox(t);
    const two = openOutbox(t, one.path);
    const sent: Span[] = [];
    const send = async (spans: readonly Span[]) => void sent.push(...spans);
    const ids: string[] = [];
    for (let turn = 0; turn < 8; turn++) {
      const writer = turn % 3 === 0 ? two : one;
      ids.push(...generateRuns(writer, { count: 5, seed: turn }));
      one.time.now = two.time.now = NOW;
      writer.store.appendEvent(ids[turn] ?? '', 9, { type: 'workflow.resumed' }, `again-${turn}`);
      writer.store.appendEvent(ids[turn] ?? '', 9, { type: 'workflow.cancelled' }, `end-${turn}`);
      if (turn % 2 === 0) await one.outbox.deliver(send);
      else await Promise.all([one.outbox.deliver(send), two.outbox.deliver(send)]);
    }
    await one.outbox.deliver(send);
    const expected = allSpans(one.store);
    assert.equal(sent.length, expected.size);
    assert.deepEqual(new Map(sent.map((span) => [span.spanId, span])), expected);
    assert.equal(await two.outbox.deliver(send), 0);
  });

  it('sends again what did not arrive, with the same ids, and loses nothing', async (t) => {
    const { store, time, outbox, path } = openOutbox(t);
    generateRuns({ store, time }, { count: 20, seed: 8 });
    time.now = NOW;
    const arrived = new Map<string, Span>();
    let calls = 0;
    const sendSometimes = async (spans: readonly Span[]) => {
      calls += 1;
      if (calls % 3 !== 0) throw new Error('503');
      for (const span of spans) arrived.set(span.spanId, span);
    };
    let failures = 0;
    for (;;) {
      const sent = await outbox.deliver(sendSometimes).catch(() => {
        failures += 1;
        return -1;
      });
      if (sent === 0) break;
    }
    assert.ok(failures > 10);
    assert.deepEqual(arrived, allSpans(store));
    // A process that begins anew has nothing more to send.
    assert.equal(await openOutbox(t, path).outbox.deliver(sendSometimes), 0);
  });

  it('goes on where a killed process stopped, once its hold is over', async (t) => {
    const killed = openOutbox(t);
    generateRuns(killed, { count: 3, seed: 12 });
    killed.time.now = NOW;
    void killed.outbox.deliver(() => new Promise(() => {})); // It never comes back.
    const next = openOutbox(t, killed.path);
    next.time.now = NOW + 1000;
    const held = new Map<string, Span>();
    const send = (to: Map<string, Span>) => async (spans: readonly Span[]) => {
      for (const span of spans) to.set(span.spanId, span);
    };
    await next.outbox.deliver(send(held));
    assert.ok(held.size < allSpans(next.store).size, 'one run is held by the other');
    next.time.now = NOW + 61_000;
    await next.outbox.deliver(send(held));
    assert.deepEqual(held, allSpans(next.store));
  });

  it('leaves alone what had ended before anybody asked for traces', async (t) => {
    const opened = openStore(t);
    generateRuns(opened, { count: 10, seed: 5 });
    for (const { id } of opened.store.listRuns()) opened.store.setStatus(id, 'completed');
    const outbox = new TraceOutbox(opened.db, opened.store, opened.clock);
    t.after(() => outbox.dispose());
    assert.equal(await outbox.deliver(() => assert.fail('nothing is to be sent')), 0);
    opened.time.now = NOW;
    const [later = ''] = generateRuns(opened, { count: 1, seed: 6 });
    const ids = new Set<string>();
    await outbox.deliver(async (spans) => {
      for (const { attributes, name } of spans)
        if (name.startsWith('invoke')) ids.add(String(attributes['gen_ai.conversation.id']));
    });
    assert.deepEqual([...ids], [later]);
  });
});
