import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA256 (RFC 2104) of UTF-8 text, as bytes. */
export function hmac(secret: string | Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text, 'utf8').digest();
}

/** Is this the signature, in hex? Takes the same time wherever they differ. */
export function isHexOf(signature: Buffer, hex: string): boolean {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return false;
  return timingSafeEqual(signature, Buffer.from(hex, 'hex'));
}

/** A secret with fewer characters is too easily guessed. */
export const MIN_SECRET = 16;
