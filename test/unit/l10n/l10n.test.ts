// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the sources under test
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  engineTextsIn,
  faults,
  keysInManifest,
  readTexts,
  textsIn,
  textsInSources,
  untranslatable,
} from '../../../scripts/lib/l10nStrings.ts';
import { root } from '../../../scripts/lib/paths.ts';

const manifest = readFileSync(join(root, 'package.json'), 'utf8');
const none = (found: readonly string[]) => assert.equal(found.join('\n'), '');

describe('The texts people read', () => {
  it('stand in package.nls.json, not in package.json', () => {
    none(
      untranslatable(JSON.parse(manifest).contributes).map(
        (path) => `contributes.${path}: name a key of package.nls.json`,
      ),
    );
  });

  it('have an English text for every key of package.json, and no other', () => {
    const wanted = Object.fromEntries(keysInManifest(manifest).map((key) => [key, '']));
    none(
      faults(
        'package.nls.json',
        wanted,
        Object.fromEntries(Object.keys(readTexts('package.nls.json')).map((key) => [key, ''])),
      ),
    );
  });

  it('of the sources are in l10n/bundle.l10n.json; npm run l10n writes it', () => {
    const wanted = Object.fromEntries(textsInSources().map((text) => [text, text]));
    none(faults('l10n/bundle.l10n.json', wanted, readTexts('l10n/bundle.l10n.json')));
  });

  it('are in German too, each with the placeholders, icons and links of the English', () => {
    assert.deepEqual(globSync(['package.nls.*.json', 'l10n/bundle.l10n.*.json'], { cwd: root }).sort(), [
      'l10n/bundle.l10n.de.json',
      'package.nls.de.json',
    ]);
    none(faults('package.nls.de.json', readTexts('package.nls.json'), readTexts('package.nls.de.json')));
    none(faults('l10n/bundle.l10n.de.json', readTexts('l10n/bundle.l10n.json'), readTexts('l10n/bundle.l10n.de.json')));
  });
});

describe('The check of the texts', () => {
  const call = /\bl10n\.t\(/g;

  it('reads literals of every kind as the compiler does', () => {
    const source = String.raw`l10n.t('it\'s {0}', 1); vscode.l10n.t(
      "two\nlines", x); l10n.t(${'`a \\u2026 b`'})`;
    assert.deepEqual(textsIn(source, call, 'a.ts'), ["it's {0}", 'two\nlines', 'a … b']);
  });

  it('names the place of a text that is put together, for it cannot be looked up', () => {
    assert.throws(() => textsIn("\nl10n.t('a' + b)", call, 'a.ts'), /^Error: a\.ts:2: give t\(\) one string literal/);
    assert.throws(() => textsIn('l10n.t(`a ${b}`)', call, 'a.ts'), /one string literal/);
  });

  it('reads what the engine says, with placeholders for its values, whatever stands in them', () => {
    const source = [
      "say`It took ${`${n}`.padStart(2, '}')} of ${all({ of: 1 })}\u2026`",
      "throw new PlanwrightError('DRIFT', `${path} is gone.`, { hint: 'Open it\\'s folder.' })",
      'say`${n}`; essay`no`; new PlanwrightError(code, message)',
    ].join('\n');
    assert.deepEqual(engineTextsIn(source, 'a.ts'), ['It took {0} of {1}…', '{0} is gone.', "Open it's folder."]);
    assert.throws(() => engineTextsIn('\nsay`${a}${b} of it`', 'a.ts'), /^Error: a\.ts:2: put words between/);
  });

  it('says which key to add, which to remove, and which placeholder is lost', () => {
    const found = faults('de.json', { a: 'A {0}', b: '$(x) B' }, { a: 'Ä', c: 'C' });
    assert.deepEqual(found, [
      'de.json: add "b", in English "$(x) B"',
      'de.json: remove "c", nothing uses it',
      'de.json: "a" must keep {0}, and has none',
    ]);
  });

  it('finds a title that stands in package.json itself, and lets the product keep its name', () => {
    const contributes = {
      commands: [{ title: '%a%' }, { title: 'Go' }],
      configuration: { title: 'Planwright', properties: { x: { enumDescriptions: ['%b%', 'One'] } } },
    };
    assert.deepEqual(untranslatable(contributes), ['commands[1].title', 'configuration.properties.x.enumDescriptions']);
  });
});
