import { readFileSync } from 'node:fs';
import { getCACertificates, rootCertificates } from 'node:tls';
import { isLoopback } from '../../models/loopback.ts';
import { type Network, networkOf } from '../node/network.ts';

/** The editor's own settings under `http`, as far as they are about how requests leave this machine. */
export interface HttpSettings {
  readonly proxy: string;
  readonly proxySupport: string;
  readonly noProxy: readonly string[];
  readonly proxyStrictSSL: boolean;
  readonly proxyAuthorization: string;
  readonly systemCertificates: boolean;
}

/**
 * The network as the settings have it: `http.proxy` counts before the environment's proxies, any entry of
 * `http.noProxy` before NO_PROXY, as in the editor itself. Whom it trusts is {@link authorities}' matter.
 */
export function networkOfEditor(settings: HttpSettings, env: NodeJS.ProcessEnv): Network {
  const { httpProxy, httpsProxy, noProxy } = networkOf(env);
  const proxy = settings.proxy || httpsProxy || httpProxy;
  return {
    ...(proxy === undefined || settings.proxySupport === 'off' ? {} : { httpProxy: proxy, httpsProxy: proxy }),
    noProxy: settings.noProxy.length > 0 ? settings.noProxy : noProxy,
    ...(settings.proxyAuthorization === '' ? {} : { authorization: settings.proxyAuthorization }),
    strict: settings.proxyStrictSSL,
  };
}

/**
 * Who makes the request: the editor's `fetch`, that one with the authorities named, or we ourselves.
 * @param hasExtra NODE_EXTRA_CA_CERTS names certificates
 */
export function sender(settings: HttpSettings, url: URL, hasExtra: boolean): 'editor' | 'editor-trusting' | 'own' {
  if (!settings.proxyStrictSSL || settings.proxyAuthorization !== '') return 'own';
  // The editor sends these through a proxy, although they never leave this machine.
  if (isLoopback(url) && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return 'own';
  if (!hasExtra || url.protocol === 'http:') return 'editor';
  // With 'on', it looks for no proxy for whoever brings anything along.
  return settings.proxySupport === 'on' ? 'own' : 'editor-trusting';
}

/** PEM certificates of all that are trusted. */
export function authorities(settings: HttpSettings, extra: readonly string[]): readonly string[] {
  return [...rootCertificates, ...(settings.systemCertificates ? getCACertificates('system') : []), ...extra];
}

/**
 * The certificates in the file that NODE_EXTRA_CA_CERTS names. One that cannot be read has none: Node goes on
 * without it too.
 */
export function extraAuthorities(env: NodeJS.ProcessEnv): readonly string[] {
  if (!env.NODE_EXTRA_CA_CERTS) return [];
  try {
    const text = readFileSync(env.NODE_EXTRA_CA_CERTS, 'utf8');
    return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  } catch {
    return [];
  }
}
