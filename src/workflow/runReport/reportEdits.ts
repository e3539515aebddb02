import type { Trace, TracedHunk } from '../trace/traceSchema.ts';
import type { Language } from '../words/language.ts';
import { codeWords } from './codeWords.ts';
import { cell, codeCell, inline } from './markdown.ts';
import type { RunReport } from './reportSchema.ts';
import { problem } from './reportSummary.ts';
import { section, table } from './sections.ts';

/** Every hunk with what became of it and why; then those that serve nothing, and the changes that were not made. */
export function reportEdits(trace: Trace, { output, failedChanges }: RunReport, language: Language): string[] {
  const { t } = language;
  const word = codeWords(language);
  const heads = [t('Decision'), t('Place'), t('Lines'), t('Serves'), t('Why it was proposed'), t('What you said')];
  const row = (hunk: TracedHunk) => rowOf(hunk, language, word);
  const byTask = Map.groupBy(trace.hunks, ({ taskId }) => taskId);
  const unserving = new Set(trace.unservingHunkIds);
  const tasks = trace.tasks.map(({ id, title, summary, evidence, state }) => {
    const own = byTask.get(id) ?? [];
    return [
      `### ${id} ${inline(title)}`,
      // Once the run is over, what was done says it.
      summary === null
        ? state === 'skipped'
          ? t('This task was left out.')
          : t('This task is {0}.', word(state))
        : output === null
          ? inline(summary)
          : '',
      table(heads, own.map(row)),
      evidence.map(({ doneWhen, how }) => `- ${inline(doneWhen)} **${t('Shown by:')}** ${inline(how)}`).join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return [
    section(t('Edits'), tasks.join('\n\n')),
    section(
      t('Edits that serve no requirement'),
      table(heads, trace.hunks.filter(({ id }) => unserving.has(id)).map(row)),
    ),
    section(
      t('Changes asked for and not made'),
      failedChanges.map(({ hunkId, error }) => `- ${inline(hunkId)}: ${problem(error, language)}`).join('\n'),
    ),
  ];
}

function rowOf(hunk: TracedHunk, language: Language, word: (code: string) => string): string[] {
  const { t, told } = language;
  const { decision, path, line, from, added, removed, requirementIds, why, conflict } = hunk;
  return [
    conflict ? t('{0}, in conflict', word(decision)) : word(decision),
    from === null ? codeCell(`${path}:${line}`) : t('{0} from {1}', codeCell(`${path}:${line}`), codeCell(from)),
    `+${added} −${removed}`,
    requirementIds.map(cell).join(', ') || t('nothing'),
    cell(told(why)),
    said(hunk, language),
  ];
}

/** The developer's own words: why it was decided so, and what was to be changed. */
function said({ reason, feedback, by }: TracedHunk, { t, told }: Language): string {
  return [
    ...(reason === null ? [] : [cell(reason)]),
    ...(feedback === null ? [] : [t('asked: {0}', cell(told(feedback)))]),
    // A developer's decision is the rule; what a setting or a program decided is worth a word.
    ...(by === null || by === 'developer' ? [] : [t('by {0}', cell(by))]),
  ].join('; ');
}
