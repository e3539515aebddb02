import { inWords } from '../errors.ts';
import { standing } from '../trace/requirementState.ts';
import { countsOf } from '../trace/trace.ts';
import { type RequirementState, requirementStates, type Trace } from '../trace/traceSchema.ts';
import { code, inline } from './markdown.ts';
import type { RunReport } from './reportSchema.ts';
import { counted } from './sections.ts';

/** What a busy reader wants to know first: one line on the run, then a line on each thing that counts. */
export function reportSummary(report: RunReport): string[] {
  const { status, attempt, model, id, endedAt, startedAt, error, failedTasks } = report;
  const about = [
    `**${states[status]}**`,
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    `model ${code(model || 'none')}`,
    `run ${code(id)}`,
    `${minute(startedAt)}${endedAt === null ? '' : ` to ${minute(endedAt)}`} UTC`,
  ];
  const lines = [
    ...(error ? [`**It failed:** ${problem(error)}`] : []),
    ...(report.trace ? outcome(report.trace) : ['There is no plan yet.']),
    ...failedTasks.map((task) => `**${inline(task.id)} failed:** ${problem(task.error)}`),
    coverage(report),
    score(report),
  ];
  return [about.join(' · '), lines.map((line) => `- ${line}`).join('\n')];
}

const states: Readonly<Record<RunReport['status'], string>> = {
  queued: 'Queued',
  in_progress: 'In progress',
  waiting: 'Waiting for you',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function outcome({ requirements, hunks, checks, tasks, tests }: Trace): string[] {
  const of = (state: RequirementState) => requirements.filter((requirement) => requirement.state === state);
  const byState = requirementStates
    .filter((state) => of(state).length > 0)
    .map((state) => `${of(state).length} ${state}`);
  const { accepted, rejected, pending } = countsOf(hunks);
  const files = new Set(hunks.map(({ path }) => path)).size;
  const failing = standing(checks).filter(({ verdict }) => verdict === 'new failure');
  const vacuous = tests.filter(({ proof }) => proof?.verdict === 'vacuous');
  return [
    `Requirements: ${byState.join(', ') || 'none'}.`,
    `Edits: ${accepted} accepted, ${rejected} rejected, ${pending} undecided, in ${counted(files, 'file')}.`,
    checks.length === 0
      ? `Checks: none ran${reasonOf(tasks)}.`
      : failing.length === 0
        ? `Checks: ${counted(checks.length, 'result')}, none fails that passed before.`
        : `**Checks: ${counted(failing.length, 'failure')} that the edits brought**: ${failing.map(({ name, taskId }) => `${code(name)} (${taskId ?? 'all edits'})`).join(', ')}.`,
    ...vacuous.map(({ path }) => `**A test that cannot fail:** ${code(path)} passes without the implementation.`),
  ];
}

function reasonOf(tasks: Trace['tasks']): string {
  const reasons = [...new Set(tasks.flatMap(({ uncheckedBecause }) => uncheckedBecause ?? []))];
  return reasons.length === 0 ? '' : `: ${inline(reasons.join(' ')).replace(/\.$/, '')}`;
}

function coverage({ coverage, output }: RunReport): string {
  const overall = coverage?.overall ?? output?.metrics.testCoverage ?? null;
  if (overall === null) return `Test coverage: not measured${coverage?.reason ? `: ${inline(coverage.reason)}` : '.'}`;
  const changed = coverage?.changedLines ?? null;
  return `Test coverage: ${overall} % of lines${changed === null ? '' : `, ${changed} % of the changed ones`}.`;
}

function score({ metrics: { planScore, scores, refinementRounds } }: RunReport): string {
  if (planScore === null) return 'The plan was not reviewed.';
  const first = scores[0]?.score;
  const rounds = counted(refinementRounds, 'round');
  return refinementRounds === 0
    ? `Plan score: ${planScore} of 100.`
    : `Plan score: ${planScore} of 100, from ${first} after ${rounds} of refinement.`;
}

export function problem(error: { readonly message: string; readonly hint?: string | undefined }): string {
  return inline(inWords(error));
}

/** '2026-11-25 14:05'. */
function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
