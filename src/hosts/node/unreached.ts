import { certificateCodes, factsOf, refusalByProxy } from '../../models/errorFacts.ts';
import { say } from '../../workflow/words/say.ts';

/** What a proxy answers that wants to know who asks; of plain http it comes as any answer does. */
export const PROXY_WANTS_USER = 407;

/** Why a request to a receiver got no answer, as the end of a sentence: a code, or what to set where a setting mends it. */
export function whyUnreached(error: unknown): string {
  const { proxy, codes, messages } = factsOf(error);
  const by = proxy ?? say`of an unknown address`;
  if (refusalByProxy.test(messages))
    return /\b407\b|authentication/.test(messages) ? proxyWantsUser(by) : proxyRefused(by);
  if (proxy !== undefined && codes.has('ECONNREFUSED')) return proxyRefused(by);
  const code = [...codes].find((one) => certificateCodes.test(one));
  if (code !== undefined) {
    return say`its certificate is not trusted (${code}): add its authority to the system’s, or name its PEM file in NODE_EXTRA_CA_CERTS`;
  }
  // `fetch failed` says nothing; the reason is the innermost.
  return [...codes].at(-1) ?? messages.split('\n').at(-1) ?? String(error);
}

/** @param by the proxy’s origin */
export function proxyWantsUser(by = say`of an unknown address`): string {
  return say`the proxy ${by} wants a user and a password: set http.proxyAuthorization, or write them into HTTPS_PROXY as http://user:password@host:port`;
}

function proxyRefused(by: string): string {
  return say`the proxy ${by} does not let it through: check http.proxy or HTTPS_PROXY, or name the receiver in http.noProxy or NO_PROXY`;
}
