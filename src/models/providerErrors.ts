import { asPlanwrightError, cancelled, PlanwrightError } from '../workflow/errors.ts';
import { say } from '../workflow/words/say.ts';
import { certificateCodes, chainOf, type ErrorFacts, factsOf, refusalByProxy } from './errorFacts.ts';
import { retryAfterMs } from './retryAfter.ts';

/** One kind of failure: how it is recognised, and what it means. */
interface Row {
  readonly name: string;
  readonly when: (facts: ErrorFacts) => boolean;
  readonly means: (facts: ErrorFacts, now: () => number) => PlanwrightError;
}

const droppedCodes = [
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ConnectionClosed',
];
const droppedWords = /socket hang up|other side closed|premature close|^terminated$|without a finish reason/m;
const slowCodes = [
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
];
const refusedCodes = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
];
const unreadable = [
  'AI_JSONParseError',
  'AI_TypeValidationError',
  'AI_InvalidResponseDataError',
  'AI_EmptyResponseBodyError',
  'AI_NoContentGeneratedError',
];
const misused = [
  'AI_UnsupportedFunctionalityError',
  'AI_NoSuchModelError',
  'AI_InvalidPromptError',
  'AI_InvalidArgumentError',
];

/** The first row that fits counts: a connection that drops inside a 200 is a dropped connection first. */
const rows: readonly Row[] = [
  // First: a tunnel that is refused comes as an abort.
  {
    name: 'proxy',
    when: ({ status, messages }) => status === 407 || refusalByProxy.test(messages),
    means: (facts) => {
      const proxy = facts.proxy ?? say`of an unknown address`;
      return facts.status === 407 || /\b407\b|authentication/.test(facts.messages)
        ? final(
            'REFUSED_CONNECTION',
            say`The proxy ${proxy} on the way to ${at(facts)} did not let the request through: it wants a user and a password.`,
            facts,
            say`Write them into the address of the proxy, http.proxy or HTTPS_PROXY, as http://user:password@host:port, or set http.proxyAuthorization; a server that needs no proxy belongs into http.noProxy or NO_PROXY.`,
          )
        : final(
            'REFUSED_CONNECTION',
            say`The proxy ${proxy} on the way to ${at(facts)} did not let the request through (${/proxy response \((\d{3})\)/.exec(facts.messages)?.[1] ?? '?'}).`,
            facts,
            say`Check the editor’s setting http.proxy, or HTTPS_PROXY in the environment of the command line; a server that needs no proxy belongs into http.noProxy or NO_PROXY.`,
          );
    },
  },
  {
    name: 'unreachable proxy',
    when: ({ proxy, codes }) => proxy !== undefined && refusedCodes.some((code) => codes.has(code)),
    means: (facts) =>
      final(
        'REFUSED_CONNECTION',
        say`The proxy ${facts.proxy ?? ''} on the way to ${at(facts)} does not answer.`,
        facts,
        say`Check the editor’s setting http.proxy, or HTTPS_PROXY in the environment of the command line; a server that needs no proxy belongs into http.noProxy or NO_PROXY.`,
      ),
  },
  {
    name: 'cancelled',
    when: ({ names }) => names.has('AbortError') || names.has('ResponseAborted'),
    means: () => cancelled(),
  },
  {
    name: 'dropped connection',
    when: ({ codes, messages }) => droppedCodes.some((code) => codes.has(code)) || droppedWords.test(messages),
    means: (facts) =>
      retryable('TIMEOUT', say`The connection to ${wayTo(facts)} dropped before the answer was complete.`, facts),
  },
  {
    name: 'silence',
    when: ({ codes, names, status }) =>
      slowCodes.some((code) => codes.has(code)) || names.has('TimeoutError') || status === 408 || status === 504,
    means: (facts) => retryable('TIMEOUT', say`The model’s server at ${at(facts)} took too long to answer.`, facts),
  },
  {
    name: 'certificate',
    when: ({ codes }) => [...codes].some((code) => certificateCodes.test(code)),
    means: (facts) => {
      const { why, hint } = certificateTrouble(facts);
      return final(
        'REFUSED_CONNECTION',
        say`The secure connection to ${wayTo(facts)} could not be made: ${why}.`,
        facts,
        hint,
      );
    },
  },
  {
    name: 'refused connection',
    when: ({ codes, answered, messages }) =>
      refusedCodes.some((code) => codes.has(code)) ||
      (!answered && /cannot connect to api|fetch failed/.test(messages)),
    means: (facts) =>
      final(
        'REFUSED_CONNECTION',
        say`Nothing answers at ${at(facts)}.`,
        facts,
        say`Check that the server at ${at(facts)} runs, that planwright.baseUrl is right, and the network: a proxy is named by http.proxy, or HTTPS_PROXY for the command line.`,
      ),
  },
  {
    name: 'quota',
    when: ({ status, kind }) => status === 402 || /insufficient_quota|billing|quota_exceeded/.test(kind),
    means: (facts) =>
      final(
        'QUOTA',
        say`The account’s quota at ${at(facts)} is used up.`,
        facts,
        say`Check the plan and billing of the account behind the key, or choose another model.`,
      ),
  },
  {
    name: 'rate limit',
    when: ({ status }) => status === 429,
    means: (facts, now) => {
      const wait = retryAfterMs(facts.headers, now);
      return retryable(
        'RATE_LIMIT',
        say`The model’s server at ${at(facts)} asks to slow down.`,
        facts,
        wait === undefined ? {} : { retryAfterMs: wait },
      );
    },
  },
  {
    name: 'wrong key',
    when: ({ status }) => status === 401 || status === 403,
    // The provider's own words are left out: they may repeat a part of the key.
    means: (facts) =>
      final(
        'BAD_KEY',
        say`The API key was refused by ${at(facts)}.`,
        facts,
        say`Save the right one with “Planwright: Set API key…”, and check that it may use this model.`,
      ),
  },
  {
    name: 'unknown model',
    when: ({ status }) => status === 404,
    means: (facts) =>
      final(
        'INVALID_REQUEST',
        `${say`The model or the address was not found at ${at(facts)}.`}${says(facts)}`,
        facts,
        say`Check the model’s name, and that planwright.baseUrl ends as the server wants it, usually in /v1.`,
      ),
  },
  {
    name: 'redirect',
    when: ({ status }) => status !== undefined && status >= 300 && status < 400,
    means: (facts) =>
      final(
        'INVALID_REQUEST',
        say`The address at ${at(facts)} sends requests on to another one, which is not followed.`,
        facts,
        say`Set planwright.baseUrl to the final address.`,
      ),
  },
  {
    name: 'too long',
    when: ({ status, kind, says: said }) =>
      status === 413 ||
      /context_length/.test(kind) ||
      (status === 400 && /maximum context|context (length|window)/i.test(said ?? '')),
    means: (facts) =>
      final(
        'INVALID_REQUEST',
        `${say`The request is too long for the model.`}${says(facts)}`,
        facts,
        say`Lower planwright.contextTokens, choose a model with a larger context window, or ask for a smaller change.`,
      ),
  },
  {
    name: 'passing conflict',
    when: ({ status }) => status === 409 || status === 425,
    means: (facts) =>
      retryable(
        'PROVIDER',
        `${say`The model’s server at ${at(facts)} could not take the request just now (${facts.status ?? 0}).`}${says(facts)}`,
        facts,
      ),
  },
  {
    name: 'invalid request',
    when: ({ status }) => status !== undefined && status >= 400 && status < 500,
    means: (facts) =>
      final(
        'INVALID_REQUEST',
        `${say`The model’s server at ${at(facts)} did not accept the request (${facts.status ?? 0}).`}${says(facts)}`,
        facts,
        say`Check that the model supports tools and this kind of request, or choose another model.`,
      ),
  },
  {
    name: 'server failure',
    when: ({ status }) => status !== undefined && status >= 500,
    means: (facts) =>
      retryable(
        'PROVIDER',
        `${say`The model’s server at ${at(facts)} failed (${facts.status ?? 0}).`}${says(facts)}`,
        facts,
      ),
  },
  {
    name: 'no key',
    when: ({ names }) => names.has('AI_LoadAPIKeyError'),
    means: (facts) =>
      final('NO_KEY', say`There is no API key for the chosen model.`, facts, say`Run “Planwright: Set API key…”.`),
  },
  {
    name: 'unreadable answer',
    when: ({ names }) => unreadable.some((name) => names.has(name)),
    means: (facts) =>
      retryable('PROVIDER', say`The model’s server at ${at(facts)} gave an answer that cannot be read.`, facts),
  },
  {
    name: 'misused model',
    when: ({ names }) => misused.some((name) => names.has(name)),
    means: (facts) =>
      final(
        'INVALID_REQUEST',
        say`The chosen model cannot do what it was asked for.`,
        facts,
        say`Choose another model.`,
      ),
  },
  {
    name: 'incomplete answer',
    when: ({ answered }) => answered,
    means: (facts) =>
      retryable('PROVIDER', say`The answer of the model’s server at ${at(facts)} could not be used.`, facts),
  },
];

