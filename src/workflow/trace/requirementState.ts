import { say } from '../words/say.ts';
import type { HunkCounts, RequirementState, TracedCheck, TracedTask } from './traceSchema.ts';

/** What is known of one requirement. */
export interface RequirementFacts {
  /** The tasks that say they serve it, and those whose hunks do. */
  readonly tasks: readonly TracedTask[];
  /** The tasks with a hunk for it that was accepted. */
  readonly givingTaskIds: ReadonlySet<string>;
  readonly counts: HunkCounts;
  /** The checks of its tasks, and of the whole run. */
  readonly checks: readonly TracedCheck[];
}

/** What came of a requirement, and why that is so, as a sentence. */
export function requirementState(facts: RequirementFacts): { readonly state: RequirementState; readonly why: string } {
  const { counts } = facts;
  if (counts.accepted === 0) return { state: 'open', why: whyOpen(facts) };
  const now = { ...facts, checks: standing(facts.checks) };
  const missing = whatIsMissing(now);
  if (missing.length > 0) return { state: 'partly', why: missing.join(' ') };
  const unvouched = whyUnchecked(now);
  if (unvouched !== null) return { state: 'unchecked', why: unvouched };
  const why =
    counts.accepted === 1
      ? say`1 edit is accepted and checks pass over it.`
      : say`${counts.accepted} edits are accepted and checks pass over them.`;
  return { state: 'met', why };
}

/** The checks whose word counts: one over all edits that came later takes the place of a task's own of that name. */
export function standing(checks: readonly TracedCheck[]): TracedCheck[] {
  const together = new Map(checks.flatMap((check) => (check.taskId === null ? [[check.name, check.at] as const] : [])));
  return checks.filter(({ taskId, name, at }) => taskId === null || (together.get(name) ?? 0) <= at);
}

function whyOpen({ tasks, counts: { rejected, pending } }: RequirementFacts): string {
  if (pending > 0)
    return pending === 1
      ? say`Nothing is accepted yet: 1 edit waits for a decision.`
      : say`Nothing is accepted yet: ${pending} edits wait for a decision.`;
  if (rejected > 0)
    return rejected === 1
      ? say`1 edit was proposed for it and rejected.`
      : say`${rejected} edits were proposed for it and rejected.`;
  if (tasks.length === 0) return say`No task serves it.`;
  const unfinished = tasks.filter(({ state }) => state !== 'done');
  if (unfinished.length > 0) return unfinished.map(notDone).join(' ');
  return say`${listed(tasks)} proposed no edit for it.`;
}

function whatIsMissing({ tasks, counts, checks }: RequirementFacts): string[] {
  const { accepted, rejected, pending } = counts;
  const all = accepted + rejected + pending;
  return [
    ...checks.filter(({ verdict, outdated }) => verdict === 'new failure' && !outdated).map(failing),
    ...(pending === 1 ? [say`1 of ${all} edits waits for a decision.`] : []),
    ...(pending > 1 ? [say`${pending} of ${all} edits wait for a decision.`] : []),
    ...(rejected === 1 ? [say`1 of ${all} edits was rejected.`] : []),
    ...(rejected > 1 ? [say`${rejected} of ${all} edits were rejected.`] : []),
    ...tasks.filter(({ state }) => state !== 'done').map(notDone),
  ];
}

/** Null when checks that pass speak for every task that gave something. */
function whyUnchecked({ tasks, givingTaskIds, checks }: RequirementFacts): string | null {
  const vouches = (check: TracedCheck) => passes(check) && !check.outdated;
  if (checks.some((check) => check.taskId === null && vouches(check))) return null;
  const vouched = new Set(checks.filter(vouches).map(({ taskId }) => taskId));
  const left = tasks.filter(({ id }) => givingTaskIds.has(id) && !vouched.has(id));
  if (left.length === 0) return null;
  const [first] = left;
  const own = checks.filter(({ taskId }) => taskId === first?.id);
  const names = listed(left);
  if (own.some(({ outdated }) => outdated)) return say`The edits of ${names} were changed after they were checked.`;
  const [said, because] =
    own.length > 0
      ? [say`No check of ${names} passes or failed because of it.`, own[0]?.reason]
      : [say`No check ran over ${names}.`, first?.uncheckedBecause];
  return [said, because].filter(Boolean).join(' ');
}

function passes({ verdict }: TracedCheck): boolean {
  return verdict === 'passes' || verdict === 'mended';
}

function failing({ name, taskId }: TracedCheck): string {
  return taskId === null
    ? say`“${name}” fails with the edits of all tasks together and did not before.`
    : say`“${name}” fails with the edits of ${taskId} and did not before.`;
}

function notDone({ id, state }: TracedTask): string {
  if (state === 'skipped') return say`${id} was left out.`;
  return state === 'failed' ? say`${id} failed.` : say`${id} is not done.`;
}

function listed(tasks: readonly TracedTask[]): string {
  return tasks.map(({ id }) => id).join(', ');
}
