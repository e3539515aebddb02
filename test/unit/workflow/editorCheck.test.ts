import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EditorProblems } from '../../../src/workflow/ports.ts';
import { plan, reported, review, said, start, task, write } from './greeter.ts';

/** What an editor's language services find in a task's edits, in a run that has no other checks. */

/** An editor whose one language calls each line with TODO an error, and each with HM a warning. */
const strict =
  (looks: string[] = []) =>
  (folder: string): EditorProblems => ({
    async find(paths, files) {
      const texts = paths.flatMap((path) => {
        const onDisk = existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : null;
        const text = files.has(path) ? files.get(path) : onDisk;
        return typeof text === 'string' ? [[path, text] as const] : [];
      });
      looks.push(texts.map(([path]) => path).join(' '));
      const problems = texts.flatMap(([path, text]) =>
        text.split('\n').flatMap((line, index) => {
          const severity = line.includes('TODO') ? 'error' : line.includes('HM') ? 'warning' : null;
          return severity ? [{ path, line: index + 1, severity, message: `strict: ${line.trim()}` } as const] : [];
        }),
      );
      return { problems, asked: texts.length, answered: texts.length };
    },
  });

const settings = { approvePlan: false, askQuestions: false, threshold: 0 };

/** One task, whose agent writes the nth text each time it is spoken to. */
function begin(
  t: Parameters<typeof start>[0],
  texts: readonly string[],
  options: { was?: string; editor?: ReturnType<typeof strict>; path?: string; mendings?: number; on?: boolean } = {},
) {
  const { was = 'export const hi = 1;\n', editor = strict(), path = 'src/greet.ts', mendings = 3, on = true } = options;
  const heard: string[] = [];
  const run = start(
    t,
    {
      planner: () => said(plan(task({}))),
      reviewer: () => said(review(10)),
      implementer: (_n, { prompt }) => {
        const spoken = prompt.filter(({ role }) => role === 'user');
        const turn = prompt.slice(prompt.lastIndexOf(spoken.at(-1)!)).filter(({ role }) => role === 'assistant').length;
        if (turn === 0) heard.push(JSON.stringify(spoken.at(-1)));
        return turn === 0 ? write(path, texts[spoken.length - 1] ?? '') : reported;
      },
    },
    { 'src/greet.ts': was },
    { settings: { ...settings, checks: { run: 'never', mendings, editor: on } }, editor },
  );
  return { ...run, heard };
}

test('an error in the edits goes back to the agent before the developer sees a proposal; both rounds are told', async (t) => {
  const run = begin(t, ['export const hi = 1; // TODO say it\n', 'export const hi = 2;\n']);
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.match(run.heard[1] ?? '', /src\/greet\.ts:1: error: strict: export const hi = 1; \/\/ TODO say it/);
  assert.deepEqual(
    view.checks
      .filter(({ taskId }) => taskId === 'T1')
      .map(({ round, results }) => [round, results[0]?.name, results[0]?.verdict]),
    [
      [1, 'Problems in the editor', 'new failure'],
      [2, 'Problems in the editor', 'passes'],
    ],
  );
  const types = run.store.events(run.id, 0).map(({ event }) => event.type);
  assert.ok(types.lastIndexOf('check.completed') < types.indexOf('proposal.created'));
});

test('an error that was there before is not blamed on the agent', async (t) => {
  const was = 'export const hi = 1; // TODO say it\n';
  const run = begin(t, [`// A greeting.\n${was}`], { was });
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.equal(run.heard.length, 1);
  assert.equal(view.checks.at(-1)?.results[0]?.verdict, 'already failing');
});

test('a warning is shown and sends nothing back', async (t) => {
  const run = begin(t, ['export const hi = 1; // HM\n']);
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.equal(run.heard.length, 1);
  assert.match(view.checks.at(-1)?.results[0]?.reason ?? '', /One new warning/);
  assert.match(view.checks.at(-1)?.results[0]?.output ?? '', /HM/);
});

test('what still has errors after the last mending is proposed with them in view', async (t) => {
  const run = begin(t, ['TODO 1\n', 'TODO 2\n', 'TODO 3\n'], { mendings: 2 });
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.equal(view.checks.filter(({ taskId }) => taskId === 'T1').length, 3);
  assert.deepEqual(view.checks.at(-1)?.results[0]?.newFailures, ['src/greet.ts: strict: TODO 3']);
});

test('configuration that an editor would run is not put where it looks', async (t) => {
  const looks: string[] = [];
  const run = begin(t, ['TODO = run("me")\n'], { editor: strict(looks), path: 'eslint.config.mjs' });
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.deepEqual(looks, []);
  assert.equal(view.checks.at(-1)?.state, 'skipped');
});

test('switched off, or without an editor, nothing is looked at and nothing is said of it', async (t) => {
  const looks: string[] = [];
  const run = begin(t, ['TODO\n'], { editor: strict(looks), on: false });
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.deepEqual(looks, []);
  assert.deepEqual(
    view.checks.map(({ taskId }) => taskId),
    [null],
  );
});

test('a language service that says nothing is not said to have found nothing', async (t) => {
  const silent = (): EditorProblems => ({
    find: async (paths) => ({ problems: [], asked: paths.length, answered: 0 }),
  });
  const run = begin(t, ['export const hi = 2;\n'], { editor: silent });
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.equal(run.heard.length, 1);
  assert.equal(view.checks.at(-1)?.results[0]?.verdict, 'unknown');
  assert.match(view.checks.at(-1)?.results[0]?.reason ?? '', /said nothing/);
});

test('an editor that cannot look is no failure of the edits', async (t) => {
  const broken = (): EditorProblems => ({ find: () => Promise.reject(new Error('No space left.')) });
  const run = begin(t, ['export const hi = 2;\n'], { editor: broken });
  const view = await run.until(run.id, ({ tasks }) => tasks.T1?.state === 'done');
  assert.equal(view.checks.at(-1)?.results[0]?.verdict, 'unknown');
  assert.match(view.checks.at(-1)?.results[0]?.reason ?? '', /No space left/);
});
