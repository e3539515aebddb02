import { hashOf } from '../engine/hash.ts';
import { PlanwrightError } from '../errors.ts';
import type { Asked } from './asked.ts';
import type { TriggerOf } from './definition.ts';
import { asText, causeText, checkedInput, fillInput } from './fill.ts';
import { githubRequest } from './github.ts';
import { valueAt } from './pointer.ts';
import { hmac, isHexOf, MIN_SECRET } from './signature.ts';

/** A POST to a webhook: nothing about it is to be believed before {@link verify} has said so. */
export interface Delivery {
  /** By lower-case name. */
  header(name: string): string | undefined;
  /** The body as it came. */
  readonly text: string;
}

/** Something to be remembered, so that it counts once. */
export interface Once {
  readonly key: string;
  /** When it may be forgotten, in milliseconds since the epoch; null for never. */
  readonly expiresAt: number | null;
}

/**
 * Generic webhooks sign `<timestamp>.<body>`, the timestamp in whole seconds since the epoch, and send both
 * as `Planwright-Timestamp` and `Planwright-Signature: sha256=<hex>`. GitHub signs the body alone, see
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries; each delivery has an id.
 * @param secret undefined when none was ever set
 * @returns what must not have been seen before
 * @throws PlanwrightError UNAUTHORIZED; the message does not say how near the signature was
 */
export function verify(
  trigger: TriggerOf<'webhook'>,
  { header, text }: Delivery,
  secret: string | undefined,
  now: number,
): readonly Once[] {
  if (secret === undefined || secret.length < MIN_SECRET) throw unauthorized();
  if (trigger.source === 'github') {
    const [, hex = ''] = /^sha256=([0-9a-f]+)$/i.exec(header('x-hub-signature-256') ?? '') ?? [];
    if (!isHexOf(hmac(secret, text), hex)) throw unauthorized();
    const delivery = header('x-github-delivery') ?? '';
    if (!/^[\w-]{1,100}$/.test(delivery)) throw unauthorized();
    // The id is not part of what is signed, so that the body itself is remembered too.
    return [
      { key: `delivery:${delivery}`, expiresAt: null },
      { key: `body:${hashOf(text)}`, expiresAt: null },
    ];
  }
  const stamp = header('planwright-timestamp') ?? '';
  const [, hex = ''] = /^sha256=([0-9a-f]+)$/i.exec(header('planwright-signature') ?? '') ?? [];
  const signature = hmac(secret, `${stamp}.${text}`);
  if (!/^\d{1,11}$/.test(stamp) || !isHexOf(signature, hex)) throw unauthorized();
  const tolerance = trigger.toleranceSeconds * 1000;
  const at = Number(stamp) * 1000;
  if (Math.abs(now - at) > tolerance) {
    throw new PlanwrightError('UNAUTHORIZED', 'The signed time is too far from now.', {
      hint: `Sign again with the time of sending; ${trigger.toleranceSeconds} s are allowed. Compare the clocks.`,
    });
  }
  return [{ key: `signature:${signature.toString('hex')}`, expiresAt: at + tolerance + 1000 }];
}

/** The same for a wrong signature as for a trigger that there is not: nobody learns which triggers there are. */
export function unauthorized(): PlanwrightError {
  return new PlanwrightError('UNAUTHORIZED', 'The signature is missing or wrong, or there is no such webhook.', {
    hint: 'Sign the body with the trigger’s secret, as docs/triggers.md says.',
  });
}

/** What a verified delivery asks for. @throws PlanwrightError INVALID_INPUT */
export function askedBy(trigger: TriggerOf<'webhook'>, { header, text }: Delivery): Asked {
  const body = parsed(text);
  if (trigger.source === 'github') return githubRequest(trigger, header('x-github-event') ?? '', body);
  const cause = causeText(`a webhook was received`);
  if (trigger.input) return { input: fillInput(trigger.input, {}, body), cause };
  const { request, requirements, constraints } = trigger.map ?? { request: '' };
  return {
    input: checkedInput({
      request: asText(valueAt(body, request)),
      ...(requirements === undefined ? {} : { requirements: listAt(body, requirements) }),
      ...(constraints === undefined ? {} : { constraints: listAt(body, constraints) }),
    }),
    cause,
  };
}

/** A list of texts, or one text with one a line. Absent is none. */
function listAt(body: unknown, pointer: string): string[] {
  const found = valueAt(body, pointer);
  if (found === undefined || found === null) return [];
  const list = typeof found === 'string' ? found.split(/\r?\n/) : found;
  if (Array.isArray(list) && list.every((one) => typeof one === 'string')) {
    return list.map((one) => one.replace(/^\s*[-*]\s+/, '').trim()).filter((one) => one !== '');
  }
  throw new PlanwrightError('INVALID_INPUT', `${pointer} is neither a text nor a list of texts.`, {
    hint: 'Send it as one of them, or point the trigger’s map elsewhere.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PlanwrightError('INVALID_INPUT', 'The body is not JSON.', { hint: 'Send JSON.' });
  }
}
