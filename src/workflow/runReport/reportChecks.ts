import { standing } from '../trace/requirementState.ts';
import type { Trace, TracedCheck } from '../trace/traceSchema.ts';
import { block, cell, code, codeCell, inline } from './markdown.ts';
import { duration, section, table } from './sections.ts';

/** What the checks said without the edits and with them, the output of those that fail, and which tests test. */
export function reportChecks({ checks, tests, tasks }: Trace): string[] {
  const rows = checks.map((check) => {
    const { taskId, name, verdict, reason, round, durationMs, outdated } = check;
    return [
      taskId ?? 'all',
      codeCell(name),
      check.before ?? '',
      check.outcome,
      `${verdict}${outdated ? ', and edits changed since' : ''}`,
      cell(reason),
      round === 1 ? '' : `round ${round}; before: ${check.earlier.map((one) => one.verdict).join(', ')}`,
      duration(durationMs),
    ];
  });
  const heads = ['Edits of', 'Check', 'Before', 'With them', 'So', '', 'Mended', 'Took'];
  const planned = tasks
    .filter(({ plannedTests }) => plannedTests.length > 0)
    .map(({ id, plannedTests }) => `- ${id}: ${plannedTests.map((test) => inline(test)).join('; ')}`);
  const proofs = tests.map(({ taskId, path, proof }) => [
    taskId,
    codeCell(path),
    proof?.verdict ?? 'not tried',
    cell(proof?.reason ?? ''),
  ]);
  return [
    section('Checks', table(heads, rows)),
    ...standing(checks)
      .filter(({ verdict }) => verdict === 'new failure')
      .map(unresolved),
    section(
      'Tests',
      [table(['Task', 'File', 'Fails without the implementation', ''], proofs), planned.join('\n')]
        .filter((part) => part !== '')
        .join('\n\nThe plan asks for:\n\n'),
    ),
  ];
}

function unresolved({ name, taskId, newFailures, output }: TracedCheck): string {
  return [
    `### ${code(name)} fails with the edits of ${taskId ?? 'all tasks together'}`,
    newFailures.map((test) => `- ${inline(test)}`).join('\n'),
    output === '' ? '' : block(output),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