/** What is wrong with a secure connection, and which setting mends it. */
function certificateTrouble({ codes }: ErrorFacts): { readonly why: string; readonly hint: string } {
  const has = (pattern: RegExp) => [...codes].some((code) => pattern.test(code));
  if (has(/EXPIRED|NOT_YET_VALID/)) {
    return {
      why: say`the server’s certificate is not valid today`,
      hint: 'Check this machine’s date; otherwise the server needs a new certificate.',
    };
  }
  if (has(/ALTNAME/)) {
    return {
      why: say`the certificate is for another name than the address has`,
      hint: 'Write the server’s name into planwright.baseUrl as its certificate has it.',
    };
  }
  if (has(/WRONG_VERSION|^EPROTO$|PACKET_LENGTH|^ERR_TLS(?!_CERT)/)) {
    return {
      why: say`the server does not speak TLS as it should`,
      hint: 'Check whether planwright.baseUrl must begin with http:// instead of https://, and the proxy if there is one.',
    };
  }
  return {
    why: say`its certificate was issued by an authority that is not trusted here`,
    hint: 'Add the authority’s certificate to the system’s, with http.systemCertificates on; or name its PEM file in NODE_EXTRA_CA_CERTS before the editor or the command line is started.',
  };
}

/**
 * Says what a provider's failure means. Messages name the server by its origin at most, and quote at most 200
 * characters of what it said, with everything that looks like a key taken out; requests and answers are not kept.
 * @param now milliseconds since the epoch, for a Retry-After that names a date
 */
