import { isLoopback } from '../../models/loopback.ts';
import { PlanwrightError } from '../../workflow/errors.ts';

/** How requests leave this machine, as an environment or the editor's settings have it. */
export interface Network {
  /** Addresses of proxies: 'http://proxy.example:3128', with user and password where it wants them. */
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Names that are asked directly: 'example.com', '.example.com', 'example.com:8443' or '*'. */
  readonly noProxy: readonly string[];
  /** What the proxy is sent as Proxy-Authorization, over what its address has. */
  readonly authorization?: string;
  /** PEM certificates of the authorities that are trusted; absent for Node's own. */
  readonly authorities?: readonly string[];
  /** False takes any certificate, because the developer said so. */
  readonly strict: boolean;
}

/** The proxy a request goes by, if any. What is on this machine is always asked directly. */
export function proxyFor(url: URL, { httpProxy, httpsProxy, noProxy }: Network): string | undefined {
  const proxy = url.protocol === 'https:' ? httpsProxy : httpProxy;
  if (proxy === undefined || isLoopback(url) || noProxy.some((entry) => names(entry, url))) return undefined;
  return proxy;
}

function names(entry: string, { hostname, port, protocol }: URL): boolean {
  if (entry === '*') return true;
  const [, name = '', wantedPort] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (wantedPort !== undefined && wantedPort !== (port || (protocol === 'https:' ? '443' : '80'))) return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  const suffix = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}

/** The proxies of an environment, as other command lines read it: in capitals or not. */
export function networkOf(env: NodeJS.ProcessEnv): Network {
  const httpProxy = variable(env, 'http_proxy');
  const httpsProxy = variable(env, 'https_proxy') ?? httpProxy;
  return {
    ...(httpProxy === undefined ? {} : { httpProxy: withScheme(httpProxy) }),
    ...(httpsProxy === undefined ? {} : { httpsProxy: withScheme(httpsProxy) }),
    noProxy: (variable(env, 'no_proxy') ?? '').split(/[\s,]+/).filter(Boolean),
    strict: true,
  };
}

/** @throws PlanwrightError INVALID_INPUT; the address is not repeated: there may be a password in it */
export function checkedProxy(address: string): URL {
  if (URL.canParse(address) && /^https?:/i.test(address)) return new URL(address);
  throw new PlanwrightError('INVALID_INPUT', 'The proxy’s address cannot be used.', {
    hint: 'Set http.proxy in the editor, HTTPS_PROXY and HTTP_PROXY for the command line, to an address such as http://proxy.example:3128, or unset them.',
  });
}

const withScheme = (text: string) => (text.includes('://') ? text : `http://${text}`);

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return (env[name] ?? env[name.toUpperCase()])?.trim() || undefined;
}
