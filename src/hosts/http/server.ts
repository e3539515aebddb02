import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { PlanwrightError } from '../../workflow/errors.ts';
import { MAX_BODY_BYTES } from './guards.ts';
import {
  answerError,
  malformedProblem,
  PROBLEM_TYPE,
  type Problem,
  plainHeaders,
  problemOf,
  problemResponse,
} from './problem.ts';
import { turnstile } from './turnstile.ts';

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** A name or address of this machine alone. */
  readonly host?: '127.0.0.1' | '::1' | 'localhost';
  readonly limits?: Partial<ServerLimits>;
  readonly onInternal?: (error: unknown) => void;
}

/** What one client may take of the server; times in milliseconds. */
export interface ServerLimits {
  /** From a request's first byte to the end of its headers. */
  readonly headersMs: number;
  /** From a request's first byte to the end of its body. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  /** Without a byte either way, an event stream's heartbeats included. */
  readonly idleMs: number;
  /** Between two requests on one connection, as it is announced. */
  readonly keepAliveMs: number;
  /**
   * So much longer the connection is really kept: a client that reuses it at the last moment, or on a machine that is slow
   * for some seconds, must not find it closed and lose a request.
   */
  readonly keepAliveGraceMs: number;
  /** When there are so many, idle ones make room for new ones. */
  readonly connections: number;
}

export const defaultLimits: ServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 2_000,
  idleMs: 60_000,
  keepAliveMs: 20_000,
  keepAliveGraceMs: 10_000,
  connections: 512,
};

export interface RunningServer {
  readonly port: number;
  /** Takes no new requests, gives those at work a moment, and ends what is left, such as event streams. */
  close(): Promise<void>;
}

/** What requests at work are given to finish when the server closes, in milliseconds. */
const GRACE_MS = 250;

interface Served {
  fetch(request: Request, env: object): Response | Promise<Response>;
}

/**
 * Serves the API on this machine.
 * @throws PlanwrightError CONFLICT when the port is taken, INVALID_INPUT when it or the host cannot be used
 */
export async function serve(app: Served, options: ServeOptions): Promise<RunningServer> {
  const { port, host = '127.0.0.1', onInternal = () => {} } = options;
  // What is typed may still have come from a setting or an argument.
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new PlanwrightError('INVALID_INPUT', `The API is not served at ${host}: only this machine may ask.`, {
      hint: 'Use 127.0.0.1; reach it from elsewhere through a tunnel of your own.',
    });
  }
  const limits = { ...defaultLimits, ...options.limits };
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    hostname: host,
    // The globals belong to everything else in this process, too.
    overrideGlobalObjects: false,
    errorHandler: (error) =>
      error instanceof RequestError
        ? problemResponse(malformedProblem('The Host or the path of the request cannot be read.'))
        : answerError(error, onInternal),
  });
  const enter = turnstile();
  const server = createServer(serverOptions(limits), (incoming, outgoing) => {
    if (!enter(() => void listener(incoming, outgoing))) refuse(outgoing);
  });
  server.maxConnections = limits.connections;
  server.timeout = limits.idleMs;
  server.on('drop', () => server.closeIdleConnections());
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writable && error.code !== 'ECONNRESET') socket.end(rawProblem(problemOfClient(error)));
    else socket.destroy();
  });
  // Who asks before sending a body that is too large is told so instead of being asked for it.
  server.on('checkContinue', (incoming, outgoing) => {
    if (!declaresTooMuch(incoming)) outgoing.writeContinue();
    server.emit('request', incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, port)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const impatient = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearTimeout(impatient);
          resolve();
        });
      }),
  };
}

function serverOptions({ headersMs, requestMs, checkMs, keepAliveMs, keepAliveGraceMs }: ServerLimits): ServerOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveTimeoutBuffer: keepAliveGraceMs,
  };
}

/** Too many at once: this one is not looked at. */
function refuse(outgoing: ServerResponse): void {
  const error = new PlanwrightError('RATE_LIMIT', 'Too many requests wait for an answer.', {
    hint: 'Ask again later.',
  });
  const headers = { ...plainHeaders, 'content-type': PROBLEM_TYPE, 'retry-after': '1' };
  outgoing.writeHead(429, headers).end(JSON.stringify(problemOf(error)));
}

function declaresTooMuch(incoming: IncomingMessage): boolean {
  return Number(incoming.headers['content-length'] ?? 0) > MAX_BODY_BYTES;
}

/** What the parser or a time-out says, before there is a request to answer. */
function problemOfClient({ code }: NodeJS.ErrnoException): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problemOf(
        new PlanwrightError('TIMEOUT', 'The request took too long to arrive.', { hint: 'Send it again.' }),
      );
    case 'HPE_HEADER_OVERFLOW':
      return problemOf(new PlanwrightError('TOO_LARGE', 'The headers are too large.', { hint: 'Send fewer.' }), 431);
    default:
      return malformedProblem('The request is not HTTP.');
  }
}

function rawProblem(problem: Problem): string {
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(plainHeaders).map((pair) => pair.join(': ')),
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

function cannotListen(error: NodeJS.ErrnoException, port: number): PlanwrightError {
  return error.code === 'EADDRINUSE'
    ? new PlanwrightError('CONFLICT', `Port ${port} is taken.`, { hint: 'Choose another, or 0 for any.', cause: error })
    : new PlanwrightError('INVALID_INPUT', `Port ${port} cannot be used: ${error.message}`, {
        hint: 'Choose one above 1024.',
        cause: error,
      });
}
