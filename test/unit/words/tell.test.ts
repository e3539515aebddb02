import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { engineTextsIn, readTexts } from '../../../scripts/lib/l10nStrings.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { taskGate } from '../../../src/workflow/phases/taskFailure.ts';
import { english } from '../../../src/workflow/words/language.ts';
import { say } from '../../../src/workflow/words/say.ts';
import { Teller } from '../../../src/workflow/words/tell.ts';

/** What the engine writes in English is said in the reader's language, and nothing else is. */

const inGerman = readTexts('l10n/bundle.l10n.de.json');
const german = new Teller(inGerman);
const tell = (text: string) => german.tell(text);

/** Every text that the engine, its models and hosts write for people, with `{0}` where something varies. */
const engineTexts = [
  ...new Set(
    globSync('src/{workflow,models,hosts/node,hosts/vscode}/**/*.ts', { cwd: root }).flatMap((path) =>
      engineTextsIn(readFileSync(join(root, path), 'utf8'), path),
    ),
  ),
];
const filled = (message: string, values: readonly string[]) => english.t(message, ...values);
const letters = (message: string) => message.replace(/\{\d+\}/g, '').match(/\p{L}/gu)?.length ?? 0;

describe('a text of the engine', () => {
  it('is told in German with its own values, each of them', () => {
    assert.ok(engineTexts.length > 300);
    const values = ['src/a.ts', 'b-2', '“c”', '44'];
    const wrong = engineTexts.flatMap((message) => {
      const told = german.tell(filled(message, values), letters(message) < 8 ? 4 : undefined);
      const wanted = filled(inGerman[message] ?? '', values);
      return told === wanted ? [] : [`${message}\n  told   ${told}\n  wanted ${wanted}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('is the English that it was before it had a translation', () => {
    assert.equal(say`${'T1'} failed: ${'no'}`, 'T1 failed: no');
    assert.equal(say`It\u2026 ${2}`, 'It… 2');
  });

  it('is told with the error it quotes', () => {
    const error = { code: 'TIMEOUT', message: 'The model said nothing for 120 s.' } as const;
    const { title, question, choices } = taskGate([task('T1'), task('T2', 'T1')], task('T1'), 1, error);
    assert.equal(tell(title), 'T1 ist gescheitert: Das Modell sagte 120 s lang nichts.');
    assert.equal(tell(question), 'T2 wartet darauf; die anderen Aufgaben gehen weiter.');
    assert.deepEqual(
      choices.map(({ label }) => tell(label)),
      ['Noch einmal versuchen', 'Ohne sie und T2 weitermachen', 'Den Lauf beenden'],
    );
  });

  it('is told sentence by sentence where several were put together, also around what nobody translated', () => {
    assert.equal(
      tell('“Slugs” scores 87.5 of 100 and has 4 tasks. Nothing is written until you accept it, hunk by hunk.'),
      '„Slugs“ erreicht 87.5 von 100 und hat 4 Aufgaben. Nichts wird geschrieben, bevor Sie es annehmen, Abschnitt für Abschnitt.',
    );
    assert.equal(
      tell(
        'The model’s server at http://a:1 failed (500). It says: “Out. Of. Memory.” Resume the run to try again from here.',
      ),
      'Der Modellserver unter http://a:1 ist gescheitert (500). Er sagt: „Out. Of. Memory.“ Setzen Sie den Lauf fort, um es von hier an noch einmal zu versuchen.',
    );
    assert.equal(tell('No check ran over T1, T4. Mocha said no.'), 'Über T1, T4 lief keine Prüfung. Mocha said no.');
    assert.equal(
      tell('It passes. ENOENT: no such thing. T1 failed.'),
      'Sie besteht. ENOENT: no such thing. T1 ist gescheitert.',
    );
  });
});

describe('what is not the engine’s', () => {
  it('stays as it is: a model’s words, a path that is like a word, an old text', () => {
    for (const text of [
      'The slug function drops letters that it cannot fold, so I fold them first.',
      'read ECONNRESET',
      'Unexpected token } in JSON at position 4',
      'Gate of an older version: shall it go on?',
      '',
    ])
      assert.equal(tell(text), text);
    assert.equal(tell('There is no file Review.'), 'Es gibt keine Datei Review.');
    assert.equal(tell('“Review” scores 80 of 100 and has 1 task.'), '„Review“ erreicht 80 von 100 und hat 1 Aufgabe.');
  });

  it('is not looked at when it is longer than anything the engine says, and is quick when it is long', () => {
    const output = 'There is no file a. '.repeat(400);
    assert.equal(tell(output), output);
    const brackets = 'is in, which has no. '.repeat(150);
    assert.equal(tell(brackets), brackets);
  });

  it('comes back letter for letter when the language is English', () => {
    const same = new Teller(readTexts('l10n/bundle.l10n.json'));
    const templates = engineTexts.filter((message) => /\{0\}/.test(message));
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('It passes.', 'T1 failed: x. y', '“a” and 3 more', '{0}', '$&'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...templates), fc.array(value, { minLength: 4, maxLength: 4 }), (message, values) => {
        const text = filled(message, values);
        assert.equal(same.tell(text), text);
      }),
      { numRuns: 500 },
    );
  });
});

function task(id: string, ...dependsOn: string[]) {
  return {
    id,
    title: id,
    description: '',
    dependsOn,
    requirements: [],
    files: [],
    tests: [],
    doneWhen: [],
    size: 'S' as const,
  };
}
