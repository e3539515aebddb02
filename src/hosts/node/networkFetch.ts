import { Agent, type Dispatcher, ProxyAgent, fetch as undiciFetch } from 'undici';
import { namingProxy } from '../../models/throughProxy.ts';
import { checkedProxy, type Network, proxyFor } from './network.ts';

/**
 * `fetch` over a network that is known: its proxies, and whose certificates are trusted. What goes by no proxy goes
 * directly. A failure names the proxy, see `ThroughProxy`. To be loaded when it is needed: undici comes with it.
 * @throws PlanwrightError INVALID_INPUT from a call when a proxy's address cannot be used
 */
export function networkFetch(network: Network): typeof fetch {
  const { authorization, authorities, strict } = network;
  const tls = { rejectUnauthorized: strict, ...(authorities === undefined ? {} : { ca: [...authorities] }) };
  const dispatchers = new Map<string | undefined, Dispatcher>();

  const dispatcherFor = (proxy: string | undefined): Dispatcher => {
    if (proxy === undefined) return new Agent({ connect: tls });
    return new ProxyAgent({
      uri: checkedProxy(proxy).href,
      // Plain http is asked of the proxy itself: many let a tunnel through to port 443 only.
      proxyTunnel: false,
      requestTls: tls,
      proxyTls: tls,
      ...(authorization === undefined ? {} : { token: authorization }),
    });
  };

  const send: typeof fetch = async (input, init) => {
    const proxy = proxyFor(new URL(input instanceof Request ? input.url : input), network);
    const dispatcher = dispatchers.get(proxy) ?? dispatcherFor(proxy);
    dispatchers.set(proxy, dispatcher);
    const options = { ...init, dispatcher } as object;
    return (undiciFetch as unknown as (input: unknown, init: object) => Promise<Response>)(input, options);
  };
  return namingProxy(send, (url) => proxyFor(url, network));
}

/** For a `fetch` of somebody else that takes over whom an agent trusts. @param ca PEM certificates */
export function trustingAgent(ca: readonly string[]): Dispatcher {
  return new Agent({ connect: { ca: [...ca] } });
}
