import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { PlanwrightError } from '../../workflow/errors.ts';
import { malformed, plainHeaders, problemOf, problemResponse, unsupported } from './problem.ts';

/** What a request must be before anything of it is looked at: from this machine, for this server, allowed, small. */

export type ServerEnv = { Bindings: HttpBindings };
type Guard = MiddlewareHandler<ServerEnv>;

/** A request's body may have so many bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

export const plainAnswers: Guard = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(plainHeaders)) c.res.headers.set(name, value);
};

/**
 * The request names this very server. A web page whose own name was made to resolve to this machine (DNS rebinding)
 * names itself.
 */
export const ownHost: Guard = async (c, next) => {
  const host = c.req.header('host')?.toLowerCase();
  const { localPort } = c.env.incoming.socket;
  if (host === undefined || !loopbackNames.some((name) => host === `${name}:${localPort}`)) {
    throw new PlanwrightError('FORBIDDEN', 'This server is not called by that name.', {
      hint: `Ask 127.0.0.1:${localPort}.`,
    });
  }
  await next();
};

/** No page of another site asks: a browser says where a request comes from. Comes after {@link ownHost}. */
export const ownOrigin: Guard = async (c, next) => {
  const origin = c.req.header('origin');
  if (origin !== undefined && origin.toLowerCase() !== `http://${c.req.header('host')?.toLowerCase()}`) {
    throw new PlanwrightError('FORBIDDEN', 'Web pages of other origins may not ask.', {
      hint: 'Ask from a program, without an Origin header.',
    });
  }
  await next();
};

/** @param open what needs no token */
export function bearer(token: string, open: (method: string, path: string) => boolean): Guard {
  const wanted = digest(token);
  return async (c, next) => {
    const [, given = ''] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (!open(c.req.method, c.req.path) && !timingSafeEqual(digest(given), wanted)) {
      const error = new PlanwrightError('UNAUTHORIZED', 'The token is missing or wrong.', {
        hint: 'Send the header Authorization: Bearer <token>; the token is in the discovery file.',
      });
      return problemResponse(problemOf(error), { 'www-authenticate': 'Bearer realm="Planwright"' });
    }
    return next();
  };
}

/** Of equal length whatever the text, so that comparing takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Reads the body, and no more of it than is allowed; what it declares too large is not read at all. */
export function limitedBody(maxBytes = MAX_BODY_BYTES): Guard {
  return async (c, next) => {
    const { body } = c.req.raw;
    if (body === null) return next();
    const bytes = Number(c.req.header('content-length') ?? 0) > maxBytes ? null : await readUpTo(body, maxBytes);
    if (bytes === null) {
      const error = new PlanwrightError('TOO_LARGE', `The body is larger than ${maxBytes} bytes.`, {
        hint: 'Send less; long texts belong into files of the workspace.',
      });
      return problemResponse(problemOf(error), { connection: 'close' });
    }
    // Whoever asks for the body from here on gets what was read; the type leaves out that promises are kept there.
    c.req.bodyCache.text = Promise.resolve(decoded(bytes)) as Promise<string> & string;
    return next();
  };
}

/** Null when there is more. */
async function readUpTo(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > maxBytes) return null;
    chunks.push(value);
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

/** For routes that take a body. */
export const jsonOnly: Guard = async (c, next) => {
  if (!/^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '')) throw unsupported();
  await next();
};
