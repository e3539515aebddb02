import { isLoopback } from '../../models/loopback.ts';
import { PlanwrightError } from '../../workflow/errors.ts';

/**
 * `fetch` by way of the proxy that the environment names, as other command lines do it: HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY, in capitals or not. What is on this machine is asked directly. Without a proxy it is Node's own; either
 * way Node's NODE_EXTRA_CA_CERTS counts.
 * @throws PlanwrightError INVALID_INPUT from a call when a proxy's address cannot be used
 */
export function proxyFetch(env: NodeJS.ProcessEnv): typeof fetch {
  const httpProxy = variable(env, 'http_proxy');
  const httpsProxy = variable(env, 'https_proxy') ?? httpProxy;
  if (httpProxy === undefined && httpsProxy === undefined) return (input, init) => globalThis.fetch(input, init);
  let proxied: Promise<typeof fetch> | undefined;
  return async (input, init) => {
    if (isLoopback(new URL(input instanceof Request ? input.url : input))) return globalThis.fetch(input, init);
    proxied ??= throughProxy(httpProxy, httpsProxy, variable(env, 'no_proxy') ?? '');
    return (await proxied)(input, init);
  };
}

async function throughProxy(
  httpProxy: string | undefined,
  httpsProxy: string | undefined,
  noProxy: string,
): Promise<typeof fetch> {
  const addresses = { ...addressOf('httpProxy', httpProxy), ...addressOf('httpsProxy', httpsProxy) };
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  // Plain http is asked of the proxy itself: many let a tunnel through to port 443 only.
  const dispatcher = new EnvHttpProxyAgent({ ...addresses, noProxy, proxyTunnel: false });
  const send = undiciFetch as unknown as (input: unknown, init: object) => Promise<Response>;
  return (input, init) => send(input, { ...init, dispatcher });
}

function addressOf(name: 'httpProxy' | 'httpsProxy', text: string | undefined): { readonly [key: string]: string } {
  if (text === undefined) return {};
  const address = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(address) && /^https?:/.test(address)) return { [name]: address };
  // Not repeated: there may be a password in it.
  throw new PlanwrightError('INVALID_INPUT', 'The proxy’s address cannot be used.', {
    hint: 'Set HTTPS_PROXY and HTTP_PROXY to an address such as http://proxy.example:3128, or unset them.',
  });
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return (env[name] ?? env[name.toUpperCase()])?.trim() || undefined;
}
