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
  if (missing.length > 0) return { state: 'partly', why: sentence(missing.join('; ')) };
  const unvouched = whyUnchecked(now);
  if (unvouched !== null) return { state: 'unchecked', why: sentence(unvouched) };
  return { state: 'met', why: sentence(`${edits(counts.accepted, 'is', 'are')} accepted and checks pass over them`) };
}

/** The checks whose word counts: one over all edits that came later takes the place of a task's own of that name. */
export function standing(checks: readonly TracedCheck[]): TracedCheck[] {
  const together = new Map(checks.flatMap((check) => (check.taskId === null ? [[check.name, check.at] as const] : [])));
  return checks.filter(({ taskId, name, at }) => taskId === null || (together.get(name) ?? 0) <= at);
}

function whyOpen({ tasks, counts: { rejected, pending } }: RequirementFacts): string {
  if (pending > 0) return sentence(`nothing is accepted yet: ${edits(pending, 'waits', 'wait')} for a decision`);
  if (rejected > 0) return sentence(`${edits(rejected, 'was', 'were')} proposed for it and rejected`);
  if (tasks.length === 0) return 'No task serves it.';
  const unfinished = tasks.filter(({ state }) => state !== 'done');
  if (unfinished.length > 0) return sentence(unfinished.map(notDone).join('; '));
  return sentence(`${listed(tasks.map(({ id }) => id))} proposed no edit for it`);
}

function whatIsMissing({ tasks, counts, checks }: RequirementFacts): string[] {
  const { accepted, rejected, pending } = counts;
  const all = accepted + rejected + pending;
  return [
    ...checks.filter(({ verdict, outdated }) => verdict === 'new failure' && !outdated).map(failing),
    ...(pending > 0 ? [`${share(pending, all)} ${pending === 1 ? 'waits' : 'wait'} for a decision`] : []),
    ...(rejected > 0 ? [`${share(rejected, all)} ${rejected === 1 ? 'was' : 'were'} rejected`] : []),
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
  const names = listed(left.map(({ id }) => id));
  if (own.some(({ outdated }) => outdated)) return `the edits of ${names} were changed after they were checked`;
  if (own.length > 0) return `no check of ${names} passes or failed because of it: ${lowerFirst(own[0]?.reason ?? '')}`;
  const reason = first?.uncheckedBecause;
  return `no check ran over ${names}${reason ? `: ${lowerFirst(reason)}` : ''}`;
}

function passes({ verdict }: TracedCheck): boolean {
  return verdict === 'passes' || verdict === 'mended';
}

function failing({ name, taskId }: TracedCheck): string {
  return `“${name}” fails with the edits of ${taskId ?? 'all tasks together'} and did not before`;
}

function notDone({ id, state }: TracedTask): string {
  if (state === 'skipped') return `${id} was left out`;
  return state === 'failed' ? `${id} failed` : `${id} is not done`;
}

function edits(n: number, one: string, many: string): string {
  return n === 1 ? `1 edit ${one}` : `${n} edits ${many}`;
}

/** '1 of 3 edits'. It is of at least two, for one other is accepted. */
function share(n: number, all: number): string {
  return `${n} of ${all} edits`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function lowerFirst(text: string): string {
  // A name or an abbreviation keeps its capitals.
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
