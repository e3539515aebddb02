import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedProxy, networkOf, proxyFor } from '../../../src/hosts/node/network.ts';
import { type HttpSettings, networkOfEditor, sender } from '../../../src/hosts/vscode/editorNetwork.ts';

const proxy = 'http://proxy.test:3128';
const defaults: HttpSettings = {
  proxy: '',
  proxySupport: 'override',
  noProxy: [],
  proxyStrictSSL: true,
  proxyAuthorization: '',
  systemCertificates: true,
};

for (const [entry, url, goesDirectly] of [
  ['models.test', 'https://models.test/v1', true],
  ['models.test', 'https://api.models.test/v1', true],
  ['models.test', 'https://notmodels.test/v1', false],
  ['.models.test', 'https://api.models.test/v1', true],
  ['*.models.test', 'https://api.models.test/v1', true],
  ['MODELS.test:443', 'https://models.test/v1', true],
  ['models.test:8443', 'https://models.test/v1', false],
  ['models.test:8443', 'https://models.test:8443/v1', true],
  ['[fd00::1]:8443', 'https://[fd00::1]:8443/v1', true],
  ['fd00::1', 'https://[fd00::1]/v1', true],
  ['*', 'https://models.test/v1', true],
  [':443', 'https://models.test/v1', false],
] as const) {
  test(`NO_PROXY ${entry} ${goesDirectly ? 'keeps' : 'does not keep'} ${url} from the proxy`, () => {
    const network = networkOf({ HTTPS_PROXY: proxy, NO_PROXY: `other.test, ${entry}` });
    assert.equal(proxyFor(new URL(url), network), goesDirectly ? undefined : proxy);
  });
}

test('what is on this machine goes by no proxy', () => {
  const network = networkOf({ https_proxy: 'proxy.test:3128' });
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', 'ollama.localhost', '[::1]'])
    assert.equal(proxyFor(new URL(`https://${host}/v1`), network), undefined, host);
  assert.equal(proxyFor(new URL('https://models.test/v1'), network), proxy);
  assert.equal(proxyFor(new URL('http://models.test/v1'), network), undefined);
});

test('a proxy’s address that cannot be used is refused without repeating it', () => {
  assert.throws(
    () => checkedProxy('socks5://me:secret@proxy.test'),
    (error: Error) => /cannot be used/.test(error.message) && !/secret/.test(error.message),
  );
});

test('the editor’s settings count before the environment', () => {
  const env = { HTTPS_PROXY: 'http://other.test:1', NO_PROXY: 'models.test' };
  const at = (settings: Partial<HttpSettings>) =>
    proxyFor(new URL('https://models.test'), networkOfEditor({ ...defaults, ...settings }, env));
  assert.equal(at({}), undefined, 'NO_PROXY');
  assert.equal(at({ noProxy: ['elsewhere.test'] }), 'http://other.test:1');
  assert.equal(at({ noProxy: ['elsewhere.test'], proxy }), proxy);
  assert.equal(at({ noProxy: ['elsewhere.test'], proxy, proxySupport: 'off' }), undefined);
});

test('the editor makes what requests it can', () => {
  const by = (settings: Partial<HttpSettings>, url = 'https://models.test/v1', hasExtra = false) =>
    sender({ ...defaults, ...settings }, new URL(url), hasExtra);
  assert.equal(by({ proxy }), 'editor');
  assert.equal(by({ proxy }, 'https://models.test/v1', true), 'editor-trusting');
  assert.equal(by({ proxy }, 'http://models.test/v1', true), 'editor');
  assert.equal(by({ proxySupport: 'on' }, 'https://models.test/v1', true), 'own');
  assert.equal(by({ proxyStrictSSL: false }), 'own');
  assert.equal(by({ proxyAuthorization: 'Basic x' }), 'own');
  assert.equal(by({}, 'http://127.0.0.1:11434/v1', true), 'editor');
  assert.equal(by({}, 'http://127.0.0.2:11434/v1'), 'own');
});
