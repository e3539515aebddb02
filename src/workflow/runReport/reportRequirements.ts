import type { RequirementState, Trace, TracedCheck, TracedRequirement, TracedTest } from '../trace/traceSchema.ts';
import { cell, codeCell, inline } from './markdown.ts';
import { section, table } from './sections.ts';

/** The matrix from requirement to check, and what is open. */
export function reportRequirements(trace: Trace): string[] {
  const tests = new Map(trace.tests.map((test) => [test.id, test]));
  const checks = new Map(trace.checks.map((check) => [check.id, check]));
  const rows = trace.requirements.map((requirement) => {
    const { id, text, state, taskIds, counts } = requirement;
    return [
      `${marks[state]} ${state}`,
      `**${id}** ${cell(text)}`,
      taskIds.join(', ') || 'none',
      `${counts.accepted}`,
      `${counts.rejected}`,
      `${counts.pending}`,
      requirement.testIds.flatMap((test) => testCell(tests.get(test))).join(', ') || 'none',
      checkCell(requirement.checkIds.flatMap((check) => checks.get(check) ?? [])),
    ];
  });
  const heads = ['', 'Requirement', 'Tasks', 'Accepted', 'Rejected', 'Undecided', 'Tests', 'Checks'];
  const unfinished = trace.requirements.filter(({ state }) => state !== 'met');
  return [
    section('Requirements', table(heads, rows)),
    section(
      'Open requirements',
      unfinished
        .filter(({ state }) => state === 'open')
        .map(line)
        .join('\n'),
    ),
    section(
      'Requirements in part or unchecked',
      unfinished
        .filter(({ state }) => state !== 'open')
        .map(line)
        .join('\n'),
    ),
  ];
}

const marks: Readonly<Record<RequirementState, string>> = { met: '✓', partly: '◐', open: '○', unchecked: '?' };

function line({ id, text, why }: TracedRequirement): string {
  return `- **${id}** ${inline(text.replace(/\.$/, ''))}: ${inline(why)}`;
}

function testCell(test: TracedTest | undefined): string[] {
  if (!test) return [];
  return [`${codeCell(test.path)}${test.proof ? ` (${test.proof.verdict})` : ''}`];
}

function checkCell(checks: readonly TracedCheck[]): string {
  if (checks.length === 0) return 'none ran';
  const byVerdict = Map.groupBy(checks, ({ verdict }) => verdict);
  return [...byVerdict].map(([verdict, own]) => (own.length === 1 ? verdict : `${own.length} × ${verdict}`)).join(', ');
}
