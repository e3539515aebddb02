import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapEditorModelError } from '../../../src/models/editorModelErrors.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';

const label = 'vscode:acme/large';

/** As the editor's LanguageModelError is. */
function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

for (const [code, message, means, retryable] of [
  ['NoPermissions', 'no', 'NO_CONSENT', false],
  ['Blocked', 'used up', 'QUOTA', false],
  ['Blocked', 'Rate limit exceeded, try later', 'RATE_LIMIT', true],
  ['NotFound', 'gone', 'MODEL_GONE', false],
  ['Blocked', 'Quota exceeded, resets in 3 hours', 'QUOTA', false],
  ['Blocked', 'Quota exceeded. Please try again in 30 seconds.', 'RATE_LIMIT', true],
  ['Unknown', 'monthly quota exceeded', 'QUOTA', false],
  ['Unknown', 'Response got filtered', 'INVALID_REQUEST', false],
  ['Unknown', 'prompt exceeds the maximum of 64000 tokens', 'INVALID_REQUEST', false],
  ['Unknown', 'socket broke', 'PROVIDER', true],
] as const) {
  test(`${code} “${message}” means ${means}`, () => {
    const error = mapEditorModelError(failure(code, message), label);
    assert.deepEqual([error.code, error.retryable], [means, retryable]);
    assert.ok(error.message.includes(label) && error.hint, error.message);
  });
}

test('waits as long as the words of an extension ask for', () => {
  for (const [message, ms] of [
    ['Too many requests. Please try again in 45 seconds.', 45_000],
    ['Rate limited, retry after 12s', 12_000],
    ['429: wait 2 minutes', 120_000],
    ['Rate limit of 60 requests a minute reached', undefined],
  ] as const)
    assert.equal(mapEditorModelError(failure('Unknown', message), label).retryAfterMs, ms, message);
});

test('keeps what is known already, and that a run was cancelled', () => {
  const known = new PlanwrightError('TIMEOUT', 'slow');
  assert.equal(mapEditorModelError(known, label), known);
  assert.equal(mapEditorModelError(new DOMException('stop', 'AbortError'), label).code, 'CANCELLED');
});

test('quotes an extension without what looks like a key, and not for long', () => {
  const { message } = mapEditorModelError(failure('Unknown', `Bearer sk-abcdef123456 ${'x'.repeat(500)}`), label);
  assert.doesNotMatch(message, /abcdef/);
  assert.ok(message.length < 350);
});
