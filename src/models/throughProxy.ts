/** A request by way of a proxy that got no answer; its cause is what `fetch` threw. */
export class ThroughProxy extends Error {
  override readonly name = 'ThroughProxy';
  /** Origin of the proxy, without a user or a password. */
  readonly proxy: string;

  constructor(proxy: string, cause: unknown) {
    super(`by way of the proxy ${proxy}`, { cause });
    this.proxy = proxy;
  }
}

/**
 * `fetch` whose failures say which proxy they went by.
 * @param proxyFor the proxy's address, if the request goes by one that is known
 */
export function namingProxy(inner: typeof fetch, proxyFor: (url: URL) => string | undefined): typeof fetch {
  return async (input, init) => {
    try {
      return await inner(input, init);
    } catch (error) {
      const proxy = proxyFor(new URL(input instanceof Request ? input.url : input));
      if (proxy === undefined || !URL.canParse(proxy) || init?.signal?.aborted) throw error;
      // As fetch fails: whoever adds the address to that, adds it to this.
      throw new TypeError('fetch failed', { cause: new ThroughProxy(new URL(proxy).origin, error) });
    }
  };
}
