import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { transform } from 'esbuild';
import { root } from '../../../scripts/lib/paths.ts';

/** Words in the webviews stand in a call of `t`, where a translation finds them. */

/** Words between tags or in an attribute that people read, as esbuild writes them, but for what `t` is asked for. */
const shown =
  /(?:children|title|"aria-label"|placeholder|label|text|caption|hint|note|summary|empty): (?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)|(?<=^\s*)"((?:[^"\\]|\\.)*)"(?=,?$)/gm;
/** Anything else that begins as a sentence does, or has two words in a row. */
const sentence = /"((?:[A-Z]\p{Ll}|\p{Ll}{2,} \p{Ll}{2})(?:[^"\\]|\\.)*)"/gu;
/** The product's name, and what looks like words and is not for people: keys of the keyboard, verdicts as data. */
const same = /^(?:Planwright|Arrow\w+|Home|End|Enter|Escape|Tab|Page\w+|new failure|already failing|failed before)$/;

async function untranslated(path: string): Promise<string[]> {
  const { code } = await transform(readFileSync(join(root, path), 'utf8'), {
    loader: 'tsx',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
  });
  const body = code.replace(/^import .*$/gm, '').replace(/\bclass: (?:"[^"]*"|`[^`]*`)/g, '');
  const drawn = path.endsWith('.ts') ? [] : [...body.matchAll(shown)];
  const found = [...drawn, ...body.matchAll(sentence)]
    // The word of a call stands on a line of its own when it is long; so do the names of elements.
    .filter(({ index }) => !/\b(?:t|jsxs?)\(\s*$/.test(body.slice(0, index)))
    .map(([, plain, template, alone]) => plain ?? template?.replace(/\$\{.*?\}/g, '') ?? alone ?? '')
    .map((text) => text.trim())
    .filter((text) => /\p{L}{2}/u.test(text) && !same.test(text));
  return [...new Set(found)].map((text) => `${path}: ${text}`);
}

test('no page has words that a translation cannot reach', async () => {
  const files = globSync('media/**/*.{ts,tsx}', { cwd: root });
  assert.ok(files.length > 30);
  assert.deepEqual((await Promise.all(files.map(untranslated))).flat(), []);
});

test('a word between tags, in an attribute or in a choice is noticed', async () => {
  const path = 'test/unit/media/untranslated.txt';
  const found = (await untranslated(path)).map((line) => line.slice(path.length + 2));
  assert.deepEqual(found.sort(), ['A title', 'Hide it', 'and more', 'plain words']);
});
