import { english, type Language } from '../words/language.ts';
import { inline, prose } from './markdown.ts';
import { reportChecks } from './reportChecks.ts';
import { reportEdits } from './reportEdits.ts';
import { reportFigures } from './reportFigures.ts';
import { reportRequirements } from './reportRequirements.ts';
import type { RunReport } from './reportSchema.ts';
import { reportSummary } from './reportSummary.ts';
import { section } from './sections.ts';

/** The report as Markdown for people: what came of it first, then requirement by requirement, then what it rests on. */
export function reportMarkdown(report: RunReport, language: Language = english): string {
  const { trace, output, title } = report;
  const { t } = language;
  return [
    `# ${title === null ? t('Report') : inline(title)}`,
    ...reportSummary(report, language),
    section(t('Asked for'), asked(report, language)),
    ...(trace ? reportRequirements(trace, language) : []),
    section(t('What was done'), output ? list(output.implementation.split('\n')) : ''),
    ...(trace ? reportEdits(trace, report, language) : []),
    ...(trace ? reportChecks(trace, language) : []),
    section(t('Documentation'), output ? prose(output.documentation) : ''),
    section(t('Figures'), reportFigures(report, language)),
    section(t('Learned earlier and used here'), list(report.learned)),
    section(t('Assumptions'), list(report.assumptions)),
    section(t('Out of scope'), list(report.outOfScope)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function asked({ request, requirements, constraints }: RunReport, { t }: Language): string {
  return [prose(request), list(requirements), constraints.length > 0 ? `${t('Within:')}\n\n${list(constraints)}` : '']
    .filter((part) => part !== '')
    .join('\n\n');
}

function list(texts: readonly string[]): string {
  return texts
    .filter((text) => text.trim() !== '')
    .map((text) => `- ${inline(text)}`)
    .join('\n');
}
