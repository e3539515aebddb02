import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { turnstile } from '../../../src/hosts/http/turnstile.ts';

/** A clock that only work moves, and turns that come when the test says. */
function scene(sliceMs: number) {
  let time = 0;
  /** What of a request's work is done once it was begun. */
  let restMs = 0;
  let settling: (() => void) | undefined;
  const begun: string[] = [];
  const waiting: { ms: number; next: () => void }[] = [];
  const settle = () => {
    for (let next = settling; next; next = settling) {
      settling = undefined;
      time += restMs;
      next();
    }
  };
  const settled = (next: () => void) => {
    settling = next;
  };
  const enter = turnstile({ now: () => time, settled, after: (ms, next) => void waiting.push({ ms, next }) }, sliceMs);
  return {
    begun,
    enter(name: string, ms = 1): boolean {
      return enter(() => {
        begun.push(name);
        time += ms / 2;
        restMs = ms / 2;
      });
    },
    settle,
    /** All up to the next request that begins: how long was waited at least. Undefined when nothing is left to do. */
    turn(): { waited: number; began: string[] } | undefined {
      settle();
      if (waiting.length === 0) return undefined;
      const before = begun.length;
      let waited = 0;
      for (let next = waiting.shift(); next; next = begun.length === before ? waiting.shift() : undefined) {
        waited += next.ms;
        next.next();
        settle();
      }
      return { waited, began: begun.slice(before) };
    },
  };
}

describe('The turnstile', () => {
  it('begins what fits into a slice at once, the rest in order, a slice a turn', () => {
    const { enter, begun, settle, turn } = scene(2);
    for (const name of ['a', 'b', 'c', 'd', 'e']) enter(name);
    settle();
    assert.deepEqual(begun, ['a', 'b']);
    assert.deepEqual(turn()?.began, ['c', 'd']);
    assert.deepEqual(turn()?.began, ['e']);
    assert.deepEqual(turn()?.began, []);
    assert.equal(turn(), undefined, 'no turn comes while nobody asks');
  });

  it('leaves as much time to others as requests took while more of them wait', () => {
    const { enter, turn } = scene(2);
    for (const name of ['a', 'b', 'c', 'd']) enter(name, 3);
    assert.deepEqual(turn(), { waited: 3, began: ['b'] });
    assert.deepEqual(turn(), { waited: 3, began: ['c'] });
    assert.deepEqual(turn(), { waited: 3, began: ['d'] });
    assert.deepEqual(turn(), { waited: 0, began: [] });
  });

  it('puts who comes while others wait behind them', () => {
    const { enter, begun, settle, turn } = scene(1);
    for (const name of ['first', 'second', 'third']) enter(name);
    settle();
    enter('fourth');
    while (turn());
    assert.deepEqual(begun, ['first', 'second', 'third', 'fourth']);
  });

  it('keeps nobody waiting who asks alone, however long it takes', () => {
    const { enter, begun, turn } = scene(1);
    for (let n = 0; n < 3; n++) {
      enter(`${n}`, 5);
      assert.equal(begun.length, n + 1);
      assert.deepEqual(turn(), { waited: 0, began: [] });
    }
  });

  it('goes on for as long as there is always somebody waiting', () => {
    const { enter, begun, turn } = scene(1);
    for (let n = 0; n < 1000; n++) {
      enter(`${2 * n}`);
      enter(`${2 * n + 1}`);
      turn();
    }
    assert.deepEqual(
      begun,
      Array.from(begun, (_, n) => `${n}`),
    );
    assert.ok(begun.length > 1000);
  });

  it('turns away what finds the line full, until it is shorter', () => {
    const { enter, begun, turn } = scene(1);
    let taken = 0;
    while (enter(`${taken}`)) taken += 1;
    assert.ok(taken > 1000);
    assert.equal(enter('too many'), false);
    turn();
    assert.equal(enter('one more'), true);
    while (turn());
    assert.equal(begun.length, taken + 1);
  });

  it('lets all in by the event loop’s own turns', async () => {
    const enter = turnstile();
    let begun = 0;
    const busy = () => {
      for (const until = performance.now() + 0.3; performance.now() < until; );
      begun += 1;
    };
    for (let n = 0; n < 40; n++) enter(busy);
    while (begun < 40) await wait(1);
  });
});
