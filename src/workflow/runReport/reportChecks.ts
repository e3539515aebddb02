import { standing } from '../trace/requirementState.ts';
import type { Trace, TracedCheck } from '../trace/traceSchema.ts';
import type { Language } from '../words/language.ts';
import { codeWords } from './codeWords.ts';
import { block, cell, code, codeCell, inline } from './markdown.ts';
import { duration, section, table } from './sections.ts';

/** What the checks said without the edits and with them, the output of those that fail, and which tests test. */
export function reportChecks({ checks, tests, tasks }: Trace, language: Language): string[] {
  const { t, told } = language;
  const word = codeWords(language);
  const rows = checks.map((check) => {
    const { taskId, name, verdict, reason, round, durationMs, outdated } = check;
    return [
      taskId ?? t('all'),
      codeCell(name),
      check.before === null ? '' : word(check.before),
      word(check.outcome),
      outdated ? t('{0}, and edits changed since', word(verdict)) : word(verdict),
      cell(told(reason)),
      round === 1 ? '' : t('round {0}; before: {1}', round, check.earlier.map((one) => word(one.verdict)).join(', ')),
      duration(durationMs),
    ];
  });
  const heads = [t('Edits of'), t('Check'), t('Before'), t('With them'), t('So'), '', t('Mended'), t('Took')];
  const planned = tasks
    .filter(({ plannedTests }) => plannedTests.length > 0)
    .map(({ id, plannedTests }) => `- ${id}: ${plannedTests.map((test) => inline(test)).join('; ')}`);
  const proofs = tests.map(({ taskId, path, proof }) => [
    taskId,
    codeCell(path),
    word(proof?.verdict ?? 'not tried'),
    cell(told(proof?.reason ?? '')),
  ]);
  return [
    section(t('Checks'), table(heads, rows)),
    ...standing(checks)
      .filter(({ verdict }) => verdict === 'new failure')
      .map((check) => unresolved(check, language)),
    section(
      t('Tests'),
      [table([t('Task'), t('File'), t('Fails without the implementation'), ''], proofs), planned.join('\n')]
        .filter((part) => part !== '')
        .join(`\n\n${t('The plan asks for:')}\n\n`),
    ),
  ];
}

function unresolved({ name, taskId, newFailures, output }: TracedCheck, { t }: Language): string {
  const title =
    taskId === null
      ? t('{0} fails with the edits of all tasks together', code(name))
      : t('{0} fails with the edits of {1}', code(name), taskId);
  return [`### ${title}`, newFailures.map((test) => `- ${inline(test)}`).join('\n'), output === '' ? '' : block(output)]
    .filter((part) => part !== '')
    .join('\n\n');
}
