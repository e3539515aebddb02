import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tellingPart } from '../../../src/workflow/checks/tellingPart.ts';

test('keeps a short output as it is', () => {
  assert.equal(tellingPart('one\ntwo\n', [], 100), 'one\ntwo');
});

test('of a long one keeps what names the failure, and the end', () => {
  const noise = Array.from({ length: 2000 }, (_, n) => `compiling part ${n} of the whole thing`);
  const lines = [...noise, '✖ adds up (2ms)', '  AssertionError: 3 !== 4', ...noise, 'tests 10', 'fail 1'];
  const part = tellingPart(lines.join('\n'), ['a.test.ts: adds up'], 1000);
  assert.match(part, /✖ adds up/);
  assert.match(part, /3 !== 4/);
  assert.match(part, /fail 1$/);
  assert.ok(part.length <= 1000);
  assert.match(part, /^…$/m);
});

test('is never longer than it may be, and has only lines that were there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.constant('error: it fails'))),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.integer({ min: 20, max: 400 }),
      (lines, failures, limit) => {
        const text = lines.join('\n');
        const part = tellingPart(text, failures, limit);
        assert.ok(part.length <= limit, `${part.length} > ${limit}`);
        const known = new Set([...text.split('\n'), '…', '']);
        for (const line of part.split('\n')) assert.ok(known.has(line) || text.includes(line));
      },
    ),
  );
});
