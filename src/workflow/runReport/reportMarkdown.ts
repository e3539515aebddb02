import { inline, prose } from './markdown.ts';
import { reportChecks } from './reportChecks.ts';
import { reportEdits } from './reportEdits.ts';
import { reportFigures } from './reportFigures.ts';
import { reportRequirements } from './reportRequirements.ts';
import type { RunReport } from './reportSchema.ts';
import { reportSummary } from './reportSummary.ts';
import { section } from './sections.ts';

/** The report as Markdown for people: what came of it first, then requirement by requirement, then what it rests on. */
export function reportMarkdown(report: RunReport): string {
  const { trace, output, title } = report;
  return [
    `# ${title === null ? 'Report' : inline(title)}`,
    ...reportSummary(report),
    section('Asked for', asked(report)),
    ...(trace ? reportRequirements(trace) : []),
    section('What was done', output ? list(output.implementation.split('\n')) : ''),
    ...(trace ? reportEdits(trace, report) : []),
    ...(trace ? reportChecks(trace) : []),
    section('Documentation', output ? prose(output.documentation) : ''),
    section('Figures', reportFigures(report)),
    section('Learned earlier and used here', list(report.learned)),
    section('Assumptions', list(report.assumptions)),
    section('Out of scope', list(report.outOfScope)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function asked({ request, requirements, constraints }: RunReport): string {
  return [prose(request), list(requirements), constraints.length > 0 ? `Within:\n\n${list(constraints)}` : '']
    .filter((part) => part !== '')
    .join('\n\n');
}

function list(texts: readonly string[]): string {
  return texts
    .filter((text) => text.trim() !== '')
    .map((text) => `- ${inline(text)}`)
    .join('\n');
}
