import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readTexts, textsIn } from '../../../scripts/lib/l10nStrings.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import type { RunEvent } from '../../../src/workflow/engine/events.ts';
import { reportMarkdown } from '../../../src/workflow/runReport/reportMarkdown.ts';
import { runReportSchema } from '../../../src/workflow/runReport/reportSchema.ts';
import { runReport } from '../../../src/workflow/runReport/runReport.ts';
import { type RunView, replay } from '../../../src/workflow/runState.ts';
import { english, type Language } from '../../../src/workflow/words/language.ts';
import { Teller } from '../../../src/workflow/words/tell.ts';
import { copySample } from '../demo/sampleCopy.ts';
import { hunk, log, plan, proposal, started, task } from '../runState/events.ts';
import { openHarness } from '../workflow/harness.ts';

const allDone = ({ tasks }: RunView) =>
  Object.keys(tasks).length === 4 && Object.values(tasks).every(({ state }) => state === 'done');

/** The sample's run with every hunk accepted but the one that serves no requirement. */
async function sampleRun(t: TestContext) {
  const folder = await copySample(t);
  const { runner, book, until, view, close } = openHarness({ folder, database: join(folder, '.planwright.db') });
  t.after(close);
  const { id, done } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  const { openGates } = await until(id, (now) => now.openGates.some(({ kind }) => kind === 'plan-approval'));
  runner.decide(id, openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  await until(id, allDone);
  const proposed = view(id);
  for (const { state } of book.latest(id)) {
    for (const hunk of state.hunks.filter(({ requirementIds }) => requirementIds.length === 0))
      await book.reject(id, 1, state.id, hunk.id, 'developer', 'Nobody asked for | symbols `&`.');
  }
  for (const { state } of book.latest(id)) await book.acceptAll(id, 1, state.id, 'developer');
  await done;
  return { proposed, ended: view(id) };
}

/** Requirement, state, tasks, hunks accepted/rejected/undecided, tests. */
function matrix(view: RunView) {
  return runReport(view).trace?.requirements.map(({ id, state, taskIds, counts, testIds }) => [
    id,
    state,
    taskIds.join(' '),
    `${counts.accepted}/${counts.rejected}/${counts.pending}`,
    testIds.join(' '),
  ]);
}

test('the sample’s run leads from each requirement to its tasks, edits and tests', async (t) => {
  const { proposed, ended } = await sampleRun(t);
  assert.deepEqual(matrix(proposed), [
    ['R1', 'open', 'T1 T4', '0/0/6', 'T1:test/slug.test.ts'],
    ['R2', 'open', 'T2 T4', '0/0/6', 'T2:test/slug.test.ts'],
    ['R3', 'open', 'T3 T4', '0/0/4', 'T3:test/registry.test.ts'],
    ['R4', 'open', 'T3 T4', '0/0/3', 'T3:test/registry.test.ts'],
    ['R5', 'open', 'T2', '0/0/3', 'T2:test/slug.test.ts'],
  ]);
  assert.deepEqual(matrix(ended), [
    ['R1', 'unchecked', 'T1 T4', '6/0/0', 'T1:test/slug.test.ts'],
    ['R2', 'unchecked', 'T2 T4', '6/0/0', 'T2:test/slug.test.ts'],
    ['R3', 'unchecked', 'T3 T4', '4/0/0', 'T3:test/registry.test.ts'],
    ['R4', 'unchecked', 'T3 T4', '3/0/0', 'T3:test/registry.test.ts'],
    ['R5', 'unchecked', 'T2', '3/0/0', 'T2:test/slug.test.ts'],
  ]);

  const report = runReport(ended);
  assert.deepEqual(runReportSchema.parse(JSON.parse(JSON.stringify(report))), report);
  const hunks = report.trace?.hunks ?? [];
  assert.deepEqual(
    hunks
      .filter(({ id }) => report.trace?.unservingHunkIds.includes(id))
      .map(({ path, line, reason }) => [path, line, reason]),
    [['src/slug.ts', 45, 'Nobody asked for | symbols `&`.']],
  );

  const markdown = reportMarkdown(report);
  for (const line of [
    '# Slugs for real-world titles',
    '- Requirements: 5 unchecked.',
    '- Edits: 14 accepted, 1 rejected, 0 undecided, in 6 files.',
    '- Plan score: 88 of 100, from 54.5 after 1 round of refinement.',
    '| ? unchecked | **R5** A maximum length that is not a positive whole number is refused with a RangeError, not ignored. | T2 | 3 | 0 | 0 | `test/slug.test.ts` | none ran |',
    '| rejected | `src/slug.ts:45` | +1 −1 | nothing | An ampersand is read as "and", so the slug should say it. | Nobody asked for \\| symbols `&`. |',
    '- Titles are in a language written in Latin letters.',
  ])
    assert.ok(markdown.split('\n').includes(line), `${line}\n\n${markdown}`);

  const inGerman = reportMarkdown(report, german);
  for (const line of [
    '- Anforderungen: 5 ungeprüft.',
    '- Änderungen: 14 angenommen, 1 abgelehnt, 0 offen, in 6 Dateien.',
    '- Prüfungen: keine lief: This test runs no checks.',
    '| abgelehnt | `src/slug.ts:45` | +1 −1 | nichts | An ampersand is read as "and", so the slug should say it. | Nobody asked for \\| symbols `&`. |',
  ])
    assert.ok(inGerman.split('\n').includes(line), `${line}\n\n${inGerman}`);
  assert.deepEqual(
    ownWords().filter((text) => inGerman.includes(text)),
    [],
  );
  assert.equal(inGerman.split('\n').length, markdown.split('\n').length);
});

const bundle = readTexts('l10n/bundle.l10n.de.json');
const teller = new Teller(bundle);
const german: Language = {
  t: (message, ...values) => english.t(bundle[message] ?? message, ...values),
  told: (text) => teller.tell(text),
};

/** What stands in the report’s sources, of several words, so that nobody else can have written it. */
function ownWords(): string[] {
  return globSync('src/workflow/runReport/*.ts', { cwd: root })
    .flatMap((path) => textsIn(readFileSync(join(root, path), 'utf8'), /(?<![\w.$])t\(/g, path))
    .flatMap((text) => text.split(/\{\d\}/))
    .filter((text) => /\p{L}{2} \p{L}{2}/u.test(text));
}

test('a report is told of a run that has hardly begun, and of one that failed', async () => {
  const begun = replay(log(started));
  assert.ok(begun);
  const markdown = reportMarkdown(runReport(begun));
  assert.match(markdown, /^# Report\n\n\*\*Queued\*\*/);
  assert.match(markdown, /There is no plan yet\./);
  const error = { code: 'QUOTA', message: 'The <b>quota</b> is used up.', hint: 'Buy *more*.' } as const;
  const failed = replay(log(started, { type: 'workflow.failed', error }));
  assert.ok(failed);
  assert.match(
    reportMarkdown(runReport(failed)),
    /\*\*It failed:\*\* The \\<b\\>quota\\<\/b\\> is used up\. Buy \\\*more\\\*\./,
  );
});

test('a check that fails newly stands in the summary, and what it printed stays in its block', () => {
  const events: RunEvent[] = [
    { type: 'plan.updated', plan: plan(task('T1')), round: 0 },
    { type: 'proposal.created', proposal: proposal('T1-1', 'T1', [hunk('a', 'accepted')]) },
    {
      type: 'check.completed',
      taskId: 'T1',
      round: 3,
      results: [
        {
          name: 'npm test',
          kind: 'test',
          before: 'passed',
          outcome: 'failed',
          verdict: 'new failure',
          reason: '“adds” did not fail before.',
          newFailures: ['adds | <i>'],
          durationMs: 61_000,
          output: 'one\n```\n# not a heading\n</pre>',
        },
      ],
    },
    {
      type: 'tests.proved',
      taskId: 'T1',
      proofs: [{ path: 'test/a.test.ts', verdict: 'vacuous', reason: 'They pass without it.' }],
    },
    { type: 'coverage.measured', coverage: { overall: 91.5, changedLines: 100 } },
  ];
  const view = replay(log(started, ...events));
  assert.ok(view);
  const report = runReport(view);
  assert.deepEqual(report.unresolvedCheckIds, ['T1:1']);
  const lines = reportMarkdown(report).split('\n');
  for (const line of [
    '- **Checks: 1 failure that the edits brought**: `npm test` (T1).',
    '- **A test that cannot fail:** `test/a.test.ts` passes without the implementation.',
    '- Test coverage: 91.5 % of lines, 100 % of the changed ones.',
    '### `npm test` fails with the edits of T1',
    '- adds \\| \\<i\\>',
    '````text',
    '| T1 | `test/a.test.ts` | vacuous | They pass without it. |',
  ])
    assert.ok(lines.includes(line), `${line}\n\n${lines.join('\n')}`);
});
