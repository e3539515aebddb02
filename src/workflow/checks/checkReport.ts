import type { CheckRun } from './checks.ts';
import { type Comparison, verdictMarks } from './compare.ts';

/** A check without the pending proposals, with them, and what that comes to. */
export interface CheckedPair {
  readonly baseline: CheckRun;
  readonly proposed: CheckRun;
  readonly comparison: Comparison;
}

/** What the checks said, as Markdown for people: the verdicts first, then the output of what did not pass. */
export function checkReport(pairs: readonly CheckedPair[], paths: readonly string[]): string {
  const rows = pairs.map(({ comparison, baseline, proposed }) => {
    const { name, verdict, reason } = comparison;
    return `| ${verdictMarks[verdict]} | ${cell(name)} | ${baseline.outcome} | ${proposed.outcome} | ${cell(reason)} |`;
  });
  const failed = pairs.filter(({ proposed }) => proposed.outcome !== 'passed');
  return [
    '# Checks with the pending proposals',
    `Run in a scratch copy with what is pending in: ${paths.map((path) => `\`${path}\``).join(', ')}. Your files were not touched.`,
    ['| | Check | Before | With them | |', '|---|---|---|---|---|', ...rows].join('\n'),
    ...failed.map(({ comparison, proposed }) => {
      const names = comparison.newFailures.map((test) => `- ${test}`);
      const fence = '`'.repeat(Math.max(3, ...(proposed.output.match(/`+/g) ?? []).map(({ length }) => length + 1)));
      return [
        `## ${proposed.name}`,
        ...(names.length > 0 ? ['Failing now, and not before:', ...names] : []),
        proposed.cut ?? '',
        `${fence}\n${proposed.output}\n${fence}`,
      ]
        .filter((part) => part !== '')
        .join('\n\n');
    }),
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
