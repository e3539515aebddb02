import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blocking, openTriggers } from './triggerWorld.ts';

const manual = (id: string, over: object = {}) => ({ id, kind: 'manual', input: { request: `Do ${id}` }, ...over });
const onSave = (over: object = {}) => ({
  id: 'on-save',
  kind: 'file-saved',
  paths: ['src/**'],
  input: { request: 'Look at {{path}}' },
  ...over,
});
const save = (path: string, hash = 'h') => ({ kind: 'file-saved', path, hash }) as const;

describe('A trigger', () => {
  it('starts a run that records what started it', async (t) => {
    const { host, started, quiet } = await openTriggers(t, [manual('tidy')]);
    const answer = await host.run('tidy');
    assert.equal(answer.outcome, 'started');
    await quiet();
    assert.deepEqual(started()[0]?.trigger, {
      id: 'tidy',
      kind: 'manual',
      cause: 'a developer ran it',
      depth: 1,
      accept: 'ask',
    });
  });

  it('waits while another run is not over, in order, and no longer queue than it may have', async (t) => {
    const { work, endOne } = blocking();
    const definitions = [manual('first', { limits: { queue: 1 } }), manual('second')];
    const { host, started, quiet, store } = await openTriggers(t, definitions, { work });
    const requests = () => started().map((event) => event?.input.request);
    assert.equal((await host.run('first')).outcome, 'started');
    assert.equal((await host.run('second')).outcome, 'queued');
    assert.equal((await host.run('first')).outcome, 'queued');
    const third = await host.run('first');
    assert.deepEqual(third, { outcome: 'skipped', reason: 'the same request waits already' });
    assert.deepEqual(requests(), ['Do first']);
    for (const done of [1, 2, 3]) {
      endOne();
      while (store.listRuns().filter(({ status }) => status === 'completed').length < done)
        await new Promise((resolve) => setTimeout(resolve, 2));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(requests().length <= done + 1, 'one at a time');
    }
    await quiet();
    assert.deepEqual(requests(), ['Do first', 'Do second', 'Do first']);
  });

  it('is skipped with a reason where it may not wait', async (t) => {
    const { work, endOne } = blocking();
    const { host, memory, quiet } = await openTriggers(t, [manual('first'), onSave({ limits: { queue: 0 } })], {
      work,
    });
    await host.run('first');
    host.occurred(save('src/a.ts'));
    assert.equal(memory.firings('on-save', 1)[0]?.reason, 'another run is not over');
    endOne();
    await quiet();
  });

  it('rests after each run, and keeps to so many in an hour', async (t) => {
    const limits = { perHour: 2, coolDownSeconds: 30 };
    const { host, memory, clock, started, quiet } = await openTriggers(t, [onSave({ limits })]);
    const saveNow = async (path: string) => {
      host.occurred(save(path));
      await quiet();
      return memory.firings('on-save', 1)[0];
    };
    assert.equal((await saveNow('src/a.ts'))?.outcome, 'started');
    clock.pass(29_000);
    assert.match((await saveNow('src/b.ts'))?.reason ?? '', /cooling down/);
    clock.pass(2_000);
    assert.equal((await saveNow('src/b.ts'))?.outcome, 'started');
    clock.pass(60_000);
    assert.equal((await saveNow('src/c.ts'))?.reason, 'at most 2 in an hour');
    assert.equal((await saveNow('src/d.ts'))?.times, 2, 'the same reason in a row is one record');
    clock.pass(3_600_000);
    assert.equal((await saveNow('src/c.ts'))?.outcome, 'started');
    assert.equal(started().length, 3);
  });

  it('that waited for a day is dropped', async (t) => {
    const { work, endOne } = blocking();
    const { host, memory, clock, quiet, started } = await openTriggers(t, [manual('first'), onSave()], { work });
    await host.run('first');
    host.occurred(save('src/a.ts'));
    assert.equal(memory.waiting('on-save').length, 1);
    clock.pass(25 * 3_600_000);
    endOne();
    await quiet();
    assert.equal(memory.firings('on-save', 1)[0]?.reason, 'it waited for a day');
    assert.equal(started().length, 1);
  });

  it('that waited survives the end of the process, and starts once though two look', async (t) => {
    const { work } = blocking();
    const first = await openTriggers(t, [manual('first'), onSave()], { work });
    await first.host.run('first');
    first.host.occurred(save('src/a.ts'));
    await first.close();
    const second = await openTriggers(t, [manual('first'), onSave()], { beside: first });
    const third = await openTriggers(t, [manual('first'), onSave()], { beside: first });
    for (const { id } of second.store.listRuns()) await second.runner.cancel(id);
    await second.quiet();
    await third.quiet();
    assert.deepEqual(
      second.started().map((event) => event?.input.request),
      ['Do first', 'Look at src/a.ts'],
    );
  });

  it('that is turned off, or is not there, does nothing', async (t) => {
    const { host, started } = await openTriggers(t, [onSave({ enabled: false }), manual('off', { enabled: false })]);
    host.occurred(save('src/a.ts'));
    assert.deepEqual(await host.run('off'), { outcome: 'skipped', reason: 'it is turned off' });
    await assert.rejects(host.run('nobody'), { code: 'NOT_FOUND' });
    assert.deepEqual(started(), []);
  });
});
