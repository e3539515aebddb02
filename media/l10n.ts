import type { ComponentChildren } from 'preact';
import { Teller, type Translations } from '../src/workflow/words/tell.ts';

/**
 * The page's words in the developer's language. English is the key, and what is shown where a translation lacks. The
 * bundle comes with the page: the same file that the extension host's `vscode.l10n` reads. Messages are literals, so
 * that a test can collect them.
 */

type Value = string | number;

/** "{0}" is the first value; numbers are written as the language writes them. What has no value stays as it is. */
export const t = (message: string, ...values: readonly Value[]): string =>
  translated(message).replace(placeholder, (whole, index: string) => {
    const value = values[Number(index)];
    return value === undefined ? whole : typeof value === 'number' ? inNumerals(value) : value;
  });

/** A translated message with pieces of the page where its placeholders are; what stands between them is text. */
export function rich(message: string, ...pieces: readonly ComponentChildren[]): ComponentChildren {
  return message.split(placeholder).map((part, index) => (index % 2 === 1 ? pieces[Number(part)] : part));
}

/** What the engine wrote into the log, in English, in the reader's language where the bundle has those words. */
export function told(text: string): string {
  page ??= readPage();
  page.teller ??= new Teller(page.bundle);
  return page.teller.tell(text);
}

/** What an agent did, as its tools say it: few words around a path. */
export function toldStep(text: string): string {
  page ??= readPage();
  page.teller ??= new Teller(page.bundle);
  return page.teller.tell(text, 4);
}

/** A text that is mostly a model's, and the engine's only where it is one of the bundle's as a whole. */
export function toldIfOurs(text: string): string {
  return translated(text);
}

/** One of two messages, as languages with two forms have them. */
export function plural(n: number, one: string, other: string): string {
  return n === 1 ? one : other;
}

/** A number as the page's language writes it. */
export function inNumerals(value: number, options?: Intl.NumberFormatOptions): string {
  return value.toLocaleString(language(), options);
}

/** For Intl: the language of the page's words, so that a date in them does not speak another. */
export function language(): string | undefined {
  page ??= readPage();
  return page.language;
}

const placeholder = /\{(\d+)\}/g;

interface PageWords {
  readonly bundle: Translations;
  readonly language: string | undefined;
  teller?: Teller;
}

let page: PageWords | undefined;

function translated(message: string): string {
  page ??= readPage();
  const found = Object.hasOwn(page.bundle, message) ? page.bundle[message] : undefined;
  return typeof found === 'string' ? found : message;
}

/** Read once, at the first word. Outside a page, as in unit tests, there is English only. */
function readPage(): PageWords {
  if (typeof document === 'undefined') return { bundle: {}, language: 'en' };
  const data = document.getElementById('l10n')?.textContent;
  return { bundle: data ? JSON.parse(data) : {}, language: knownLanguage(document.documentElement.lang) };
}

/** Undefined for what Intl cannot read, as the pseudo language of translators: then the browser's own is used. */
function knownLanguage(tag: string): string | undefined {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0];
  } catch {
    return undefined;
  }
}
