import { type Input, inputSchema } from '../schemas.ts';
import { unusableInput } from '../starts/unusableInput.ts';
import { forPeople } from '../words/issues.ts';
import type { InputTemplate } from './definition.ts';
import { isPointer, valueAt } from './pointer.ts';

/** What happened, in words, by name: what a template may use. */
export type Facts = Readonly<Record<string, string>>;

/** One fact may be so long; what comes from outside is not all of a prompt. */
const MAX_FACT = 10_000;

/**
 * The input with its placeholders filled. Filled in text is not looked at for placeholders again. A fact that there
 * is not leaves nothing; a requirement or constraint that becomes empty is left out.
 * @param body what `{{/pointer}}` points into
 * @throws PlanwrightError INVALID_INPUT when nothing is left of the request, or it is too long
 */
export function fillInput(template: InputTemplate, facts: Facts, body?: unknown): Input {
  const fill = (text: string) =>
    text
      .replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => {
        if (name.startsWith('/') && isPointer(name)) return cut(asText(valueAt(body, name)));
        return Object.hasOwn(facts, name) ? cut(facts[name] ?? '') : '';
      })
      .trim();
  const list = (texts: readonly string[]) => texts.map(fill).filter((text) => text !== '');
  return checkedInput({
    request: fill(template.request),
    requirements: list(template.requirements ?? []),
    ...(template.constraints === undefined ? {} : { constraints: list(template.constraints) }),
  });
}

/** @throws PlanwrightError INVALID_INPUT that names the field */
export function checkedInput(value: unknown): Input {
  const checked = inputSchema.omit({ plan: true, template: true }).safeParse(value, forPeople);
  if (checked.success) return checked.data;
  throw unusableInput(checked.error, { whole: 'input', hint: 'Mend the trigger’s input, or what was sent to it.' });
}

/** As a prompt can take it: text as it is, numbers and truth in words, all else as JSON. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Control characters, line ends apart, are of no use in a request. */
function cut(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  return clean.length <= MAX_FACT ? clean : `${clean.slice(0, MAX_FACT)}… (${clean.length - MAX_FACT} more characters)`;
}

/** One line for the record. */
export function causeText(text: string): string {
  const line = cut(text).replaceAll(/\s+/g, ' ').trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}
