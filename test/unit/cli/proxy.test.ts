import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ForwardProxy, startForwardProxy } from '../../fixtures/forwardProxy.ts';
import { demoScript, type ScriptedServer, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { authorityFile, startTlsFront } from '../../fixtures/tlsFront.ts';
import { type Ended, openPlace, requestFile, written } from './cliProcess.ts';

/** The command line behind a real forward proxy, to a server whose authority this machine does not know. */
interface Network {
  readonly server: ScriptedServer;
  readonly proxy: ForwardProxy;
  plan(baseUrl: string, env: NodeJS.ProcessEnv): Promise<Ended>;
}

async function open(t: TestContext, credentials?: string): Promise<Network> {
  const server = await startScriptedServer(demoScript());
  const tls = await startTlsFront(server.url);
  const proxy = await startForwardProxy(
    { 'models.test': tls.port, 'plain.test': Number(new URL(server.url).port) },
    credentials,
  );
  t.after(() => Promise.all([proxy.close(), tls.close(), server.close()]));
  const place = await openPlace(t);
  const plan = (baseUrl: string, env: NodeJS.ProcessEnv) =>
    place.cli(
      [
        'run',
        '--input',
        requestFile,
        '--model',
        'openai-compatible:demo',
        '--base-url',
        baseUrl,
        '--plan-only',
        '--accept',
        'all',
        '--checks',
        'none',
      ],
      { PLANWRIGHT_API_KEY: 'test-key', ...env },
    );
  return { server, proxy, plan };
}

test('asks over TLS through HTTPS_PROXY, trusting what NODE_EXTRA_CA_CERTS names', async (t) => {
  const { server, proxy, plan } = await open(t);
  const { code, stderr } = await plan('https://models.test/v1', {
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: authorityFile,
  });
  assert.equal(code, 0, stderr);
  assert.ok(server.calls().length > 3);
  assert.deepEqual([...new Set(proxy.seen)], ['CONNECT models.test:443']);
});

test('plain http is asked of the proxy itself, and the loopback is asked directly', async (t) => {
  const { server, proxy, plan } = await open(t, 'me:secret');
  const proxied = proxy.url.replace('://', '://me:secret@');
  const through = await plan('http://plain.test/v1', { http_proxy: proxied });
  assert.equal(through.code, 0, through.stderr);
  assert.deepEqual([...new Set(proxy.seen)], ['POST http://plain.test/v1/chat/completions']);
  const seen = proxy.seen.length;
  const direct = await plan(server.url, { http_proxy: proxied });
  assert.equal(direct.code, 0, direct.stderr);
  assert.equal(proxy.seen.length, seen);
});

for (const [name, env, credentials, says] of [
  ['an authority nobody trusts', {}, undefined, /authority that is not trusted[\s\S]*NODE_EXTRA_CA_CERTS/],
  [
    'a proxy that wants a password',
    { NODE_EXTRA_CA_CERTS: authorityFile },
    'me:secret',
    /user and a password[\s\S]*HTTPS_PROXY/,
  ],
] as const) {
  test(`${name} is told with what to set`, async (t) => {
    const { proxy, plan } = await open(t, credentials);
    const { code, stderr, stdout } = await plan('https://models.test/v1', { HTTPS_PROXY: proxy.url, ...env });
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, says);
  });
}

test('NO_PROXY keeps a name from the proxy', async (t) => {
  const { proxy, plan } = await open(t);
  const { code } = await plan('https://models.test/v1', { HTTPS_PROXY: proxy.url, NO_PROXY: '.test' });
  assert.notEqual(code, 0, 'the name leads nowhere without the proxy');
  assert.deepEqual(proxy.seen, []);
});

test('a proxy’s address that cannot be used is named without what is in it', async (t) => {
  const { plan } = await open(t);
  const { stderr, stdout } = await plan('https://models.test/v1', { HTTPS_PROXY: 'socks5://me:secret@proxy' });
  assert.match(stdout + stderr, /proxy’s address cannot be used/);
  assert.doesNotMatch(stdout + stderr, /secret/);
});

test('hooks, metrics and traces leave by the same proxy, with its password and trusting the same authorities', async (t) => {
  const got: string[] = [];
  const receiver = createServer((request, response) => {
    got.push(request.url ?? '');
    request.resume().on('end', () => response.writeHead(204).end());
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const tls = await startTlsFront(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}`);
  const proxy = await startForwardProxy({ 'models.test': tls.port }, 'me:secret');
  t.after(() => Promise.all([proxy.close(), tls.close(), receiver.close()]));
  const place = await openPlace(t);
  const file = join(place.data, 'triggers.json');
  const hooks = [{ id: 'team', url: 'https://models.test/told', events: ['workflow.failed'] }];
  const triggers = [{ id: 'tidy', kind: 'manual', input: { request: 'Nothing the demo knows' } }];
  await writeFile(file, JSON.stringify({ triggers, hooks }));
  const { child, ended } = place.start(['serve', '--model', 'demo', '--triggers', file], {
    PLANWRIGHT_TOKEN: 'a-token-for-tests',
    PLANWRIGHT_HOOK_SECRET_TEAM: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    HTTPS_PROXY: proxy.url.replace('://', '://me:secret@'),
    NODE_EXTRA_CA_CERTS: authorityFile,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://models.test/otlp',
  });
  const [, url = ''] = /at (http:\S+);/.exec(await written(child.stderr, /at http:\S+;/)) ?? [];
  const ran = await fetch(`${url}/api/triggers/tidy/run`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-for-tests' },
  });
  assert.equal(ran.status, 202);
  while (!got.includes('/told')) await once(receiver, 'request');
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(new Set(got), new Set(['/told', '/otlp/v1/metrics', '/otlp/v1/traces']));
  assert.deepEqual([...new Set(proxy.seen)], ['CONNECT models.test:443']);
});
