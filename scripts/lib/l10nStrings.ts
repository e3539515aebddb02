import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

/** Texts by key; in a bundle the English text is its own key. */
export type Texts = Readonly<Record<string, string>>;

/** Where people's texts are asked for: `vscode.l10n.t(…)` in the extension, `t(…)` in webviews and documents. */
const calls = [
  { files: 'src/**/*.ts', call: /\bl10n\.t\(/g },
  { files: '{media/**/*.{ts,tsx},src/workflow/runReport/*.ts,src/workflow/planMarkdown.ts}', call: /(?<![\w.$])t\(/g },
] as const;

/** Whose errors a window never shows: they are the command line's, or an answer over HTTP. */
const elsewhere = /^src\/hosts\/(?:cli|http)\//;

const literal = /^\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.|\$(?!\{))*)`)\s*[,)]/s;

/**
 * The texts that the sources ask for, sorted. Each must stand in the call as one literal, for it is the key of its
 * translations; a call where something else stands throws with its place. What the engine says, and the errors it
 * throws, are literals too, whose `${…}` become placeholders in their order.
 */
export function textsInSources(): string[] {
  const found = new Set<string>();
  for (const { files, call } of calls)
    for (const path of globSync(files, { cwd: root }))
      for (const text of textsIn(readFileSync(join(root, path), 'utf8'), call, path)) found.add(text);
  for (const path of globSync('src/**/*.ts', { cwd: root }).map((one) => one.replaceAll('\\', '/')))
    if (!elsewhere.test(path))
      for (const text of engineTextsIn(readFileSync(join(root, path), 'utf8'), path)) found.add(text);
  return [...found].sort();
}

/** Before a literal that people read: the tag of the engine's texts, an error's message, its hint. */
const before = /\bsay(?=`)|new PlanwrightError\(\s*'[A-Z_]+',\s*(?=['"`])|\bhint:\s*(?=['"`])/g;

/** The texts of the engine in one source, `${…}` as `{0}`; throws where two of those touch. */
export function engineTextsIn(source: string, path: string): string[] {
  return [...source.matchAll(before)].flatMap((match) => {
    const start = match.index + match[0].length;
    const text = literalAt(source, start);
    // Without words there is nothing to translate.
    if (!/\p{L}{2}/u.test(text.replace(/\{\d+\}/g, ''))) return [];
    if (!/\}\{/.test(text)) return [text];
    const line = source.slice(0, start).split('\n').length;
    throw new Error(`${path}:${line}: put words between what varies, so that it can be told apart`);
  });
}

/** The literal that begins at `start`, which is a quote. */
function literalAt(source: string, start: number): string {
  const quote = source[start];
  let raw = '';
  let values = 0;
  for (let at = start + 1; source[at] !== quote; at++) {
    if (source[at] === '\\') raw += source.slice(at, ++at + 1);
    else if (quote === '`' && source.startsWith('${', at)) {
      raw += `{${values++}}`;
      at = expressionEnd(source, at + 2);
    } else raw += source[at];
  }
  return unescaped(raw);
}

/** Where the `}` is that ends an expression begun at `start`; there may be braces and literals in it. */
function expressionEnd(source: string, start: number): number {
  let quote = '';
  for (let at = start; at < source.length; at++) {
    const here = source[at] ?? '';
    if (here === '\\') at++;
    else if (quote !== '') {
      if (here === quote) quote = '';
      else if (quote === '`' && source.startsWith('${', at)) at = expressionEnd(source, at + 2);
    } else if (here === '}') return at;
    else if (here === '{') at = expressionEnd(source, at + 1);
    else if ('\'"`'.includes(here)) quote = here;
  }
  throw new Error(`An expression does not end: ${source.slice(start, start + 80)}`);
}

/** The texts of one source; `path` is for the message of what is thrown. */
export function textsIn(source: string, call: RegExp, path: string): string[] {
  return [...source.matchAll(call)].map((match) => {
    const after = match.index + match[0].length;
    const parts = literal.exec(source.slice(after));
    const raw = parts?.[1] ?? parts?.[2] ?? parts?.[3];
    if (raw !== undefined) return unescaped(raw);
    const line = source.slice(0, after).split('\n').length;
    throw new Error(`${path}:${line}: give t() one string literal and pass what varies as {0}, {1}, …`);
  });
}

function unescaped(raw: string): string {
  return raw.replace(/\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|([\s\S]))/g, (_all, braced, four, one) => {
    if (one === undefined) return String.fromCodePoint(Number.parseInt(braced ?? four, 16));
    return { n: '\n', t: '\t', r: '\r', '\n': '' }[one as string] ?? one;
  });
}

/** The keys that package.json names as `%key%`. */
export function keysInManifest(manifest: string): string[] {
  return [...new Set([...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key as string))].sort();
}

/** Paths of people's texts that stand in package.json itself. The product's name is the same in every language. */
export function untranslatable(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => untranslatable(entry, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    const here = path ? `${path}.${name}` : name;
    // The properties of an object setting may have any name.
    const texts =
      peopleRead.has(name) && !typed.test(here) && (typeof entry === 'string' || isTexts(entry))
        ? [entry].flat()
        : undefined;
    if (!texts) return untranslatable(entry, here);
    return texts.every((text) => text.startsWith('%') || text === 'Planwright') ? [] : [here];
  });
}

/** What people type after @ and / in the chat is the same in every language. */
const typed = /chatParticipants\[\d+\](?:\.commands\[\d+\])?\.name$/;

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

const peopleRead = new Set([
  'title',
  'shortTitle',
  'name',
  'contents',
  'description',
  'markdownDescription',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'enumItemLabels',
  'deprecationMessage',
  'markdownDeprecationMessage',
  'altText',
  'fullName',
  'sampleRequest',
]);

/** What is wrong with a file of texts, as sentences that say what to do; nothing when it fits. */
export function faults(file: string, wanted: Texts, given: Texts): string[] {
  const missing = Object.keys(wanted).filter((key) => !(key in given));
  const unused = Object.keys(given).filter((key) => !(key in wanted));
  const differing = Object.keys(wanted).filter((key) => {
    const [english, text] = [wanted[key], given[key]];
    return english !== undefined && text !== undefined && keptParts(english) !== keptParts(text);
  });
  return [
    ...missing.map((key) => `${file}: add ${JSON.stringify(key)}, in English ${JSON.stringify(wanted[key])}`),
    ...unused.map((key) => `${file}: remove ${JSON.stringify(key)}, nothing uses it`),
    ...differing.map(
      (key) =>
        `${file}: ${JSON.stringify(key)} must keep ${keptParts(wanted[key] ?? '') || 'no placeholder'}, and has ${keptParts(given[key] ?? '') || 'none'}`,
    ),
  ];
}

/** What a translation must repeat: placeholders, icons, code, links to commands and settings. */
function keptParts(text: string): string {
  const parts = text.match(/\{\w+\}|\$\([\w~-]+\)|`[^`]*`|\((?:command|https?):[^)]*\)/g) ?? [];
  return [...new Set(parts)].sort().join(' ');
}

export function readTexts(path: string): Texts {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
