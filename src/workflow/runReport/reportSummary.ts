import { inWords } from '../errors.ts';
import { standing } from '../trace/requirementState.ts';
import { countsOf } from '../trace/trace.ts';
import { type RequirementState, requirementStates, type Trace } from '../trace/traceSchema.ts';
import type { Language } from '../words/language.ts';
import { codeWords } from './codeWords.ts';
import { code, inline } from './markdown.ts';
import type { RunReport } from './reportSchema.ts';

/** What a busy reader wants to know first: one line on the run, then a line on each thing that counts. */
export function reportSummary(report: RunReport, language: Language): string[] {
  const { t } = language;
  const { status, attempt, model, id, endedAt, startedAt, error, failedTasks } = report;
  const about = [
    `**${stateWord(status, language)}**`,
    ...(attempt > 1 ? [t('attempt {0}', attempt)] : []),
    t('model {0}', code(model || t('none'))),
    t('run {0}', code(id)),
    endedAt === null ? `${minute(startedAt)} UTC` : t('{0} to {1} UTC', minute(startedAt), minute(endedAt)),
  ];
  const lines = [
    ...(error ? [`**${t('It failed:')}** ${problem(error, language)}`] : []),
    ...(report.trace ? outcome(report.trace, language) : [t('There is no plan yet.')]),
    ...failedTasks.map((task) => `**${t('{0} failed:', inline(task.id))}** ${problem(task.error, language)}`),
    coverage(report, language),
    score(report, language),
  ];
  return [about.join(' · '), lines.map((line) => `- ${line}`).join('\n')];
}

function stateWord(status: RunReport['status'], { t }: Language): string {
  return {
    queued: t('Queued'),
    in_progress: t('In progress'),
    waiting: t('Waiting for you'),
    completed: t('Completed'),
    failed: t('Failed'),
    cancelled: t('Cancelled'),
  }[status];
}

function outcome({ requirements, hunks, checks, tasks, tests }: Trace, language: Language): string[] {
  const { t } = language;
  const word = codeWords(language);
  const of = (state: RequirementState) => requirements.filter((requirement) => requirement.state === state);
  const byState = requirementStates
    .filter((state) => of(state).length > 0)
    .map((state) => `${of(state).length} ${word(state)}`);
  const { accepted, rejected, pending } = countsOf(hunks);
  const files = new Set(hunks.map(({ path }) => path)).size;
  const failing = standing(checks).filter(({ verdict }) => verdict === 'new failure');
  const vacuous = tests.filter(({ proof }) => proof?.verdict === 'vacuous');
  return [
    t('Requirements: {0}.', byState.join(', ') || t('none')),
    files === 1
      ? t('Edits: {0} accepted, {1} rejected, {2} undecided, in 1 file.', accepted, rejected, pending)
      : t('Edits: {0} accepted, {1} rejected, {2} undecided, in {3} files.', accepted, rejected, pending, files),
    checks.length === 0
      ? noChecks(tasks, language)
      : failing.length === 0
        ? checks.length === 1
          ? t('Checks: 1 result, none fails that passed before.')
          : t('Checks: {0} results, none fails that passed before.', checks.length)
        : `**${
            failing.length === 1
              ? t('Checks: 1 failure that the edits brought')
              : t('Checks: {0} failures that the edits brought', failing.length)
          }**: ${failing.map(({ name, taskId }) => `${code(name)} (${taskId ?? t('all edits')})`).join(', ')}.`,
    ...vacuous.map(
      ({ path }) => `**${t('A test that cannot fail:')}** ${t('{0} passes without the implementation.', code(path))}`,
    ),
  ];
}

function noChecks(tasks: Trace['tasks'], { t, told }: Language): string {
  const reasons = [...new Set(tasks.flatMap(({ uncheckedBecause }) => uncheckedBecause ?? []))];
  if (reasons.length === 0) return t('Checks: none ran.');
  return t('Checks: none ran: {0}', inline(told(reasons.join(' '))));
}

function coverage({ coverage, output }: RunReport, { t, told }: Language): string {
  const overall = coverage?.overall ?? output?.metrics.testCoverage ?? null;
  if (overall === null) {
    return coverage?.reason
      ? t('Test coverage: not measured: {0}', inline(told(coverage.reason)))
      : t('Test coverage: not measured.');
  }
  const changed = coverage?.changedLines ?? null;
  return changed === null
    ? t('Test coverage: {0} % of lines.', overall)
    : t('Test coverage: {0} % of lines, {1} % of the changed ones.', overall, changed);
}

function score({ metrics: { planScore, scores, refinementRounds } }: RunReport, { t }: Language): string {
  if (planScore === null) return t('The plan was not reviewed.');
  if (refinementRounds === 0) return t('Plan score: {0} of 100.', planScore);
  const first = scores[0]?.score ?? planScore;
  return refinementRounds === 1
    ? t('Plan score: {0} of 100, from {1} after 1 round of refinement.', planScore, first)
    : t('Plan score: {0} of 100, from {1} after {2} rounds of refinement.', planScore, first, refinementRounds);
}

export function problem(
  error: { readonly message: string; readonly hint?: string | undefined },
  { told }: Language,
): string {
  return inline(told(inWords(error)));
}

/** '2026-11-25 14:05'. */
function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
