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

  it('runs once where an hour comes twice or is left out, and each hour where it is hourly', () => {
    const times = (cron: string, timeZone: string, from: string, to: string) => {
      const found: string[] = [];
      for (let next = nextTime({ cron, timeZone }, at(from)); next !== null && next <= at(to); ) {
        found.push(new Date(next).toISOString().slice(0, 16));
        next = nextTime({ cron, timeZone }, next);
      }
      return found;
    };
    // On 31 October 2027 it is 02:30 twice in Berlin: at 00:30 and at 01:30 UTC.
    const autumn = ['2027-10-30T12:00:00Z', '2027-11-01T12:00:00Z'] as const;
    assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', ...autumn), ['2027-10-31T00:30', '2027-11-01T01:30']);
    assert.deepEqual(times('30 1 * * *', 'America/New_York', '2027-11-07T00:00:00Z', '2027-11-08T12:00:00Z'), [
      '2027-11-07T05:30',
      '2027-11-08T06:30',
    ]);
    const hours = (day: string) => [0, 1, 2, 3].map((hour) => `${day}T0${hour}:00`);
    for (const day of ['2027-10-31', '2027-03-28'])
      assert.deepEqual(
        times('0 * * * *', 'Europe/Berlin', `${day}T00:00:00Z`, `${day}T03:00:00Z`),
        hours(day).slice(1),
      );
    // Seen late, it is the same time, so that it does not run again.
    const berlin = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
    const late = dueAt(berlin, at('2027-10-30T00:30:00Z'), at('2027-10-31T02:00:00Z'));
    assert.deepEqual(late, { slot: at('2027-10-31T00:30:00Z'), missed: 0 });
    assert.equal(dueAt(berlin, at('2027-10-31T00:30:00Z'), at('2027-10-31T02:00:00Z')), null);
    const skipped = dueAt(berlin, at('2027-03-27T01:30:00Z'), at('2027-03-28T12:00:00Z'));
    assert.deepEqual(skipped, { slot: at('2027-03-28T01:00:00Z'), missed: 0 });
  });

  it('runs once over both hours that are the same, with a process that looks all the time', async (t) => {
    const berlin = daily({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' });
    const { clock, host, started, quiet } = await openTriggers(t, [berlin]);
    clock.time = at('2027-10-30T23:55:00Z');
    await host.use(host.definitions);
    await quiet();
    const before = started().length;
    for (let minutes = 0; minutes < 180; minutes += 10) {
      clock.pass(10 * 60_000);
      await host.use(host.definitions);
      await quiet();
    }
    assert.equal(started().length, before + 1);
  });

  it('runs no time twice when the clock is put back, and makes up once when it is put forward', async (t) => {
    const { clock, host, started, quiet } = await openTriggers(t, [daily()]);
    const look = async (time: string) => {
      clock.time = at(time);
      await host.use(host.definitions);
      await quiet();
      return started().length;
    };
    assert.equal(await look('2027-03-02T03:00:10Z'), 1);
    assert.equal(await look('2027-03-02T02:00:10Z'), 1, 'an hour back');
    assert.equal((await host.list())[0]?.nextAt, at('2027-03-02T03:00:00Z'));
    assert.equal(await look('2027-03-02T03:00:20Z'), 1, 'the same time again');
    assert.equal(await look('2027-03-04T12:00:00Z'), 2, 'two days forward');
    assert.match(started()[1]?.trigger?.cause ?? '', /due at 2027-03-04T03:00:00.000Z, 1 earlier time missed/);
  });

  it('goes on after a clock that was years ahead is put right', async (t) => {
    const { clock, host, started, quiet } = await openTriggers(t, [daily()]);
    const look = async (time: string) => {
      clock.time = at(time);
      await host.use(host.definitions);
      await quiet();
      return started().length;
    };
    assert.equal(await look('2037-03-02T12:00:00Z'), 1);
    assert.equal(await look('2027-03-02T12:00:00Z'), 1);
    assert.equal((await host.list())[0]?.nextAt, at('2027-03-03T03:00:00Z'));
    assert.equal(await look('2027-03-03T03:00:05Z'), 2);
  });

  it('that cannot be read is named with its field', () => {
    assert.equal(scheduleProblem({ cron: '0 3 * * *' }), null);
    for (const cron of ['often', '61 * * * *', '* * * * * *', '2027-01-01T00:00:00', '0 0 30 2 *'])
      assert.notEqual(scheduleProblem({ cron }), null, cron);
    assert.deepEqual(
      ['61 * * * *', '* 24 * * *', '* * 32 * *', '* * * 13 *', '* * * * 8'].map((cron) => scheduleProblem({ cron })),
      [
        '“61” is no minute: 0 to 59',
        '“24” is no hour: 0 to 23',
        '“32” is no day of the month: 1 to 31',
        '“13” is no month: 1 to 12, or JAN to DEC',
        '“8” is no day of the week: 0 to 7, or SUN to SAT',
      ],
    );
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
        'Trigger “b”: definition',
        'Trigger “daily”: id',
      ],
    );
  });
});
