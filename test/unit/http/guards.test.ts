import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { MAX_BODY_BYTES } from '../../../src/hosts/http/guards.ts';
import { serve } from '../../../src/hosts/http/server.ts';
import { type ApiServerOptions, openApi, token } from './apiServer.ts';

/** What came back over a socket: the last answer's status, headers and problem. */
interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly problem: { readonly status: number; readonly code: string; readonly hint?: string };
}

async function open(t: TestContext, options?: ApiServerOptions) {
  const { port, failures, store } = await openApi(t, options);
  /** Sends the text as it is and reads until the server hangs up or has answered. */
  const send = (text: string, more: (socket: Socket) => void = () => {}) =>
    new Promise<RawAnswer>((resolve, reject) => {
      const socket = connectSocket(port, '127.0.0.1', () => {
        socket.write(text);
        more(socket);
      });
      let got = '';
      const finish = () => {
        const answer = answerIn(got);
        socket.destroy();
        if (answer) resolve(answer);
        else reject(new Error(`Not an answer: ${got}`));
      };
      socket.on('data', (chunk) => {
        got += chunk;
        if (answerIn(got)) finish();
      });
      socket.on('error', finish);
      socket.on('close', finish);
    });
  const request = (line: string, headers: Readonly<Record<string, string>>, body = '') => {
    const all = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}`, ...headers };
    const lines = Object.entries(all)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name}: ${value}`);
    return send(`${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  };
  return { port, failures, store, send, request };
}

function answerIn(text: string): RawAnswer | undefined {
  const start = text.lastIndexOf('HTTP/1.1 ');
  const end = text.indexOf('\r\n\r\n', start);
  if (start === -1 || end === -1) return undefined;
  const head = text.slice(start, end);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  const body = Buffer.from(text.slice(end + 4));
  if (length === 0 || body.length < length) return undefined;
  const problem = JSON.parse(body.subarray(0, length).toString());
  return { status: Number(head.slice(9, 12)), head, problem };
}

function assertProblem({ status, head, problem }: RawAnswer, expected: number, code: string): void {
  assert.deepEqual([status, problem.code], [expected, code]);
  assert.equal(problem.status, expected);
  assert.match(head, /^content-type: application\/problem\+json$/im);
  assert.match(head, /^cache-control: no-store$/im);
  assert.match(head, /^x-content-type-options: nosniff$/im);
  assert.doesNotMatch(head, /access-control/i);
  assert.ok(problem.hint);
}

const list = 'GET /api/workflows';
const start = 'POST /api/workflows/implementation';
const json = { 'Content-Type': 'application/json' };

test('a missing, wrong, cut or otherwise given token is refused', async (t) => {
  const { request } = await open(t);
  for (const authorization of ['', 'Bearer wrong', `Bearer ${token.slice(0, -1)}`, `Basic ${token}`, token]) {
    const answer = await request(list, { Authorization: authorization });
    assertProblem(answer, 401, 'UNAUTHORIZED');
    assert.match(answer.head, /^www-authenticate: Bearer/im);
  }
  assertProblem(await request(`${list}?token=${token}`, { Authorization: '' }), 401, 'UNAUTHORIZED');
  assertProblem(await request('GET /openapi.json', { Authorization: '' }), 401, 'UNAUTHORIZED');
  assertProblem(await request('GET /metrics', { Authorization: '' }), 401, 'UNAUTHORIZED');
});

test('health is told without a token, and to this machine alone', async (t) => {
  const { request, port } = await open(t);
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  assert.deepEqual(await response.json(), { status: 'ok' });
  assertProblem(
    await request('GET /healthz', { Authorization: '', Host: `rebound.example:${port}` }),
    403,
    'FORBIDDEN',
  );
});

test('a request to another name is refused, though it arrives here', async (t) => {
  const { request, send, port } = await open(t);
  for (const host of [`evil.example:${port}`, 'evil.example', `127.0.0.1:${port + 1}`, '127.0.0.1', '[::1]']) {
    assertProblem(await request(list, { Host: host }), 403, 'FORBIDDEN');
  }
  assertProblem(await send(`GET /api/workflows HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n\r\n`), 403, 'FORBIDDEN');
  for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
    assert.equal((await request(list, { Host: host })).status, 200);
  }
});

test('a request to a name that is none is refused', async (t) => {
  const { request } = await open(t);
  for (const host of ['x@localhost', 'a b', 'local\\host']) {
    assertProblem(await request(list, { Host: host }), 400, 'INVALID_INPUT');
  }
});

test('a page of another origin is refused, and gets no permission to ask', async (t) => {
  const { request, port } = await open(t);
  for (const origin of ['https://evil.example', 'null', `https://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`]) {
    assertProblem(await request(list, { Origin: origin }), 403, 'FORBIDDEN');
    assertProblem(await request('OPTIONS /api/workflows', { Origin: origin }), 403, 'FORBIDDEN');
  }
  assert.equal((await request(list, { Origin: `http://127.0.0.1:${port}` })).status, 200);
});

