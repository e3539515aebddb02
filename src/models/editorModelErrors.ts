import { PlanwrightError } from '../workflow/errors.ts';
import { say } from '../workflow/words/say.ts';
import { mapProviderError, redacted } from './providerErrors.ts';

/** How the editor tells of a failed model: by a code, and by what the extension behind the model says. */
interface EditorModelFailure {
  readonly code: string;
  readonly message: string;
}

const QUOTED_CHARACTERS = 200;
/** A quota that is back within this time is waited for. */
const SOON_MS = 10 * 60_000;

/**
 * Says what the failure of a model of the editor means. Extensions give most of theirs no code ('Unknown'), so the
 * words decide about those.
 * @param label as the developer chose it: 'vscode:<vendor>/<model>'
 */
export function mapEditorModelError(error: unknown, label: string): PlanwrightError {
  if (error instanceof PlanwrightError) return error;
  const failure = failureOf(error);
  if (failure === undefined) return mapProviderError(error);
  const { code, message } = failure;
  if (code === 'NoPermissions') return noConsent(label);
  if (code === 'NotFound') {
    return new PlanwrightError('MODEL_GONE', `The editor no longer has the model “${label}”.`, {
      hint: 'Check that its extension is on and signed in, or pick another with “Planwright: Choose model…”.',
    });
  }
  const wait = waitIn(message);
  const isLimited = /rate.?limit|too many requests|\b429\b/i.test(message);
  // A quota that comes back soon is a rate limit by another name.
  if (isLimited || (wait !== undefined && wait <= SOON_MS && isQuota(code, message))) {
    return new PlanwrightError('RATE_LIMIT', says(say`The editor’s model “${label}” asks to slow down.`, message), {
      hint: 'Resume the run to try again from here.',
      retryable: true,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  }
  if (isQuota(code, message)) {
    return new PlanwrightError('QUOTA', says(say`The quota of the editor’s model “${label}” is used up.`, message), {
      hint: 'See the plan of the account behind its extension, or pick another with “Planwright: Choose model…”.',
    });
  }
  if (/off_topic|filtered|content policy/i.test(message)) {
    return new PlanwrightError(
      'INVALID_REQUEST',
      says(say`The editor’s model “${label}” refused to answer.`, message),
      {
        hint: 'Say the request in other words, or choose another model.',
      },
    );
  }
  if (/context (length|window)|too long|exceeds.*token|max.*prompt/i.test(message)) {
    return new PlanwrightError('INVALID_REQUEST', says(say`The request is too long for “${label}”.`, message), {
      hint: 'Lower planwright.contextTokens, or choose a model with a larger context window.',
    });
  }
  return new PlanwrightError('PROVIDER', says(say`The editor’s model “${label}” failed.`, message), {
    hint: 'Resume the run to try again from here, or pick another with “Planwright: Choose model…”.',
    retryable: true,
  });
}

/** Blocked is what the editor says when an account's quota is used up. */
function isQuota(code: string, message: string): boolean {
  return code === 'Blocked' || /quota|billing|\b402\b/i.test(message);
}

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** The wait that words ask for, in milliseconds: 'try again in 30 seconds', 'retry after 2 min'. */
function waitIn(message: string): number | undefined {
  const said = /\b(?:again|retry|wait|resets?)\b[^.\d]{0,30}?\b(\d{1,5}) ?(s|m|h)(?:ec|in|r|our)?/i.exec(message);
  if (said === null) return undefined;
  return Number(said[1]) * unitsMs[(said[2] ?? 's').toLowerCase() as keyof typeof unitsMs];
}

/** The developer has not allowed it, or has taken that back. */
export function noConsent(label: string): PlanwrightError {
  return new PlanwrightError('NO_CONSENT', `Planwright may not use the editor’s model “${label}”.`, {
    hint: 'Run “Planwright: Choose model…”, pick it and allow it when the editor asks; then try again.',
  });
}

function failureOf(error: unknown): EditorModelFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, message, name } = error as Error & { readonly code?: unknown };
  if (name === 'AbortError' || name === 'Canceled') return undefined;
  return { code: typeof code === 'string' ? code : 'Unknown', message };
}

/** What happened, and in its own words what the extension said of it. */
function says(what: string, message: string): string {
  const text = redacted(message).replace(/\s+/g, ' ').trim();
  if (text === '') return what;
  const quoted = text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
  return `${what} ${say`It says: “${quoted}”`}`;
}
