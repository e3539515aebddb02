/** Every way a run can fail that a developer can do something about. */
export const errorCodes = [
  'RATE_LIMIT',
  'TIMEOUT',
  'BAD_KEY',
  'NO_KEY',
  'NO_CONSENT',
  'QUOTA',
  'INVALID_REQUEST',
  'REFUSED_CONNECTION',
  'PROVIDER',
  'NONSENSE',
  'DEMO_ONLY_SAMPLE',
  'NO_MODEL',
  /** A model that was there when it was chosen. */
  'MODEL_GONE',
  'NO_FOLDER',
  'UNTRUSTED',
  'INVALID_INPUT',
  'OUTSIDE_WORKSPACE',
  'DENIED_PATH',
  'READ_ONLY',
  'DRIFT',
  'NOT_FOUND',
  'EDIT_MISS',
  'BINARY',
  'ENCODING',
  'TOO_LARGE',
  'NEWER_DATABASE',
  'DAMAGED_DATABASE',
  'NO_SQLITE',
  'STORAGE',
  'REPLAY_MISMATCH',
  'RUN_BUSY',
  'CONFLICT',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'METHOD_NOT_ALLOWED',
  'UNSUPPORTED_MEDIA_TYPE',
  'CANCELLED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface PlanwrightErrorOptions {
  /** What the developer can do next, as a sentence. */
  readonly hint?: string;
  /** True when the same call may succeed later without anyone changing anything. */
  readonly retryable?: boolean;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A failure with a code for programs, a message for people and a hint about what to do. */
export class PlanwrightError extends Error {
  override readonly name = 'PlanwrightError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: PlanwrightErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown wherever a cancelled run notices that it was cancelled. */
export function cancelled(): PlanwrightError {
  return new PlanwrightError('CANCELLED', 'The run was cancelled.');
}

/** Turns anything thrown into a {@link PlanwrightError}, keeping one that already is. */
export function asPlanwrightError(error: unknown): PlanwrightError {
  if (error instanceof PlanwrightError) return error;
  if (error instanceof Error && error.name === 'AbortError') return cancelled();
  const message = error instanceof Error ? error.message : String(error);
  return new PlanwrightError('INTERNAL', message || 'Something failed without saying why.', { cause: error });
}

/** The serialisable shape of an error, as events and the journal keep it. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

export function errorInfo(error: unknown): ErrorInfo {
  const { code, message, hint } = asPlanwrightError(error);
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** What went wrong and what to do, as one text for people. */
export function inWords({ message, hint }: { readonly message: string; readonly hint?: string | undefined }): string {
  return [message, hint].filter(Boolean).join(' ');
}
