import { setTimeout as wait } from 'node:timers/promises';
import { factsOf } from '../../models/errorFacts.ts';
import { retryAfterMs } from '../../models/retryAfter.ts';
import { PROXY_WANTS_USER, proxyWantsUser, whyUnreached } from '../node/unreached.ts';
import type { OtlpTarget, Signal } from './target.ts';

export interface SenderOptions {
  /** As whoever sends is configured: by which proxy, trusting whom. */
  readonly fetch: typeof fetch;
  readonly userAgent: string;
  readonly protocol: OtlpTarget['protocol'];
  /** Of one request with its repetitions, in milliseconds. */
  readonly timeoutMs: number;
}

/** What the specification wants tried again, https://opentelemetry.io/docs/specs/otlp/#otlphttp-response. */
const passingAnswers = [429, 502, 503, 504];
const droppedCodes = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** Milliseconds before the second try; each further wait is longer by so much. */
const FIRST_WAIT_MS = 1000;
const GROWTH = 1.5;

/** What a try came to: `again` when the receiver may take the same a moment later. */
interface Failed {
  readonly why: string;
  readonly again: boolean;
  /** Milliseconds the receiver asks to wait. */
  readonly after?: number | undefined;
}

/**
 * Sends requests to a receiver, following no redirect: its headers are for the address that was set.
 * @returns a function that throws an Error whose message ends a sentence: 'it answers 401'. It repeats nothing of what
 *   the receiver says in full, which could repeat what it was sent.
 */
export function otlpSender(options: SenderOptions, signal: Signal): (body: Uint8Array) => Promise<void> {
  return async (body) => {
    const end = Date.now() + options.timeoutMs;
    for (let next = FIRST_WAIT_MS; ; next *= GROWTH) {
      const failed = await oneTry(options, signal, body, end);
      if (failed === null) return;
      const pause = failed.after ?? next * (1 + 0.2 * Math.random());
      if (!failed.again || Date.now() + pause >= end) throw new Error(failed.why);
      await wait(pause);
    }
  };
}

/** @param end milliseconds since the epoch at which it is too late for an answer */
async function oneTry(
  { fetch: send, userAgent, protocol, timeoutMs }: SenderOptions,
  { url, headers }: Signal,
  body: Uint8Array,
  end: number,
): Promise<Failed | null> {
  try {
    const response = await send(url, {
      method: 'POST',
      headers: {
        'user-agent': userAgent,
        ...(await headers()),
        'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
      },
      body: body as Uint8Array<ArrayBuffer>,
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.max(1, end - Date.now())),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    const { status } = response;
    if (status === PROXY_WANTS_USER) return { why: proxyWantsUser(), again: false };
    const after = retryAfterMs(Object.fromEntries(response.headers), Date.now);
    return { why: `it answers ${status}`, again: passingAnswers.includes(status), after };
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return { why: `no answer within ${timeoutMs / 1000} s`, again: false };
    const { codes } = factsOf(error);
    return { why: whyUnreached(error), again: droppedCodes.some((code) => codes.has(code)) };
  }
}
