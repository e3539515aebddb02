import { STATUS_CODES } from 'node:http';
import { HTTPException } from 'hono/http-exception';
import { type ErrorCode, PlanwrightError } from '../../workflow/errors.ts';

/** Errors as RFC 9457 has them, with our code and hint beside its members. */

export const PROBLEM_TYPE = 'application/problem+json';

/** On every answer: it is for who asked alone, and is what it says it is. */
export const plainHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

export interface InvalidField {
  /** Where in the request, as "json.requirements.0". */
  readonly where: string;
  readonly message: string;
}

export interface Problem {
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint?: string;
  readonly errors?: readonly InvalidField[];
}

const statuses: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 422,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  UNTRUSTED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  TIMEOUT: 408,
  CONFLICT: 409,
  RUN_BUSY: 409,
  DRIFT: 409,
  NO_MODEL: 409,
  MODEL_GONE: 409,
  NO_CONSENT: 409,
  NO_KEY: 409,
  CANCELLED: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMIT: 429,
  STORAGE: 503,
};

/** @param status where the error's code has another one as a rule */
export function problemOf(
  error: PlanwrightError,
  status = statuses[error.code] ?? 500,
  errors?: readonly InvalidField[],
): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(errors === undefined ? {} : { errors }),
  };
}

/** The error as an answer, outside of any route too. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': PROBLEM_TYPE, ...plainHeaders, ...headers },
  });
}

/** A request that cannot be read, whatever it asks for: thrown while it is served, as a problem before that. */
export function malformed(message: string): HTTPException {
  return new HTTPException(400, { message });
}

export function malformedProblem(message: string): Problem {
  const hint = 'Send a valid HTTP request; a body is JSON in UTF-8.';
  return problemOf(new PlanwrightError('INVALID_INPUT', message, { hint }), 400);
}

/**
 * The answer to anything thrown while a request was served.
 * @param onInternal hears of what is our own fault; the client is not told its details
 */
export function answerError(error: unknown, onInternal: (error: unknown) => void): Response {
  if (error instanceof HTTPException && error.status < 500) {
    return problemResponse(error.status === 415 ? problemOf(unsupported()) : malformedProblem(error.message));
  }
  if (error instanceof PlanwrightError && statuses[error.code] !== undefined) {
    const { retryAfterMs } = error;
    return problemResponse(
      problemOf(error),
      retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    );
  }
  onInternal(error);
  const internal = new PlanwrightError('INTERNAL', 'Planwright failed.', { hint: 'Its log says more.' });
  return problemResponse(problemOf(internal));
}

export function unsupported(): PlanwrightError {
  return new PlanwrightError('UNSUPPORTED_MEDIA_TYPE', 'The body is not declared as JSON.', {
    hint: 'Send the header Content-Type: application/json.',
  });
}
