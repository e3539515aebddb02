import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Network } from '../../../src/hosts/node/network.ts';
import { networkFetch } from '../../../src/hosts/node/networkFetch.ts';
import { otlpSender } from '../../../src/hosts/otlp/sender.ts';
import { startForwardProxy } from '../../fixtures/forwardProxy.ts';
import { startTlsFront } from '../../fixtures/tlsFront.ts';

/** What is said of a receiver that got nothing, over real proxies and certificates. */

async function receiver(t: TestContext, answers: readonly number[], headers: Record<string, string> = {}) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    request.resume().on('end', () => response.writeHead(answers[paths.length - 1] ?? 200, headers).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tls = await startTlsFront(`http://127.0.0.1:${port}`, 'stranger');
  const proxy = await startForwardProxy({ 'stranger.test': tls.port, 'plain.test': port }, 'me:secret');
  t.after(() => Promise.all([proxy.close(), tls.close(), server.close()]));
  const push = (url: string, network: Partial<Network>) =>
    otlpSender(
      {
        fetch: networkFetch({ httpProxy: proxy.url, httpsProxy: proxy.url, noProxy: [], strict: true, ...network }),
        userAgent: 'Planwright/test',
        protocol: 'http/json',
        timeoutMs: 5000,
      },
      { url, headers: async () => ({}) },
    )(Buffer.from('{}'));
  return { paths, push };
}

const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;

test('a proxy that wants a password, one that lets nothing through, and a stranger’s certificate are told apart', async (t) => {
  const { paths, push } = await receiver(t, []);
  const wantsPassword = /the proxy http:\/\/127\S+ wants a user and a password: set http\.proxyAuthorization/;
  await assert.rejects(push('https://stranger.test/v1/traces', {}), wantsPassword);
  await assert.rejects(push('http://plain.test/v1/traces', {}), /wants a user and a password/);
  await assert.rejects(push('https://other.test/', { authorization }), /does not let it through: check http\.proxy/);
  await assert.rejects(push('https://stranger.test/', { authorization }), /not trusted \(\w+\).*NODE_EXTRA_CA_CERTS/);
  assert.deepEqual(paths, []);
  await push('https://stranger.test/v1/traces', { authorization, strict: false });
  await push('http://plain.test/v1/metrics', { authorization });
  assert.deepEqual(paths, ['/v1/traces', '/v1/metrics']);
});

test('a receiver that is busy is asked again when it says, a redirect is not followed', async (t) => {
  const busy = await receiver(t, [503, 200], { 'retry-after': '1', location: '/elsewhere' });
  await busy.push('http://plain.test/a', { authorization });
  assert.deepEqual(busy.paths, ['/a', '/a']);
  const moved = await receiver(t, [307], { location: '/elsewhere' });
  await assert.rejects(moved.push('http://plain.test/a', { authorization }), /it answers 307/);
  const later = await receiver(t, [429], { 'retry-after': '3600' });
  await assert.rejects(later.push('http://plain.test/a', { authorization }), /it answers 429/);
  assert.deepEqual([moved.paths, later.paths], [['/a'], ['/a']]);
});