test('a body declared too large is refused before it is sent', async (t) => {
  const { request, send, port, store } = await open(t);
  const headers = { ...json, 'Content-Length': String(MAX_BODY_BYTES + 1) };
  // Not a byte of it follows: an answer means that none was waited for.
  const refused = await request(start, headers);
  assertProblem(refused, 413, 'TOO_LARGE');
  assert.match(refused.head, /^connection: close$/im);
  const expecting = Object.entries({ ...headers, Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}` });
  const answer = await send(
    `${start} HTTP/1.1\r\nExpect: 100-continue\r\n${expecting.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n`,
  );
  assertProblem(answer, 413, 'TOO_LARGE');
  assert.deepEqual(store.listRuns(), []);
});

test('a body that turns out too large in pieces is refused at the limit', async (t) => {
  const { send, port } = await open(t);
  const piece = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`;
  const head = `${start} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  // The last piece never comes.
  assertProblem(await send(head, (socket) => socket.write(piece.repeat(17))), 413, 'TOO_LARGE');
});

test('a body in pieces that is small enough is taken', async (t) => {
  const { port } = await open(t);
  const body = Readable.from(['{"request":', '"É', 'té"}']);
  const response = await fetch(`http://127.0.0.1:${port}/api/workflows/implementation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: Readable.toWeb(body.map((part) => Buffer.from(part))),
    duplex: 'half',
  } as RequestInit);
  assert.equal(response.status, 202);
});

test('a body that is not JSON, not UTF-8 or not said to be JSON is refused', async (t) => {
  const { request, port } = await open(t);
  const post = (type: string, body: string) =>
    request(start, { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) }, body);
  for (const body of ['', '{', '{"request":"x",}', 'request=x']) {
    assertProblem(await post('application/json', body), 400, 'INVALID_INPUT');
  }
  for (const type of [
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
  ]) {
    assertProblem(await post(type, '{"request":"x"}'), 415, 'UNSUPPORTED_MEDIA_TYPE');
  }
  const latin1 = await fetch(`http://127.0.0.1:${port}/api/workflows/implementation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: Buffer.from('{"request":"é"}', 'latin1'),
  });
  assert.equal(latin1.status, 400);
  for (const body of ['{}', '[]', 'null', '{"request":""}', '{"request":"x","requirements":"y"}']) {
    assertProblem(await post('application/json; charset=utf-8', body), 422, 'INVALID_INPUT');
  }
});

test('another method than a path has is refused with those it has, and another path as not there', async (t) => {
  const { request } = await open(t);
  const allowed = async (line: string) => {
    const answer = await request(line, {});
    assertProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    return /^allow: (.*)$/im.exec(answer.head)?.[1];
  };
  assert.equal(await allowed('DELETE /api/workflows'), 'GET, HEAD');
  assert.equal(await allowed('PUT /api/workflows/implementation'), 'POST');
  assert.equal(await allowed('PATCH /api/workflows/x/gates/a%2Fb'), 'POST');
  assertProblem(await request('GET /api/nothing', {}), 404, 'NOT_FOUND');
  assertProblem(await request('GET /api/workflows/%E0%A4%A', {}), 404, 'NOT_FOUND');
  assertProblem(await request('GET /api/workflows/..%2f..%2fetc', {}), 404, 'NOT_FOUND');
});

test('a request that does not arrive in time is given up, in its headers or its body', async (t) => {
  const { send, port } = await open(t, { limits: { headersMs: 100, requestMs: 200, checkMs: 20 } });
  assertProblem(await send(`${list} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `), 408, 'TIMEOUT');
  const head = `${start} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
  assertProblem(await send(head), 408, 'TIMEOUT');
});

test('many slow requests do not keep others from being served', async (t) => {
  const { port } = await open(t, { limits: { headersMs: 200, requestMs: 400, checkMs: 20, connections: 40 } });
  const slow = Array.from({ length: 30 }, () => {
    const socket = connectSocket(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nX-A: b\r\n'));
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 20);
    return new Promise<void>((resolve) => {
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(drip);
        resolve();
      });
      socket.resume();
    });
  });
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  assert.equal(response.status, 200);
  await Promise.all(slow); // Every one of them is hung up on, though it never stopped sending.
});

test('a connection outlives the idle time it is announced with, so that a late request is not lost', async (t) => {
  const { port } = await open(t, { limits: { keepAliveMs: 1000, keepAliveGraceMs: 1000 } });
  const socket = connectSocket(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const ask = async (): Promise<string> => {
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const [head] = await once(socket, 'data');
    return String(head);
  };
  assert.match(await ask(), /^keep-alive: timeout=1\r$/im);
  await wait(1100);
  assert.match(await ask(), /^HTTP\/1\.1 200 /);
});

test('connections that are idle make room when there are too many', async (t) => {
  const { port } = await open(t, { limits: { connections: 4 } });
  const idle = Array.from({ length: 4 }, () => connectSocket(port, '127.0.0.1'));
  for (const socket of idle) {
    t.after(() => socket.destroy());
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await once(socket, 'data');
  }
  const served = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await served())); // The one that found no room was hung up on; the next finds some.
});

test('what is not HTTP is answered as a problem', async (t) => {
  const { send } = await open(t);
  assertProblem(await send('\x16\x03\x01\x02\x00\x01\r\n\r\n'), 400, 'INVALID_INPUT');
  assertProblem(await send(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), 431, 'TOO_LARGE');
});

test('a failure of ours is told as a fact, without its details', async (t) => {
  const secret = new Error('the database is at /secret/place');
  const { request, failures } = await open(t, {
    wrapService: (service) => ({
      ...service,
      listRuns: () => {
        throw secret;
      },
    }),
  });
  const answer = await request(list, {});
  assertProblem(answer, 500, 'INTERNAL');
  assert.doesNotMatch(JSON.stringify(answer.problem), /secret/);
  assert.deepEqual(failures, [secret]);
});

test('a port that is taken is said to be', async (t) => {
  const { port } = await open(t);
  await assert.rejects(serve({ fetch: () => new Response() }, { port }), { code: 'CONFLICT' });
});

test('other machines cannot be let in by a setting', async () => {
  const host = '0.0.0.0' as '127.0.0.1';
  await assert.rejects(serve({ fetch: () => new Response() }, { port: 0, host }), { code: 'INVALID_INPUT' });
});
