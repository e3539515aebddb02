import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { turnstile } from '../../../src/hosts/http/turnstile.ts';

test('so much begins at once, the rest in order and as much a turn', async () => {
  const enter = turnstile(2);
  const begun: number[] = [];
  for (let n = 0; n < 7; n++) enter(() => begun.push(n));
  const byTurn = [begun.length];
  for (; begun.length < 7; byTurn.push(begun.length)) await nextTurn();
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(byTurn.every((count, turn) => count - (byTurn[turn - 1] ?? 0) <= 2));
});

test('who comes while others wait is behind them', async () => {
  const enter = turnstile(1);
  const begun: string[] = [];
  enter(() => begun.push('first'));
  enter(() => {
    begun.push('second');
    enter(() => begun.push('fourth'));
  });
  enter(() => begun.push('third'));
  while (begun.length < 4) await nextTurn();
  assert.deepEqual(begun, ['first', 'second', 'third', 'fourth']);
});

test('a line that was empty for long begins anew', async () => {
  const enter = turnstile(1);
  const begun: number[] = [];
  for (let n = 0; n < 3; n++) {
    enter(() => begun.push(n));
    assert.equal(begun.length, n + 1);
    await nextTurn();
    await nextTurn();
    await nextTurn();
  }
});
