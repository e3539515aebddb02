import * as vscode from 'vscode';
import { namingProxy } from '../../models/throughProxy.ts';
import { type Network, proxyFor } from '../node/network.ts';
import { authorities, extraAuthorities, type HttpSettings, networkOfEditor, sender } from './editorNetwork.ts';

/**
 * `fetch` as the editor is configured at the moment of each call. The editor puts a `fetch` of its own into the
 * extension host, which finds the proxies of the settings, the environment and the operating system, and trusts the
 * system's certificates. Three things it leaves to extensions: `http.proxyStrictSSL`, `http.proxyAuthorization`, and
 * NODE_EXTRA_CA_CERTS, since it names all trusted authorities itself. For the first two the request is made here;
 * for the third the editor's `fetch` is handed the authorities.
 */
export function editorFetch(env: NodeJS.ProcessEnv = process.env): typeof fetch {
  const extra = extraAuthorities(env);
  const own = latest(async (network: Network) => {
    const { networkFetch } = await import('../node/networkFetch.ts');
    return networkFetch(network);
  });
  const trusting = latest(async (ca: readonly string[]) => {
    const { trustingAgent } = await import('../node/networkFetch.ts');
    return trustingAgent(ca);
  });

  return async (input, init) => {
    const settings = httpSettings();
    const network = networkOfEditor(settings, env);
    const url = new URL(input instanceof Request ? input.url : input);
    const by = sender(settings, url, extra.length > 0);
    if (by === 'own') {
      const key = JSON.stringify([network, settings.systemCertificates]);
      const send = await own(key, () => ({ ...network, authorities: authorities(settings, extra) }));
      return send(input, init);
    }
    const dispatcher =
      by === 'editor-trusting'
        ? await trusting(String(settings.systemCertificates), () => authorities(settings, extra))
        : undefined;
    const send: typeof fetch = (to, how) =>
      globalThis.fetch(to, dispatcher === undefined ? how : ({ ...how, dispatcher } as RequestInit));
    return namingProxy(send, () => proxyFor(url, network))(input, init);
  };
}

/** What was made last is used again while its key stays. */
function latest<Input, Made>(make: (input: Input) => Made): (key: string, input: () => Input) => Made {
  let last: { readonly key: string; readonly made: Made } | undefined;
  return (key, input) => {
    if (last?.key !== key) last = { key, made: make(input()) };
    return last.made;
  };
}

function httpSettings(): HttpSettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    proxy: (http.get<string>('proxy') ?? '').trim(),
    proxySupport: http.get<string>('proxySupport') ?? 'override',
    noProxy: (http.get<string[]>('noProxy') ?? []).map((entry) => entry.trim()).filter(Boolean),
    proxyStrictSSL: http.get<boolean>('proxyStrictSSL') ?? true,
    proxyAuthorization: (http.get<string | null>('proxyAuthorization') ?? '').trim(),
    systemCertificates: http.get<boolean>('systemCertificates') ?? true,
  };
}
