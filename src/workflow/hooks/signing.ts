import { hmac } from '../triggers/signature.ts';

/**
 * The headers of a delivery, as Standard Webhooks has them
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): HMAC-SHA256 over
 * `<id>.<timestamp>.<body>`, in base64. A delivery that is tried again keeps its id and has the time of the new try.
 * @param secret in base64, `whsec_` before it or not
 * @param now milliseconds since the epoch
 */
export function signedHeaders(id: string, body: string, secret: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac(key, `${id}.${timestamp}.${body}`).toString('base64')}`,
  };
}

/** Of a key of so many bytes; Standard Webhooks asks for 24 to 64. */
export function isUsableSecret(secret: string): boolean {
  const text = secret.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = Buffer.from(text, 'base64');
  return length >= 24 && length <= 64;
}
