import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ForwardProxy, startForwardProxy } from '../../fixtures/forwardProxy.ts';
import { demoScript, type ScriptedServer, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { authorityFile, startTlsFront } from '../../fixtures/tlsFront.ts';
import { type Ended, openPlace, requestFile } from './cliProcess.ts';

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
