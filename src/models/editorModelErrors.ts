import { PlanwrightError } from '../workflow/errors.ts';
import { say } from '../workflow/words/say.ts';
import { mapProviderError, redacted } from './providerErrors.ts';

/** How the editor tells of a failed model: by a code, and by what the extension behind the model says. */
interface EditorModelFailure {
  readonly code: string;
  readonly message: string;
}

const QUOTED_CHARACTERS = 200;

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
    return new PlanwrightError('NO_MODEL', `The editor no longer has the model “${label}”.`, {
      hint: 'Check that its extension is on and signed in, or pick another with “Planwright: Choose model…”.',
    });
  }
  if (/rate.?limit|too many requests|\b429\b/i.test(message)) {
    return new PlanwrightError('RATE_LIMIT', says(say`The editor’s model “${label}” asks to slow down.`, message), {
      hint: 'Resume the run to try again from here.',
      retryable: true,
    });
  }
  // Blocked is what the editor says when an account's quota is used up.
  if (code === 'Blocked' || /quota|billing|\b402\b/i.test(message)) {
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

/** The developer has not allowed it, or has taken that back. */
export function noConsent(label: string): PlanwrightError {
  return new PlanwrightError('NO_CONSENT', `Planwright may not use the editor’s model “${label}”.`, {
    hint: 'Run “Planwright: Choose model…”, pick it and allow it; then resume the run.',
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
