import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import { chatStream } from '../fixtures/chatWire.ts';
import { type ForwardProxy, startForwardProxy } from '../fixtures/forwardProxy.ts';
import { startTlsFront } from '../fixtures/tlsFront.ts';

/**
 * Requests to models, and to receivers of hooks, metrics and traces, over the network that the editor's settings describe. The window is launched with `ca.pem` in
 * NODE_EXTRA_CA_CERTS and `system-ca.pem` as the system's only authority; nobody vouches for `stranger.test`.
 */
let app: App;
let model: Server;
let modelUrl: string;
let asked = 0;
/** Paths that receivers were sent to. */
const received: string[] = [];
let open: ForwardProxy;
let guarded: ForwardProxy;
const closing: (() => Promise<void> | void)[] = [];
const http = () => vscode.workspace.getConfiguration('http');
const before_ = new Map<string, unknown>();

/** Settings as the user makes them; each is given back after the test. */
async function set(section: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const key = `${section}.${name}`;
    if (!before_.has(key)) before_.set(key, vscode.workspace.getConfiguration(section).inspect(name)?.globalValue);
    await vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);
  }
}

async function ask(baseUrl: string): Promise<string> {
  await set('planwright', { model: 'openai-compatible:scripted', baseUrl });
  return app
    .services()
    .tryModel(AbortSignal.timeout(30_000))
    .then(
      ({ callsTools }) => (callsTools ? 'answered' : 'answered without a tool'),
      ({ message, hint }: { message: string; hint: string }) => `${message} ${hint}`,
    );
}

const lastOf = (proxy: ForwardProxy) => proxy.seen.at(-1);

before(async () => {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright')!;
  app = await (await extension.activate()).app();
  model = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (!request.url?.endsWith('/chat/completions')) {
      received.push(request.url ?? '');
      return void response.writeHead(204).end();
    }
    asked += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const wire of chatStream(
      [{ kind: 'toolCalls', calls: [{ name: 'ready', input: { word: 'yes' } }] }],
      JSON.parse(text),
    ))
      if ('send' in wire) response.write(wire.send);
    response.end();
  });
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
  const { port } = model.address() as AddressInfo;
  modelUrl = `http://127.0.0.1:${port}`;
  const tls = join(extension.extensionPath, 'test', 'fixtures', 'tls');
  const ports: Record<string, number> = { 'plain.test': port };
  for (const [name, certificate] of [
    ['models.test', 'server'],
    ['system.test', 'system'],
    ['stranger.test', 'stranger'],
  ] as const) {
    const front = await startTlsFront(modelUrl, certificate, tls);
    ports[name] = front.port;
    closing.push(front.close);
  }
  open = await startForwardProxy(ports);
  guarded = await startForwardProxy(ports, 'me:secret');
  closing.push(
    open.close,
    guarded.close,
    () => void model.closeAllConnections(),
    () => void model.close(),
  );
  for (const host of Object.keys(ports)) {
    for (const scheme of ['https', 'http']) await app.services().keys.set(`${scheme}://${host}`, 'test-key');
  }
});

afterEach(async () => {
  for (const [key, value] of before_) {
    const dot = key.lastIndexOf('.');
    await vscode.workspace
      .getConfiguration(key.slice(0, dot))
      .update(key.slice(dot + 1), value, vscode.ConfigurationTarget.Global);
  }
  before_.clear();
});

after(async () => {
  for (const close of closing) await close();
});

