import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rename, resolve } from '../src/redirects.ts';

test('follows redirects to the newest slug', () => {
  assert.equal(resolve({ a: 'b', b: 'c' }, 'a'), 'c');
});

test('leaves a slug alone that was never renamed', () => {
  assert.equal(resolve({ a: 'b' }, 'z'), 'z');
  assert.equal(resolve({}, 'constructor'), 'constructor');
});

test('names the loop it would run in', () => {
  assert.throws(() => resolve({ a: 'b', b: 'a' }, 'a'), /a → b → a/);
});

test('forgets a redirect when an old slug is used again', () => {
  assert.deepEqual(rename({ a: 'b' }, 'b', 'a'), { b: 'a' });
  assert.deepEqual(rename({}, 'a', 'a'), {});
});
