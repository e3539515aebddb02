import type { Trace, TracedHunk } from '../trace/traceSchema.ts';
import { cell, codeCell, inline } from './markdown.ts';
import type { RunReport } from './reportSchema.ts';
import { problem } from './reportSummary.ts';
import { section, table } from './sections.ts';

/** Every hunk with what became of it and why; then those that serve nothing, and the changes that were not made. */
export function reportEdits(trace: Trace, { output, failedChanges }: RunReport): string[] {
  const byTask = Map.groupBy(trace.hunks, ({ taskId }) => taskId);
  const unserving = new Set(trace.unservingHunkIds);
  const tasks = trace.tasks.map(({ id, title, summary, evidence, state }) => {
    const own = byTask.get(id) ?? [];
    return [
      `### ${id} ${inline(title)}`,
      // Once the run is over, what was done says it.
      summary === null
        ? state === 'skipped'
          ? 'This task was left out.'
          : `This task is ${state}.`
        : output === null
          ? inline(summary)
          : '',
      table(heads, own.map(row)),
      evidence.map(({ doneWhen, how }) => `- ${inline(doneWhen)} **Shown by:** ${inline(how)}`).join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return [
    section('Edits', tasks.join('\n\n')),
    section(
      'Edits that serve no requirement',
      table(heads, trace.hunks.filter(({ id }) => unserving.has(id)).map(row)),
    ),
    section(
      'Changes asked for and not made',
      failedChanges.map(({ hunkId, error }) => `- ${inline(hunkId)}: ${problem(error)}`).join('\n'),
    ),
  ];
}

const heads = ['Decision', 'Place', 'Lines', 'Serves', 'Why it was proposed', 'What you said'];

function row(hunk: TracedHunk): string[] {
  const { decision, path, line, from, added, removed, requirementIds, why, conflict } = hunk;
  return [
    `${decision}${conflict ? ', in conflict' : ''}`,
    `${codeCell(`${path}:${line}`)}${from === null ? '' : ` from ${codeCell(from)}`}`,
    `+${added} −${removed}`,
    requirementIds.map(cell).join(', ') || 'nothing',
    cell(why),
    said(hunk),
  ];
}

/** The developer's own words: why it was decided so, and what was to be changed. */
function said({ reason, feedback, by }: TracedHunk): string {
  return [
    ...(reason === null ? [] : [cell(reason)]),
    ...(feedback === null ? [] : [`asked: ${cell(feedback)}`]),
    // A developer's decision is the rule; what a setting or a program decided is worth a word.
    ...(by === null || by === 'developer' ? [] : [`by ${cell(by)}`]),
  ].join('; ');
}
