import type { RequirementState, Trace, TracedCheck, TracedRequirement, TracedTest } from '../trace/traceSchema.ts';
import type { Language } from '../words/language.ts';
import { codeWords } from './codeWords.ts';
import { cell, codeCell, inline } from './markdown.ts';
import { section, table } from './sections.ts';

/** The matrix from requirement to check, and what is open. */
export function reportRequirements(trace: Trace, language: Language): string[] {
  const { t } = language;
  const word = codeWords(language);
  const line = (requirement: TracedRequirement) => lineOf(requirement, language);
  const tests = new Map(trace.tests.map((test) => [test.id, test]));
  const checks = new Map(trace.checks.map((check) => [check.id, check]));
  const rows = trace.requirements.map((requirement) => {
    const { id, text, state, taskIds, counts } = requirement;
    return [
      `${marks[state]} ${word(state)}`,
      `**${id}** ${cell(text)}`,
      taskIds.join(', ') || t('none'),
      `${counts.accepted}`,
      `${counts.rejected}`,
      `${counts.pending}`,
      requirement.testIds.flatMap((test) => testCell(tests.get(test), word)).join(', ') || t('none'),
      checkCell(
        requirement.checkIds.flatMap((check) => checks.get(check) ?? []),
        language,
        word,
      ),
    ];
  });
  const heads = [
    '',
    t('Requirement'),
    t('Tasks'),
    t('Accepted'),
    t('Rejected'),
    t('Undecided'),
    t('Tests'),
    t('Checks'),
  ];
  const unfinished = trace.requirements.filter(({ state }) => state !== 'met');
  return [
    section(t('Requirements'), table(heads, rows)),
    section(
      t('Open requirements'),
      unfinished
        .filter(({ state }) => state === 'open')
        .map(line)
        .join('\n'),
    ),
    section(
      t('Requirements in part or unchecked'),
      unfinished
        .filter(({ state }) => state !== 'open')
        .map(line)
        .join('\n'),
    ),
  ];
}

const marks: Readonly<Record<RequirementState, string>> = { met: '✓', partly: '◐', open: '○', unchecked: '?' };

function lineOf({ id, text, why }: TracedRequirement, { told }: Language): string {
  return `- **${id}** ${inline(text.replace(/\.$/, ''))}: ${inline(told(why))}`;
}

function testCell(test: TracedTest | undefined, word: (code: string) => string): string[] {
  if (!test) return [];
  return [`${codeCell(test.path)}${test.proof ? ` (${word(test.proof.verdict)})` : ''}`];
}

function checkCell(checks: readonly TracedCheck[], { t }: Language, word: (code: string) => string): string {
  if (checks.length === 0) return t('none ran');
  const byVerdict = Map.groupBy(checks, ({ verdict }) => verdict);
  return [...byVerdict]
    .map(([verdict, own]) => (own.length === 1 ? word(verdict) : `${own.length} × ${word(verdict)}`))
    .join(', ');
}
