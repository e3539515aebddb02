import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  LoadAPIKeyError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { RetryError } from 'ai';
import { mapProviderError } from '../../../src/models/providerErrors.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';

const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
const prompt = 'the developer’s whole prompt';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly error?: { message: string; type?: string; code?: string };
  readonly cause?: unknown;
  readonly message?: string;
}

function call({ status, headers, error, cause, message }: Answer): APICallError {
  return new APICallError({
    message: message ?? error?.message ?? 'as it was',
    url: 'https://models.example:8443/v1/chat/completions?trace=1',
    requestBodyValues: { prompt },
    ...(status === undefined ? {} : { statusCode: status }),
    ...(headers === undefined ? {} : { responseHeaders: headers }),
    ...(error === undefined ? {} : { data: { error }, responseBody: JSON.stringify({ error, secret }) }),
    ...(cause === undefined ? {} : { cause }),
  });
}

function network(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

const unreachable = (cause: Error) => call({ message: `Cannot connect to API: ${cause.message}`, cause });
const brokenOff = (cause: Error) => call({ status: 200, message: 'Failed to process successful response', cause });
const now = () => Date.UTC(2030, 0, 1, 12, 0, 0);

interface Row {
  readonly name: string;
  readonly error: unknown;
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly says?: RegExp;
  readonly hint?: RegExp;
}

const rows: readonly Row[] = [
  { name: 'a rate limit', error: call({ status: 429 }), code: 'RATE_LIMIT', retryable: true },
  {
    name: 'Retry-After in seconds',
    error: call({ status: 429, headers: { 'retry-after': '7' } }),
    code: 'RATE_LIMIT',
    retryable: true,
    retryAfterMs: 7000,
  },
  {
    name: 'Retry-After in parts of a second',
    error: call({ status: 429, headers: { 'retry-after': '0.25' } }),
    code: 'RATE_LIMIT',
    retryable: true,
    retryAfterMs: 250,
  },
  {
    name: 'Retry-After as a date',
    error: call({ status: 429, headers: { 'retry-after': 'Tue, 01 Jan 2030 12:00:30 GMT' } }),
    code: 'RATE_LIMIT',
    retryable: true,
    retryAfterMs: 30_000,
  },
  {
    name: 'Retry-After as a date, by the server’s clock',
    error: call({
      status: 429,
      headers: { 'retry-after': 'Fri, 01 Jan 2021 00:00:05 GMT', date: 'Fri, 01 Jan 2021 00:00:00 GMT' },
    }),
    code: 'RATE_LIMIT',
    retryable: true,
    retryAfterMs: 5000,
  },
  {
    name: 'Retry-After in the past',
    error: call({ status: 429, headers: { 'retry-after': 'Tue, 01 Jan 2030 11:00:00 GMT' } }),
    code: 'RATE_LIMIT',
    retryable: true,
    retryAfterMs: 0,
  },
  {
    name: 'retry-after-ms before Retry-After',
    error: call({ status: 429, headers: { 'retry-after-ms': '1234', 'retry-after': '9' } }),
    code: 'RATE_LIMIT',
    retryable: true,
    retryAfterMs: 1234,
  },
  {
    name: 'an unreadable Retry-After',
    error: call({ status: 429, headers: { 'retry-after': 'soon' } }),
    code: 'RATE_LIMIT',
    retryable: true,
  },
  {
    name: 'an exceeded quota',
    error: call({
      status: 429,
      headers: { 'retry-after': '7' },
      error: { message: 'You exceeded your current quota', type: 'insufficient_quota' },
    }),
    code: 'QUOTA',
    retryable: false,
    hint: /billing/,
  },
  { name: 'payment required', error: call({ status: 402 }), code: 'QUOTA', retryable: false },
  {
    name: 'a wrong key',
    error: call({ status: 401, error: { message: `Incorrect API key provided: ${secret}` } }),
    code: 'BAD_KEY',
    retryable: false,
    hint: /Set API key/,
  },
  { name: 'a key without the right', error: call({ status: 403 }), code: 'BAD_KEY', retryable: false },
  {
    name: 'an unknown model',
    error: call({ status: 404, error: { message: 'The model `gpt-9` does not exist', code: 'model_not_found' } }),
    code: 'INVALID_REQUEST',
    retryable: false,
    says: /gpt-9/,
    hint: /model’s name/,
  },
  {
    name: 'an invalid request',
    error: call({ status: 400, error: { message: 'tools[0] is bad' } }),
    code: 'INVALID_REQUEST',
    retryable: false,
    says: /tools\[0\] is bad/,
  },
  { name: 'an unprocessable request', error: call({ status: 422 }), code: 'INVALID_REQUEST', retryable: false },
  {
    name: 'a request that is too long',
    error: call({ status: 400, error: { message: 'maximum context length is 8192', code: 'context_length_exceeded' } }),
    code: 'INVALID_REQUEST',
    retryable: false,
    hint: /context window/,
  },
  {
    name: 'a body that is too large',
    error: call({ status: 413 }),
    code: 'INVALID_REQUEST',
    retryable: false,
    hint: /context window/,
  },
  {
    name: 'a redirect',
    error: call({ status: 307 }),
    code: 'INVALID_REQUEST',
    retryable: false,
    hint: /final address/,
  },
  { name: 'a request time-out', error: call({ status: 408 }), code: 'TIMEOUT', retryable: true },
  { name: 'a gateway time-out', error: call({ status: 504 }), code: 'TIMEOUT', retryable: true },
  { name: 'a conflict', error: call({ status: 409 }), code: 'PROVIDER', retryable: true },
  {
    name: 'a failing server',
    error: call({ status: 500, error: { message: 'oops' } }),
    code: 'PROVIDER',
    retryable: true,
    says: /500.*oops/,
  },
  { name: 'a bad gateway', error: call({ status: 502 }), code: 'PROVIDER', retryable: true },
  { name: 'an overloaded server', error: call({ status: 503 }), code: 'PROVIDER', retryable: true },
  { name: 'ETIMEDOUT', error: unreachable(network('ETIMEDOUT')), code: 'TIMEOUT', retryable: true },
  {
    name: 'headers that never came',
    error: unreachable(network('UND_ERR_HEADERS_TIMEOUT')),
    code: 'TIMEOUT',
    retryable: true,
  },
  {
    name: 'AbortSignal.timeout',
    error: new DOMException('timed out', 'TimeoutError'),
    code: 'TIMEOUT',
    retryable: true,
  },
  { name: 'ECONNRESET', error: unreachable(network('ECONNRESET')), code: 'TIMEOUT', retryable: true, says: /dropped/ },
  {
    name: 'a socket that hangs up',
    error: unreachable(new Error('socket hang up')),
    code: 'TIMEOUT',
    retryable: true,
    says: /dropped/,
  },
  {
    name: 'a premature close',
    error: brokenOff(network('ERR_STREAM_PREMATURE_CLOSE', 'Premature close')),
    code: 'TIMEOUT',
    retryable: true,
    says: /dropped/,
  },
  {
    name: 'a stream that breaks off',
    error: brokenOff(new TypeError('terminated', { cause: network('UND_ERR_SOCKET', 'other side closed') })),
    code: 'TIMEOUT',
    retryable: true,
    says: /dropped/,
  },
  {
    name: 'a stream that ends without a finish',
    error: new InvalidResponseDataError({ data: undefined, message: 'Response stream ended without a finish reason.' }),
    code: 'TIMEOUT',
    retryable: true,
    says: /dropped/,
  },
  {
    name: 'ECONNREFUSED',
    error: unreachable(network('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1')),
    code: 'REFUSED_CONNECTION',
    retryable: false,
    hint: /https:\/\/models\.example:8443 runs/,
  },
  {
    name: 'ECONNREFUSED on both address families',
    error: unreachable(new AggregateError([network('ECONNREFUSED'), network('ECONNREFUSED')], '')),
    code: 'REFUSED_CONNECTION',
    retryable: false,
  },
  { name: 'ENOTFOUND', error: unreachable(network('ENOTFOUND')), code: 'REFUSED_CONNECTION', retryable: false },
  {
    name: 'a bad certificate',
    error: unreachable(network('SELF_SIGNED_CERT_IN_CHAIN')),
    code: 'REFUSED_CONNECTION',
    retryable: false,
    hint: /certificate/,
  },
  {
    name: 'a fetch that fails for no known reason',
    error: unreachable(new Error('bad port')),
    code: 'REFUSED_CONNECTION',
    retryable: false,
  },
  {
    name: 'broken JSON',
    error: brokenOff(new JSONParseError({ text: '{"a', cause: new SyntaxError('x') })),
    code: 'PROVIDER',
    retryable: true,
    says: /cannot be read/,
  },
  {
    name: 'a broken chunk',
    error: new JSONParseError({ text: '{"a', cause: new SyntaxError('x') }),
    code: 'PROVIDER',
    retryable: true,
  },
  { name: 'an empty body', error: new EmptyResponseBodyError({}), code: 'PROVIDER', retryable: true },
  {
    name: 'an answer that did not come whole',
    error: brokenOff(new Error('what is this')),
    code: 'PROVIDER',
    retryable: true,
  },
  {
    name: 'a rate limit told in a stream',
    error: { message: 'slow', type: 'rate_limit_error' },
    code: 'RATE_LIMIT',
    retryable: true,
  },
  {
    name: 'a quota told in a stream',
    error: { message: 'no', code: 'insufficient_quota' },
    code: 'QUOTA',
    retryable: false,
  },
  {
    name: 'a failed response told in a stream',
    error: { type: 'response.failed', response: { error: { code: 'server_error', message: 'oops' } } },
    code: 'PROVIDER',
    retryable: true,
    says: /oops/,
  },
  {
    name: 'a numeric code told in a stream',
    error: { error: { message: 'upstream', code: 502 } },
    code: 'PROVIDER',
    retryable: true,
    says: /502/,
  },
  { name: 'words told in a stream', error: 'worker died', code: 'PROVIDER', retryable: true, says: /worker died/ },
  {
    name: 'no key',
    error: new LoadAPIKeyError({ message: 'missing' }),
    code: 'NO_KEY',
    retryable: false,
    hint: /Set API key/,
  },
  {
    name: 'something the model cannot do',
    error: new UnsupportedFunctionalityError({ functionality: 'tools' }),
    code: 'INVALID_REQUEST',
    retryable: false,
  },
  { name: 'an abort', error: new DOMException('aborted', 'AbortError'), code: 'CANCELLED', retryable: false },
  {
    name: 'an error of the SDK’s own retries',
    error: new RetryError({ message: 'gave up', reason: 'maxRetriesExceeded', errors: [call({ status: 429 })] }),
    code: 'RATE_LIMIT',
    retryable: true,
  },
  { name: 'an error of this program', error: new RangeError('off by one'), code: 'INTERNAL', retryable: false },
];

for (const row of rows) {
  test(`${row.name} is ${row.code}`, () => {
    const error = mapProviderError(row.error, now);
    assert.equal(error.code, row.code);
    assert.equal(error.retryable, row.retryable);
    assert.equal(error.retryAfterMs, row.retryAfterMs);
    if (row.says) assert.match(error.message, row.says);
    if (row.hint) assert.match(error.hint ?? '', row.hint);
  });
}

test('keeps an error that already says what it means, however deep', () => {
  const known = new PlanwrightError('DEMO_ONLY_SAMPLE', 'only the sample');
  assert.equal(mapProviderError(new Error('outer', { cause: known })), known);
});

test('lets neither a key nor a prompt nor an answer into what is shown or logged', () => {
  for (const { error } of rows) {
    const mapped = mapProviderError(error);
    if (mapped.code === 'INTERNAL') continue;
    const shown = JSON.stringify([mapped.message, mapped.hint, mapped.cause, mapped.stack]);
    assert.ok(!shown.includes(secret), shown);
    assert.ok(!shown.includes(prompt), shown);
    assert.ok(!shown.includes('trace=1'), shown);
  }
});

for (const said of [
  `bad ${secret} here`,
  `got Bearer ${secret}`,
  'key-12345678abc is wrong',
  `token ${'a1'.repeat(30)}`,
]) {
  test(`takes what looks like a key out of ${JSON.stringify(said.slice(0, 14))}`, () => {
    const { message } = mapProviderError(call({ status: 400, error: { message: said } }));
    assert.match(message, /It says: “.*….*”/);
    assert.doesNotMatch(message, /12345678|abcdef|a1a1/);
  });
}

test('quotes the beginning of a long message only', () => {
  const { message } = mapProviderError(call({ status: 500, error: { message: 'word '.repeat(1000) } }));
  assert.ok(message.length < 350, String(message.length));
});
