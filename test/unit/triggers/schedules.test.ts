import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTriggers } from '../../../src/workflow/triggers/definition.ts';
import { dueAt, nextTime, scheduleProblem } from '../../../src/workflow/triggers/schedule.ts';
import { openTriggers } from './triggerWorld.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const daily = (over: object = {}) => ({
  id: 'daily',
  kind: 'schedule',
  cron: '0 3 * * *',
  timeZone: 'UTC',
  input: { request: 'Daily' },
  ...over,
});

describe('A schedule', () => {
  it('does not run for times before it was there, and makes up once for all it missed', async (t) => {
    const first = await openTriggers(t, [daily()]);
    await first.host.use(first.host.definitions);
    assert.equal(first.started().length, 0);
    await first.close();
    first.clock.pass(5 * 24 * HOUR);
    const second = await openTriggers(t, [daily()], { beside: first });
    await second.quiet();
    await second.host.use(second.host.definitions);
    await second.quiet();
    assert.equal(second.started().length, 1);
    assert.match(second.started()[0]?.trigger?.cause ?? '', /due at 2027-03-06T03:00:00.000Z, 4 earlier times missed/);
    assert.equal((await second.host.list())[0]?.nextAt, at('2027-03-07T03:00:00Z'));
  });

  it('that two processes look at runs once', async (t) => {
    const first = await openTriggers(t, [daily()]);
    const second = await openTriggers(t, [daily()], { beside: first });
    first.clock.pass(24 * HOUR);
    await Promise.all([first.host.use(first.host.definitions), second.host.use(second.host.definitions)]);
    await first.quiet();
    await second.quiet();
    assert.equal(first.started().length, 1);
  });

  it('works through its batch one at each time, or one after another', async (t) => {
    const requests = ['One', 'Two', 'Three'].map((request) => ({ request }));
    const step = await openTriggers(t, [daily({ input: undefined, batch: { requests } })]);
    const asked = (world: typeof step) => world.started().map((event) => event?.input.request);
    for (let day = 1; day <= 4; day++) {
      step.clock.pass(24 * HOUR);
      await step.host.use(step.host.definitions);
      await step.quiet();
      assert.equal(asked(step).length, Math.min(day, 3));
    }
    assert.equal(step.memory.firings('daily', 1)[0]?.reason, 'nothing is left of its batch');
    const batch = { requests, pace: 'one-after-another' };
    const through = await openTriggers(t, [daily({ input: undefined, batch })]);
    through.clock.pass(24 * HOUR);
    await through.host.use(through.host.definitions);
    while (asked(through).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await through.quiet();
    assert.deepEqual(asked(through), ['One', 'Two', 'Three']);
  });

  it('keeps to its time zone when clocks change', () => {
    const berlin = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
    // On 28 March 2027 the hour from 2 to 3 is left out there.
    assert.equal(nextTime(berlin, at('2027-03-27T12:00:00Z')), at('2027-03-28T01:00:00Z'));
    assert.equal(nextTime(berlin, at('2027-03-28T12:00:00Z')), at('2027-03-29T00:30:00Z'));
    assert.equal(dueAt(berlin, at('2027-03-27T12:00:00Z'), at('2027-03-28T00:59:59Z')), null);
  });

  it('that cannot be read is named with its field', () => {
    assert.equal(scheduleProblem({ cron: '0 3 * * *' }), null);
    for (const cron of ['often', '61 * * * *', '* * * * * *', '2027-01-01T00:00:00', '0 0 30 2 *'])
      assert.notEqual(scheduleProblem({ cron }), null, cron);
    const wrong = [
      daily({ timeZone: 'Mars/Base' }),
      daily({ batch: { folder: 'x' } }),
      { id: 'Bad Id', kind: 'manual', input: { request: 'x' } },
      { id: 'a', kind: 'webhook', map: { request: 'title' } },
      { id: 'b', kind: 'webhook', input: { request: 'x' }, secret: 'not here' },
      daily(),
      daily(),
    ];
    assert.deepEqual(
      readTriggers(wrong).problems.map((problem) => problem.split(': ').slice(0, 2).join(': ')),
      [
        'Trigger “daily”: timeZone',
        'Trigger “daily”: input',
        'Trigger “Bad Id”: id',
        'Trigger “a”: map.request',
        'Trigger “b”: Unrecognized key',
        'Trigger “daily”: id',
      ],
    );
  });
});