export function mapProviderError(error: unknown, now: () => number = Date.now): PlanwrightError {
  const known = chainOf(error).find((link) => link instanceof PlanwrightError);
  if (known) return known;
  const facts = factsOf(error);
  return rows.find(({ when }) => when(facts))?.means(facts, now) ?? asPlanwrightError(error);
}

function retryable(
  code: 'TIMEOUT' | 'RATE_LIMIT' | 'PROVIDER',
  message: string,
  facts: ErrorFacts,
  more: { readonly retryAfterMs?: number } = {},
): PlanwrightError {
  return new PlanwrightError(code, message, {
    hint: 'Resume the run to try again from here.',
    retryable: true,
    cause: traceOf(facts),
    ...more,
  });
}

function final(
  code: 'BAD_KEY' | 'NO_KEY' | 'QUOTA' | 'INVALID_REQUEST' | 'REFUSED_CONNECTION',
  message: string,
  facts: ErrorFacts,
  hint: string,
): PlanwrightError {
  return new PlanwrightError(code, message, { hint, cause: traceOf(facts) });
}

/** What a log may keep: the SDK's own error carries the whole prompt and the whole answer. */
function traceOf({ status, kind, codes, names }: ErrorFacts) {
  return {
    names: [...names],
    codes: [...codes],
    ...(status === undefined ? {} : { status }),
    ...(kind === '' ? {} : { kind: redacted(kind) }),
  };
}

const at = ({ origin }: ErrorFacts) => origin ?? say`an unknown address`;
const wayTo = (facts: ErrorFacts) =>
  facts.proxy === undefined ? at(facts) : say`${at(facts)} by way of the proxy ${facts.proxy}`;

const QUOTED_CHARACTERS = 200;

function says({ says: said }: ErrorFacts): string {
  const text = redacted(said ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return '';
  const quoted = text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
  return ` ${say`It says: “${quoted}”`}`;
}

/** Takes out what looks like a key: a bearer token, a known prefix, or any long run of letters and digits mixed. */
export function redacted(text: string): string {
  return text
    .replace(/\bBearer\s+\S+/gi, 'Bearer …')
    .replace(/\b(?:sk|pk|rk|key|api|gsk|xai)[-_][\w*.-]{6,}/gi, '…')
    .replace(/\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}/g, '…');
}
