import type { z } from 'zod';
import { say } from './say.ts';

/** One thing that is wrong with a value, as Zod finds it. */
export type Issue = z.core.$ZodIssue | z.core.$ZodRawIssue;

/**
 * For a `safeParse` whose issues people read: what a value must be, in words that editors in another language know. What a
 * schema says of itself comes first.
 */
export const forPeople = { error: (issue: z.core.$ZodRawIssue) => mustBe(issue, issue.input === undefined) };

/** Where the first issue is, and what is wrong there. @param whole names the value itself, for an issue about all of it */
export function firstIssue({ issues }: z.ZodError, whole: string): { readonly where: string; readonly what: string } {
  const { path = [], message = '' } = issues[0] ?? {};
  return { where: placeOf(path) || whole, what: message };
}

/** As in code: `tasks[0].size`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.map((key, n) => (typeof key === 'number' ? `[${key}]` : `${n === 0 ? '' : '.'}${String(key)}`)).join('');
}

/**
 * What the value must be. Undefined for what only its schema can say.
 * @param missing there is none
 */
export function mustBe(issue: Issue, missing: boolean): string | undefined {
  const words = wordsFor(issue);
  return missing && words !== undefined ? say`it is missing; ${words}` : words;
}

/** Of an issue that was found without {@link forPeople}; Zod leaves out the value, and says in its words when there was none. */
export function inOurWords(issue: z.core.$ZodIssue): string {
  const isZods = /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/.test(issue.message);
  return (isZods ? mustBe(issue, issue.message.endsWith('received undefined')) : undefined) ?? issue.message;
}

function wordsFor(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected as string];
    case 'invalid_value':
      return oneOf(issue.values as readonly unknown[]);
    case 'invalid_union': {
      const branches = (issue.errors as readonly (readonly Issue[])[]).flat();
      const values = branches.flatMap((one) => (one.code === 'invalid_value' ? (one.values as unknown[]) : []));
      return values.length > 0 && values.length === branches.length ? oneOf(values) : undefined;
    }
    case 'too_small':
      return least(issue.origin as string, Number(issue.minimum), issue.inclusive !== false);
    case 'too_big':
      return most(issue.origin as string, Number(issue.maximum), issue.inclusive !== false);
    case 'unrecognized_keys':
      return say`there is no ${quoted(issue.keys as string[])} here; check how it is spelled, or take it out`;
    default:
      return undefined;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: say`it must be a text`,
  number: say`it must be a number`,
  int: say`it must be a whole number`,
  boolean: say`it must be true or false`,
  array: say`it must be a list`,
  object: say`it must be an object`,
  record: say`it must be an object`,
};

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? say`it must be ${quoted(values)}` : say`it must be one of ${quoted(values)}`;
}

function least(origin: string, count: number, inclusive: boolean): string {
  if (origin === 'number' || origin === 'int') {
    return inclusive ? say`it must be ${count} or more` : say`it must be more than ${count}`;
  }
  if (count <= 1) return say`it must not be empty`;
  return origin === 'string' ? say`it needs ${count} characters at least` : say`it needs ${count} entries at least`;
}

function most(origin: string, count: number, inclusive: boolean): string {
  if (origin === 'number' || origin === 'int') {
    return inclusive ? say`it must be ${count} or less` : say`it must be less than ${count}`;
  }
  return origin === 'string' ? say`it may have ${count} characters at most` : say`it may have ${count} entries at most`;
}

const quoted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ');