describe('requests to models', () => {
  it('go by way of http.proxy, and trust the authorities of NODE_EXTRA_CA_CERTS and of the system', async () => {
    await set('http', { proxy: open.url });
    assert.equal(await ask('https://models.test/v1'), 'answered');
    assert.equal(lastOf(open), 'CONNECT models.test:443');
    assert.equal(await ask('https://system.test/v1'), 'answered');
    assert.equal(lastOf(open), 'CONNECT system.test:443');
    assert.equal(await ask('http://plain.test/v1'), 'answered');
    assert.match(lastOf(open) ?? '', /plain\.test/);
  });

  it('do not trust the system’s authorities once http.systemCertificates is off', async () => {
    await set('http', { proxy: open.url, systemCertificates: false });
    assert.match(await ask('https://system.test/v1'), /authority that is not trusted here/);
    assert.equal(await ask('https://models.test/v1'), 'answered');
  });

  it('refuse a stranger’s certificate, and say by way of which proxy and what to do', async () => {
    await set('http', { proxy: open.url });
    const says = await ask('https://stranger.test/v1');
    assert.ok(says.includes(`by way of the proxy ${open.url}`), says);
    assert.match(says, /authority that is not trusted here\. .*http\.systemCertificates.*NODE_EXTRA_CA_CERTS/);
  });

  it('take it once http.proxyStrictSSL is off, and no longer when it is on again', async () => {
    await set('http', { proxy: open.url, proxyStrictSSL: false });
    assert.equal(await ask('https://stranger.test/v1'), 'answered');
    assert.equal(lastOf(open), 'CONNECT stranger.test:443');
    await set('http', { proxyStrictSSL: true });
    assert.match(await ask('https://stranger.test/v1'), /authority that is not trusted here/);
  });

  it('follow http.proxy while the window is open', async () => {
    await set('http', { proxy: open.url });
    assert.equal(await ask('https://models.test/v1'), 'answered');
    const seen = open.seen.length;
    await set('http', { proxy: guarded.url.replace('://', '://me:secret@') });
    assert.equal(await ask('https://models.test/v1'), 'answered');
    assert.equal(lastOf(guarded), 'CONNECT models.test:443');
    assert.equal(open.seen.length, seen);
  });

  it('send http.proxyAuthorization to the proxy', async () => {
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    await set('http', { proxy: guarded.url, proxyAuthorization: authorization });
    for (const address of ['https://models.test/v1', 'https://system.test/v1', 'http://plain.test/v1'])
      assert.equal(await ask(address), 'answered');
    await set('http', { proxyAuthorization: null });
    const says = await ask('https://models.test/v1');
    assert.ok(says.includes(guarded.url), says);
    assert.match(says, /wants a user and a password.*http\.proxyAuthorization/);
  });

  it('leave out the proxy for what http.noProxy names, and with http.proxySupport off', async () => {
    for (const settings of [{ noProxy: ['models.test'] }, { noProxy: [], proxySupport: 'off' }]) {
      await set('http', { proxy: open.url, ...settings });
      const seen = open.seen.length;
      // The name leads nowhere without the proxy.
      assert.match(await ask('https://models.test/v1'), /Nothing answers at https:\/\/models\.test/);
      assert.equal(open.seen.length, seen);
    }
  });

  it('stay on this machine when they are for it, whatever proxy is set', async () => {
    const { port } = new URL(modelUrl);
    await set('http', { proxy: open.url });
    for (const settings of [{}, { proxyStrictSSL: false }, { proxyAuthorization: 'Basic bWU6c2VjcmV0' }]) {
      await set('http', settings);
      for (const host of ['127.0.0.1', 'localhost', '127.0.0.2']) {
        const seen = [open.seen.length, asked];
        const says = await ask(`http://${host}:${port}/v1`);
        assert.equal(open.seen.length, seen[0], host);
        // Nothing listens there, which only a request that stayed here can find out.
        if (host === '127.0.0.2') assert.match(says, /Nothing answers at http:\/\/127\.0\.0\.2/);
        else assert.equal(asked, seen[1]! + 1, `${host}: ${says}`);
      }
    }
  });

  it('name a proxy that does not answer, and one that lets nothing through', async () => {
    await set('http', { proxy: 'http://127.0.0.1:9' });
    assert.match(
      await ask('https://models.test/v1'),
      /The proxy http:\/\/127\.0\.0\.1:9 on the way to https:\/\/models\.test does not answer\. .*http\.proxy/,
    );
    await set('http', { proxy: open.url });
    const says = await ask('https://nowhere.test/v1');
    assert.match(says, /did not let the request through \(502\)|no API key/);
  });

  it('use the proxy with http.proxySupport on', async () => {
    await set('http', { proxy: open.url, proxySupport: 'on' });
    assert.equal(await ask('https://models.test/v1'), 'answered');
    assert.equal(lastOf(open), 'CONNECT models.test:443');
    assert.equal(http().get('proxySupport'), 'on');
  });
});

describe('requests to receivers of hooks and traces', () => {
  it('go the way that http.proxyAuthorization and http.proxyStrictSSL have it', async () => {
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    await app.hooks.newSecret('team');
    await set('http', { proxy: guarded.url, proxyAuthorization: authorization, proxyStrictSSL: false });
    await set('planwright', {
      hooks: [{ id: 'team', url: 'https://stranger.test/told', events: ['workflow.cancelled', 'workflow.failed'] }],
      'otlp.endpoint': 'https://stranger.test/otlp',
    });
    await Promise.all([app.hooks.sync(), app.otlp.sync()]);
    await app.services().start({ request: 'Nothing that a model is there for', requirements: [] }).done;
    const wanted = ['/told', '/otlp/v1/traces'];
    while (!wanted.every((path) => received.includes(path))) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(lastOf(guarded), 'CONNECT stranger.test:443');
  });
});
