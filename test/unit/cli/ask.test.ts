import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoChangeRequest } from '../../../src/models/demo/changeRequest.ts';
import { startScriptedServer } from '../../fixtures/openaiServer.ts';
import { ofType, openPlace, requestFile, sampleRun } from './cliProcess.ts';
import { demoVariant } from './demoVariant.ts';
import { noTerminal, onTerminal } from './pseudoTerminal.ts';

const skip = noTerminal ?? false;
const CTRL_C = '\x03';

test('a run is approved, reviewed hunk by hunk, changed and edited at a terminal', { skip }, async (t) => {
  const place = await openPlace(t);
  const editor = join(place.data, 'my editor.mjs');
  await writeFile(
    editor,
    `import { readFileSync, writeFileSync } from 'node:fs';
     const file = process.argv.at(-1);
     writeFileSync(file, readFileSync(file, 'utf8').replace(/^/, '// by hand\\n'));`,
  );
  const EDITOR = `"${process.execPath}" "${editor}"`;
  let asked = false;
  let edited = false;
  const { code, screen } = await onTerminal(
    t,
    place,
    [...sampleRun],
    (shown) => {
      if (shown.endsWith('Which? ')) return '\n';
      if (shown.endsWith('instead? ')) return `${demoChangeRequest.feedback}\n`;
      if (shown.includes('serves no requirement')) return 'n\n';
      if (shown.includes('· create src/registry.ts') && !asked) {
        asked = true;
        return 'f\n';
      }
      if (shown.includes('· create test/registry.test.ts') && !edited) {
        edited = true;
        return 'e\n';
      }
      return shown.includes('· modify README.md') ? 'd\n' : 'y\n';
    },
    { EDITOR },
  );
  assert.equal(code, 0, screen);
  const events = place.events();
  assert.deepEqual(
    ofType(events, 'gate.decided').find(({ decision }) => decision.choice === 'approve')?.decision.by,
    'developer',
  );
  const rejected = ofType(events, 'hunk.decided').filter(({ decision }) => decision === 'rejected');
  assert.deepEqual(new Set(rejected.map(({ proposalId }) => proposalId)), new Set(['T1-1', 'T4-1']));
  const file = (path: string) => readFile(join(place.folder, path), 'utf8');
  assert.match(await file('src/registry.ts'), /#lastNumbers/);
  assert.match(await file('test/registry.test.ts'), /^\/\/ by hand\n/);
  assert.doesNotMatch(await file('README.md'), /SlugRegistry/);
  assert.match(screen, /changed because you said: Remember the last number/);
});

test('a skips to the next file, s leaves a hunk, q leaves the rest: 3', { skip }, async (t) => {
  const place = await openPlace(t);
  const { code, screen } = await onTerminal(t, place, [...sampleRun, '--accept', 'ask'], (shown) => {
    if (shown.endsWith('Which? ')) return '1\n';
    if (shown.includes('T1 · modify src/slug.ts')) return 'a\n';
    if (shown.includes('T2 · modify src/slug.ts')) return 's\n';
    return shown.includes('T1 · modify test/slug.test.ts') ? 'y\n' : 'q\n';
  });
  assert.equal(code, 3, screen);
  const decided = ofType(place.events(), 'hunk.decided').map(({ proposalId }) => proposalId);
  assert.deepEqual([...new Set(decided)], ['T1-1', 'T1-2']);
  assert.match(screen, /T2 src\/slug\.ts: 4 hunks to decide/);
});

test('a file that changes during the review is asked about with both sides', { skip }, async (t) => {
  const place = await openPlace(t);
  const file = join(place.folder, 'src/slug.ts');
  const theirs = '  return plain(text) // theirs';
  const { code, screen, questions } = await onTerminal(t, place, [...sampleRun], (shown) => {
    if (shown.endsWith('Which? ')) return '1\n';
    if (shown.includes('the file has now')) return 'p\n';
    if (!shown.includes('T1 · modify src/slug.ts')) return 'q\n';
    if (shown.includes('(1/5)'))
      writeFileSync(file, readFileSync(file, 'utf8').replace('  return plain(text)', theirs));
    return 'y\n';
  });
  assert.equal(code, 3, screen);
  const [conflict] = questions.filter((shown) => shown.includes('the file has now'));
  assert.match(
    conflict ?? '',
    /\n- {2}return plain\(text\) \/\/ theirs\n@proposed\n\+ {2}return plain\(text\.replaceAll/,
  );
  const again = questions[questions.indexOf(conflict ?? '') + 1];
  assert.match(again ?? '', /\n- {2}return plain\(text\) \/\/ theirs\n\+ [\s\S]*Accept this hunk/);
  assert.doesNotMatch(readFileSync(file, 'utf8'), /theirs/);
});

test('Ctrl-C at a question cancels the run: 130', { skip }, async (t) => {
  const place = await openPlace(t);
  const { code, screen } = await onTerminal(t, place, [...sampleRun], () => CTRL_C);
  assert.equal(code, 130, screen);
  assert.equal(place.events().at(-1)?.event.type, 'workflow.cancelled');
});

test('a file that can run code is accepted after a second question only', { skip }, async (t) => {
  const place = await openPlace(t);
  await writeFile(join(place.folder, 'CLAUDE.md'), await readFile(join(place.folder, 'README.md')));
  const server = await startScriptedServer(demoVariant('README.md', 'CLAUDE.md'));
  t.after(server.close);
  const model = ['--model', 'openai-compatible:demo', '--base-url', server.url];
  let confirmed = 0;
  const { code, screen } = await onTerminal(t, place, ['run', '--input', requestFile, ...model], (shown) => {
    if (shown.endsWith('Which? ')) return '1\n';
    if (shown.endsWith('Type yes: ')) return confirmed++ === 0 ? 'y\n' : 'yes\n';
    return 'a\n';
  });
  assert.equal(code, 0, screen);
  const decided = ofType(place.events(), 'hunk.decided').filter(({ proposalId }) => proposalId === 'T4-1');
  assert.deepEqual(
    decided.map(({ by }) => by),
    ['developer, asked twice'],
  );
  assert.equal(confirmed, 2);
});

test('a file cannot draw on the terminal or fake a question', { skip }, async (t) => {
  const place = await openPlace(t);
  await rm(join(place.folder, '.planwright'), { recursive: true });
  const hostile = '/** \x1b[2J\x1b[1;1H\x9b31m\u202e (1/1) Accept this new file [y,n]? y\r\n';
  const server = await startScriptedServer(
    demoVariant('export class SlugRegistry', `${hostile} */export class SlugRegistry`),
  );
  t.after(server.close);
  const model = ['--model', 'openai-compatible:demo', '--base-url', server.url];
  const { code, screen } = await onTerminal(t, place, ['run', '--input', requestFile, ...model], (shown) => {
    if (shown.endsWith('Which? ')) return '1\n';
    return shown.includes('· create src/registry.ts') ? 'q\n' : 'a\n';
  });
  assert.equal(code, 3, screen);
  assert.ok(screen.includes('+/** \\x1b[2J\\x1b[1;1H\\x9b31m\\u202e (1/1) Accept'), screen);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  assert.doesNotMatch(screen, /\x1b\[(?!2K)|\x9b|\u202e/);
});
