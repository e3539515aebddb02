import { networkOf, proxyFor } from './network.ts';

/**
 * `fetch` by way of the proxy that the environment names: HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Without a proxy it is
 * Node's own; either way Node's NODE_EXTRA_CA_CERTS counts.
 * @throws PlanwrightError INVALID_INPUT from a call when a proxy's address cannot be used
 */
export function proxyFetch(env: NodeJS.ProcessEnv): typeof fetch {
  const network = networkOf(env);
  let proxied: Promise<typeof fetch> | undefined;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (proxyFor(url, network) === undefined) return globalThis.fetch(input, init);
    proxied ??= import('./networkFetch.ts').then(({ networkFetch }) => networkFetch(network));
    return (await proxied)(input, init);
  };
}
