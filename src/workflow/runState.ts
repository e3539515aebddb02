import type {
  AgentName,
  CheckOf,
  CheckResult,
  CoverageFigure,
  Decision,
  DoneEvidence,
  Gate,
  HunkSummary,
  ProposalSummary,
  RunEvent,
  RunTrigger,
  StoredEvent,
  TestProof,
} from './engine/events.ts';
import type { ErrorInfo } from './errors.ts';
import type { Checkpoint } from './ports.ts';
import type { HunkDecision, Input, Output, PhaseName, Plan, Refinement, Review, RunStatus, Status } from './schemas.ts';

/**
 * A run as views, the API and the CLI see it: a function of its events and of nothing else. The panel reduces
 * the same events with this same file, so it imports types only.
 */

export type PhaseState = 'pending' | 'active' | 'done' | 'skipped' | 'failed';
/** A task is `failed` or `cancelled` until somebody decides what to do about it, and `skipped` once the run goes on without it. */
export type TaskState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled' | 'skipped';

export interface PhaseView {
  readonly state: PhaseState;
  /** Milliseconds since the epoch, as all times here. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly score?: number;
  /** Why the phase had nothing to do. */
  readonly skipped?: string;
}

export interface TaskView {
  readonly state: TaskState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly summary: string | null;
  /** Why it last failed; kept while it is tried again. */
  readonly error: ErrorInfo | null;
  readonly proposalIds: readonly string[];
  /** What its agent says shows that each line of `doneWhen` holds. */
  readonly evidence: readonly DoneEvidence[];
}

/** One run of the checks over a task's edits, or over all of the run's when `taskId` is null. */
export interface CheckRound {
  readonly at: number;
  readonly taskId: string | null;
  /** From 1; each later one follows a mending. */
  readonly round: number;
  /** Which edits of the task, where not those of its first try. */
  readonly of?: CheckOf;
  readonly state: 'running' | 'done' | 'skipped';
  readonly names: readonly string[];
  /** Empty until it is done. */
  readonly results: readonly CheckResult[];
  /** Why it was skipped. */
  readonly reason?: string;
}

export interface UsageTotals {
  /** All input tokens, the cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  /** All output tokens, those the model thought with included. */
  readonly outputTokens: number;
  /** Output that was reasoning, as far as providers say. */
  readonly reasoningTokens: number;
  readonly calls: number;
  /** Calls of them whose tokens were counted here, since the provider reports none. */
  readonly countedCalls: number;
  /** Time spent waiting for models, in milliseconds; concurrent calls add up. */
  readonly modelMs: number;
  /** By the price table, in its currency; null as soon as one call had no price. */
  readonly cost: number | null;
}

export interface Activity {
  readonly at: number;
  readonly agent: AgentName;
  readonly taskId: string | null;
  readonly tool: string;
  readonly summary: string;
}

export interface RetryView {
  readonly at: number;
  readonly step: string;
  readonly retry: number;
  readonly delayMs: number;
  readonly error: ErrorInfo;
}

export interface FailedChange {
  readonly at: number;
  readonly proposalId: string;
  readonly hunkId: string;
  readonly error: ErrorInfo;
}

/** One decision on a hunk; of several the last counts. */
export interface DecidedHunk {
  readonly at: number;
  readonly proposalId: string;
  readonly hunkId: string;
  readonly decision: HunkDecision;
  readonly by: string;
  /** In the developer's words. */
  readonly reason?: string;
}

export interface RunView {
  readonly runId: string;
  readonly attempt: number;
  /** The developer paused it: it goes on when it is resumed. */
  readonly paused: boolean;
  /** Sequence number of the last event in it; 0 before the first. */
  readonly seq: number;
  readonly input: Input;
  readonly model: string;
  readonly workspace: string;
  /** What started it in a developer's place; null when a developer did. */
  readonly trigger: RunTrigger | null;
  readonly status: RunStatus;
  /** When the first attempt started. */
  readonly startedAt: number;
  readonly attemptStartedAt: number;
  /** When the last event happened. */
  readonly updatedAt: number;
  readonly endedAt: number | null;
  readonly phases: Readonly<Record<PhaseName, PhaseView>>;
  /** The last phase that started or was skipped; null before the first and once the run is complete. */
  readonly currentPhase: PhaseName | null;
  /** The plan that counts now, which is not always that of the highest round. */
  readonly plan: Plan | null;
  readonly planRound: number;
  readonly plans: readonly { readonly round: number; readonly plan: Plan }[];
  readonly reviews: readonly { readonly round: number; readonly review: Review }[];
  readonly refinements: readonly Refinement[];
  readonly openGates: readonly Gate[];
  readonly decisions: readonly { readonly gateId: string; readonly decision: Decision; readonly at: number }[];
  readonly tasks: Readonly<Record<string, TaskView>>;
  /** The latest version of each, in the order in which they were first made. */
  readonly proposals: readonly ProposalSummary[];
  /** Proposals whose change an agent is making at this moment. */
  readonly changing: readonly string[];
  readonly failedChanges: readonly FailedChange[];
  /** Of all attempts, in the order they were made. */
  readonly checkpoints: readonly (Checkpoint & { readonly at: number })[];
  /** In the order they were made. */
  readonly hunkDecisions: readonly DecidedHunk[];
  /** When what a proposal proposes was last written anew, by the developer or by its agent; by proposal. */
  readonly rewrittenAt: Readonly<Record<string, number>>;
  readonly checks: readonly CheckRound[];
  readonly proofs: readonly (TestProof & { readonly taskId: string })[];
  readonly coverage: CoverageFigure | null;
  readonly activity: readonly Activity[];
  readonly usage: UsageTotals;
  readonly usageByAgent: Readonly<Partial<Record<AgentName, UsageTotals>>>;
  /** By the model's name as its provider calls it. */
  readonly usageByModel: Readonly<Record<string, UsageTotals>>;
  readonly retries: readonly RetryView[];
  /** What earlier runs taught and this one was told. */
  readonly learned: readonly string[];
  readonly output: Output | null;
  readonly error: ErrorInfo | null;
  /** 0..100, a whole number; see `progressOf`. */
  readonly progress: number;
  readonly pendingHunks: number;
}

const activityKept = 200;
const retriesKept = 20;
const noUsage: UsageTotals = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  calls: 0,
  countedCalls: 0,
  modelMs: 0,
  cost: 0,
};

/**
 * The view after one more event. An event of a higher attempt starts the view over, one of a lower attempt or
 * one that is in the view already (by `seq`) changes nothing, and one of another run starts that run's view.
 */
export function reduce(view: RunView | null, stored: StoredEvent): RunView {
  return derive(next(view, stored));
}

/** As `reduce` over all of `events`, which are in order; far cheaper, for what is derived is derived once. */
export function reduceAll(view: RunView | null, events: readonly StoredEvent[]): RunView | null {
  const made: Made = new WeakSet();
  let latest = view;
  for (const stored of events) latest = next(latest, stored, made);
  return latest === null ? null : derive(latest);
}

/**
 * The long collections that a batch has made itself: nobody else has seen them yet, so it may go on changing them.
 * Without that, most of a replay is copying a thousand tasks for each of some thousand events.
 */
type Made = WeakSet<object>;

/** The view of a whole log; null when it is empty. */
export function replay(events: readonly StoredEvent[]): RunView | null {
  return reduceAll(null, events);
}

/** @param completion when the agents will be done, in milliseconds since the epoch; null when nobody can say */
export function statusOf(view: RunView, completion: number | null): Status {
  const { runId: id, status, currentPhase, progress } = view;
  const estimatedCompletion = completion === null ? null : new Date(completion).toISOString();
  return { id, status, currentPhase, progress, estimatedCompletion };
}

function next(view: RunView | null, stored: StoredEvent, made: Made = new WeakSet()): RunView {
  const known = view?.runId === stored.runId ? view : null;
  if (known !== null && (stored.attempt < known.attempt || stored.seq <= known.seq)) return known;
  const base = known === null ? emptyView(stored) : startsOver(known, stored) ? restarted(known, stored) : known;
  const applied = apply(base, stored.event, stored.at, made);
  // A view that `apply` has just made is nobody else's yet.
  const fresh = applied === known ? { ...applied } : applied;
  return Object.assign(fresh, { seq: stored.seq, updatedAt: stored.at });
}

function startsOver(view: RunView, { attempt, event }: StoredEvent): boolean {
  return attempt > view.attempt || event.type === 'workflow.restarted';
}

function restarted(view: RunView, stored: StoredEvent): RunView {
  const { input, model, workspace, trigger, startedAt, checkpoints } = view;
  return { ...emptyView(stored), input, model, workspace, trigger, startedAt, checkpoints };
}

function emptyView({ runId, attempt, at }: StoredEvent): RunView {
  return {
    runId,
    attempt,
    paused: false,
    seq: 0,
    input: { request: '', requirements: [] },
    model: '',
    workspace: '',
    trigger: null,
    status: 'queued',
    startedAt: at,
    attemptStartedAt: at,
    updatedAt: at,
    endedAt: null,
    phases: {
      planning: { state: 'pending' },
      review: { state: 'pending' },
      refinement: { state: 'pending' },
      implementation: { state: 'pending' },
    },
    currentPhase: null,
    plan: null,
    planRound: 0,
    plans: [],
    reviews: [],
    refinements: [],
    openGates: [],
    decisions: [],
    tasks: {},
    proposals: [],
    changing: [],
    failedChanges: [],
    checkpoints: [],
    hunkDecisions: [],
    rewrittenAt: {},
    checks: [],
    proofs: [],
    coverage: null,
    activity: [],
    usage: noUsage,
    usageByAgent: {},
    usageByModel: {},
    retries: [],
    learned: [],
    output: null,
    error: null,
    progress: 0,
    pendingHunks: 0,
  };
}

function apply(view: RunView, event: RunEvent, at: number, made: Made): RunView {
  switch (event.type) {
    case 'workflow.started':
      return {
        ...view,
        input: event.input,
        model: event.model,
        workspace: event.workspace,
        trigger: event.trigger ?? null,
      };
    case 'workflow.paused':
      return { ...stopTasks(view), paused: true };
    case 'workflow.resumed':
      return resume(view);
    case 'workflow.restarted':
      return view; // It started the view over before it came here.
    case 'phase.started':
      return { ...withPhase(view, event.phase, { state: 'active', startedAt: at }), currentPhase: event.phase };
    case 'phase.completed':
      return completePhase(view, event, at);
    case 'plan.updated':
      return {
        ...view,
        plan: event.plan,
        planRound: event.round,
        plans: putRound(view.plans, { round: event.round, plan: event.plan }),
        tasks: tasksOf(event.plan, view.tasks),
      };
    case 'review.completed':
      return { ...view, reviews: putRound(view.reviews, { round: event.round, review: event.review }) };
    case 'refinement.completed':
      return completeRefinement(view, event.refinement, at);
    case 'gate.opened':
      return openGate(view, event.gate);
    case 'gate.decided':
      return decideGate(view, event.gateId, event.decision, at);
    case 'agent.acted': {
      const { agent, taskId = null, tool, summary } = event;
      return { ...view, activity: [...view.activity, { at, agent, taskId, tool, summary }].slice(-activityKept) };
    }
    case 'task.started':
      return withTask(view, event.taskId, { state: 'running', startedAt: at, endedAt: null }, made);
    case 'task.completed': {
      const { taskId, summary, proposalIds, evidence = [] } = event;
      return withTask(view, taskId, { state: 'done', endedAt: at, summary, proposalIds, evidence, error: null }, made);
    }
    case 'check.started': {
      const { taskId = null, round, names } = event;
      return putChecks(view, { at, taskId, round, ...ofOther(event), names, state: 'running', results: [] });
    }
    case 'check.completed': {
      const { taskId = null, round, results } = event;
      const names = results.map(({ name }) => name);
      return putChecks(view, { at, taskId, round, ...ofOther(event), names, state: 'done', results });
    }
    case 'check.skipped': {
      const { taskId = null, reason } = event;
      const skipped = { names: [], state: 'skipped', results: [], reason } as const;
      return putChecks(view, { at, taskId, round: 1, ...ofOther(event), ...skipped });
    }
    case 'tests.proved': {
      const { taskId, of, proofs } = event;
      // A change may be of one test only: what is known of the others stays.
      const isTold = (path: string) => of?.change === undefined || proofs.some((proof) => proof.path === path);
      const others = view.proofs.filter((proof) => proof.taskId !== taskId || !isTold(proof.path));
      return { ...view, proofs: [...others, ...proofs.map((proof) => ({ ...proof, taskId }))] };
    }
    case 'coverage.measured':
      return { ...view, coverage: event.coverage };
    case 'task.failed':
      return withTask(view, event.taskId, { state: 'failed', endedAt: at, error: event.error }, made);
    case 'task.cancelled':
      return withTask(view, event.taskId, { state: 'cancelled', endedAt: at }, made);
    case 'task.retried':
      return withTask(view, event.taskId, { state: 'pending', endedAt: null }, made);
    case 'task.skipped':
      return withTask(view, event.taskId, { state: 'skipped', endedAt: at }, made);
    case 'checkpoint.created': {
      const { type: _type, ...made } = event;
      return { ...view, checkpoints: [...view.checkpoints, { ...made, at }] };
    }
    case 'checkpoint.failed':
    case 'checkpoint.restored':
    case 'task.committed':
    case 'task.uncommitted':
    case 'branch.started':
    case 'branch.refused':
      return view;
    case 'proposal.created':
      return putProposal(view, event.proposal, made);
    case 'proposal.updated':
      return updateProposal(view, event, at, made);
    case 'hunk.decided':
      return decideHunk(view, event, at, made);
    case 'learned.used':
      return { ...view, learned: event.facts };
    case 'change.failed': {
      const { proposalId, hunkId, error } = event;
      const changing = view.changing.filter((id) => id !== proposalId);
      return { ...view, changing, failedChanges: [...view.failedChanges, { at, proposalId, hunkId, error }] };
    }
    case 'usage':
      return addUsage(view, event);
    case 'retry': {
      const { step, retry, delayMs, error } = event;
      return { ...view, retries: [...view.retries, { at, step, retry, delayMs, error }].slice(-retriesKept) };
    }
    case 'workflow.completed':
      return {
        ...view,
        status: 'completed',
        endedAt: at,
        currentPhase: null,
        output: event.output,
        error: null,
        openGates: [],
      };
    case 'workflow.failed':
      return failPhase({ ...stopTasks(view), status: 'failed', endedAt: at, error: event.error }, at);
    case 'workflow.cancelled':
      return { ...stopTasks(view), status: 'cancelled', endedAt: at };
    default:
      return unknownEvent(view, event);
  }
}

/** A log written by a newer version may hold events this one does not know; they change nothing. */
function unknownEvent(view: RunView, _event: never): RunView {
  return view;
}

/**
 * What the journal has is not announced again: the phase and the tasks that had started go on without another
 * `started` event.
 */
function resume(view: RunView): RunView {
  const waitsAtGate = new Set(
    view.openGates.flatMap(({ taskId }) => (taskId === undefined ? [] : (view.tasks[taskId] ?? []))),
  );
  const tasks = mapTasks(view.tasks, (task) =>
    task.startedAt === null || task.state === 'done' || task.state === 'skipped' || waitsAtGate.has(task)
      ? task
      : { ...task, state: 'running', endedAt: null },
  );
  const current = view.currentPhase === null ? undefined : view.phases[view.currentPhase];
  const goesOn = view.currentPhase !== null && current?.state === 'failed';
  const { endedAt: _endedAt, ...phase } = current ?? { state: 'pending' as const };
  const phases = goesOn ? { ...view.phases, [view.currentPhase]: { ...phase, state: 'active' as const } } : view.phases;
  return { ...view, status: 'in_progress', paused: false, endedAt: null, error: null, tasks, phases };
}

function putChecks(view: RunView, checked: CheckRound): RunView {
  const same = (other: CheckRound) =>
    other.taskId === checked.taskId && other.round === checked.round && sameOf(other.of, checked.of);
  const index = view.checks.findIndex(same);
  return { ...view, checks: index < 0 ? [...view.checks, checked] : view.checks.with(index, checked) };
}

function ofOther({ of }: { readonly of?: CheckOf }): { readonly of?: CheckOf } {
  return of === undefined ? {} : { of };
}

function sameOf(a: CheckOf = {}, b: CheckOf = {}): boolean {
  const isOne = a.change?.proposalId === b.change?.proposalId && a.change?.turn === b.change?.turn;
  return a.try === b.try && isOne;
}

function withPhase(view: RunView, phase: PhaseName, change: PhaseView): RunView {
  return { ...view, phases: { ...view.phases, [phase]: change } };
}

function completePhase(view: RunView, event: Extract<RunEvent, { type: 'phase.completed' }>, at: number): RunView {
  const { phase, score, skipped } = event;
  const completed = withPhase(view, phase, {
    ...view.phases[phase],
    state: skipped === undefined ? 'done' : 'skipped',
    endedAt: at,
    ...(score === undefined ? {} : { score }),
    ...(skipped === undefined ? {} : { skipped }),
  });
  return { ...completed, currentPhase: phase };
}

/** The developer may send the plan back after the phase was over: then the phase did do something. */
function completeRefinement(view: RunView, refinement: Refinement, at: number): RunView {
  const refinements = putRound(view.refinements, refinement);
  const phase = view.phases.refinement;
  if (phase.state !== 'done' && phase.state !== 'skipped') return { ...view, refinements };
  const { skipped: _skipped, ...rest } = phase;
  const reopened: PhaseView = { ...rest, state: 'done', endedAt: at, score: refinement.scoreAfter };
  return { ...withPhase(view, 'refinement', reopened), refinements };
}

function failPhase(view: RunView, at: number): RunView {
  if (view.currentPhase === null) return view;
  const phase = view.phases[view.currentPhase];
  return phase.state === 'active'
    ? withPhase(view, view.currentPhase, { ...phase, state: 'failed', endedAt: at })
    : view;
}

/** Replaces the entry of the same round, else adds it; by round. */
function putRound<T extends { readonly round: number }>(entries: readonly T[], entry: T): readonly T[] {
  return [...entries.filter(({ round }) => round !== entry.round), entry].sort((a, b) => a.round - b.round);
}

function openGate(view: RunView, gate: Gate): RunView {
  const openGates = [...view.openGates.filter(({ id }) => id !== gate.id), gate];
  return { ...view, openGates, changing: view.changing.filter((id) => id !== gate.proposalId) };
}

function decideGate(view: RunView, gateId: string, decision: Decision, at: number): RunView {
  const gate = view.openGates.find(({ id }) => id === gateId);
  const proposal = view.proposals.find(({ id }) => id === gate?.proposalId);
  return {
    ...view,
    openGates: view.openGates.filter(({ id }) => id !== gateId),
    decisions: [...view.decisions, { gateId, decision, at }],
    // A proposal that is decided on with hunks left open goes back to its agent.
    changing: proposal !== undefined && pendingIn(proposal) > 0 ? [...view.changing, proposal.id] : view.changing,
  };
}

const noTask: TaskView = {
  state: 'pending',
  startedAt: null,
  endedAt: null,
  summary: null,
  error: null,
  proposalIds: [],
  evidence: [],
};

function tasksOf(plan: Plan, known: Readonly<Record<string, TaskView>>): Readonly<Record<string, TaskView>> {
  return Object.fromEntries(plan.tasks.map(({ id }) => [id, known[id] ?? noTask]));
}

function withTask(view: RunView, taskId: string, change: Partial<TaskView>, made: Made): RunView {
  const tasks = own(view.tasks, made, (known): Record<string, TaskView> => ({ ...known }));
  tasks[taskId] = { ...(tasks[taskId] ?? noTask), ...change };
  return { ...view, tasks };
}

/** The collection itself where the batch has made it, else a copy that it has. */
function own<Fixed extends object, Open extends Fixed>(known: Fixed, made: Made, copy: (known: Fixed) => Open): Open {
  if (made.has(known)) return known as Open;
  const copied = copy(known);
  made.add(copied);
  return copied;
}

function mapTasks(
  tasks: Readonly<Record<string, TaskView>>,
  change: (task: TaskView) => TaskView,
): Readonly<Record<string, TaskView>> {
  return Object.fromEntries(Object.entries(tasks).map(([id, task]) => [id, change(task)]));
}

function stopTasks(view: RunView): RunView {
  const stopped = (task: TaskView): TaskState => (task.error === null ? 'pending' : 'failed');
  return {
    ...view,
    changing: [],
    tasks: mapTasks(view.tasks, (task) => (task.state === 'running' ? { ...task, state: stopped(task) } : task)),
  };
}

function putProposal(view: RunView, proposal: ProposalSummary, made: Made): RunView {
  const index = view.proposals.findIndex(({ id }) => id === proposal.id);
  const known = view.proposals[index];
  if (known !== undefined && known.version > proposal.version) return view;
  const proposals = own(view.proposals, made, (all) => [...all]);
  if (known === undefined) proposals.push(proposal);
  else proposals[index] = proposal;
  return { ...view, proposals };
}

function updateProposal(
  view: RunView,
  event: Extract<RunEvent, { type: 'proposal.updated' }>,
  at: number,
  made: Made,
): RunView {
  const { proposal, because } = event;
  const updated = putProposal(view, proposal, made);
  if (because !== 'revised' && because !== 'edited') return updated;
  const seenAt = because === 'revised' ? checkedAt(view, proposal) : undefined;
  const rewritten = { ...updated, rewrittenAt: { ...view.rewrittenAt, [proposal.id]: seenAt ?? at } };
  return because === 'revised' ? forgetFailures(rewritten, proposal.id) : rewritten;
}

/** When what an agent makes of a proposal now was checked, which is before it is shown; undefined when it was not. */
function checkedAt(view: RunView, { taskId }: ProposalSummary): number | undefined {
  const last = view.checks.findLast((round) => round.taskId === taskId);
  const isOfChange =
    last?.state === 'done' && last.of?.change !== undefined && view.changing.includes(last.of.change.proposalId);
  // Changes that are made at the same time do not see one another.
  const isAlone = view.changing.every(
    (other) => other === last?.of?.change?.proposalId || taskOf(view, other) !== taskId,
  );
  return isOfChange && isAlone ? last.at : undefined;
}

function taskOf({ proposals }: RunView, proposalId: string): string | undefined {
  return proposals.find(({ id }) => id === proposalId)?.taskId;
}

function decideHunk(
  view: RunView,
  event: Extract<RunEvent, { type: 'hunk.decided' }>,
  at: number,
  made: Made,
): RunView {
  const { type: _type, ...decided } = event;
  const { proposalId, hunkId, decision } = decided;
  const hunkDecisions = own(view.hunkDecisions, made, (all) => [...all]);
  hunkDecisions.push({ at, ...decided });
  const index = view.proposals.findIndex(({ id }) => id === proposalId);
  const proposal = view.proposals[index];
  if (proposal === undefined) return { ...view, hunkDecisions };
  const hunks = proposal.hunks.map((hunk): HunkSummary => (hunk.id === hunkId ? { ...hunk, decision } : hunk));
  const proposals = own(view.proposals, made, (all) => [...all]);
  proposals[index] = { ...proposal, hunks };
  return { ...view, hunkDecisions, proposals };
}

function forgetFailures(view: RunView, proposalId: string): RunView {
  return { ...view, failedChanges: view.failedChanges.filter((failure) => failure.proposalId !== proposalId) };
}

function addUsage(view: RunView, event: Extract<RunEvent, { type: 'usage' }>): RunView {
  const add = (totals: UsageTotals): UsageTotals => ({
    inputTokens: totals.inputTokens + event.inputTokens,
    cachedInputTokens: totals.cachedInputTokens + event.cachedInputTokens,
    outputTokens: totals.outputTokens + event.outputTokens,
    reasoningTokens: totals.reasoningTokens + (event.reasoningTokens ?? 0),
    calls: totals.calls + 1,
    countedCalls: totals.countedCalls + (event.counted ? 1 : 0),
    modelMs: totals.modelMs + event.durationMs,
    cost: totals.cost === null || event.cost === undefined ? null : totals.cost + event.cost,
  });
  const usageByAgent = { ...view.usageByAgent, [event.agent]: add(view.usageByAgent[event.agent] ?? noUsage) };
  const { model } = event;
  const ofModel = Object.hasOwn(view.usageByModel, model) ? view.usageByModel[model] : undefined;
  const usageByModel = { ...view.usageByModel, [model]: add(ofModel ?? noUsage) };
  return { ...view, usage: add(view.usage), usageByAgent, usageByModel };
}

/** The part of the input that providers' caches answered, 0..1; null before there was any input. */
export function cacheHitRate({ inputTokens, cachedInputTokens }: UsageTotals): number | null {
  return inputTokens === 0 ? null : cachedInputTokens / inputTokens;
}

// --- Derived ---------------------------------------------------------------------------------

function derive(view: RunView): RunView {
  const pendingHunks = view.proposals.reduce((sum, proposal) => sum + pendingIn(proposal), 0);
  return { ...view, pendingHunks, progress: progressOf(view), status: statusNow(view, pendingHunks) };
}

function pendingIn({ hunks }: ProposalSummary): number {
  return hunks.reduce((sum, { decision }) => (decision === 'pending' ? sum + 1 : sum), 0);
}

/** An ended run stays what it is until it is resumed or restarted. */
function statusNow(view: RunView, pendingHunks: number): RunStatus {
  if (view.status === 'completed' || view.status === 'failed' || view.status === 'cancelled') return view.status;
  if (view.paused || view.openGates.some(({ kind }) => kind !== 'proposal' && kind !== 'task-failed')) return 'waiting';
  if (view.currentPhase === null) return 'queued';
  const awaitsAnswer = pendingHunks > 0 || view.openGates.some(({ kind }) => kind === 'task-failed');
  return awaitsAnswer && view.changing.length === 0 && nothingRuns(view) ? 'waiting' : 'in_progress';
}

/** True when every task is over, has failed, or waits for one that failed. */
function nothingRuns({ plan, tasks }: RunView): boolean {
  if (plan === null) return false;
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const blocked = new Map<string, boolean>();
  const isBlocked = (id: string): boolean => {
    const known = blocked.get(id);
    if (known !== undefined) return known;
    blocked.set(id, false); // Ends the search in a cycle, which the linter forbids and an imported log may have.
    const state = tasks[id]?.state;
    const found = state === 'failed' || state === 'cancelled' || (byId.get(id)?.dependsOn.some(isBlocked) ?? false);
    blocked.set(id, found);
    return found;
  };
  const isOver = ({ state }: TaskView) => state === 'done' || state === 'skipped';
  return Object.entries(tasks).every(([id, task]) => isOver(task) || (task.state !== 'running' && isBlocked(id)));
}

const phaseShares: Readonly<Record<PhaseName, number>> = {
  planning: 15,
  review: 10,
  refinement: 15,
  implementation: 60,
};
const workShare = 0.7;

/**
 * How far the run is, 0..100: planning counts 15, review 10 and refinement 15 once they are over (done or
 * skipped), implementation 60. Of the latter every task has an equal part: 0.7 of it when the task is done and
 * 0.3 by the share of its hunks that are decided. A completed run is at 100; a run never shows 100 before.
 */
function progressOf(view: RunView): number {
  if (view.status === 'completed') return 100;
  const over = (phase: PhaseName) => view.phases[phase].state === 'done' || view.phases[phase].state === 'skipped';
  const early = (['planning', 'review', 'refinement'] as const).reduce(
    (sum, phase) => sum + (over(phase) ? phaseShares[phase] : 0),
    0,
  );
  const implemented = over('implementation') ? 1 : implementedShare(view);
  return Math.min(99, Math.floor(early + phaseShares.implementation * implemented));
}

function implementedShare({ tasks, proposals }: RunView): number {
  const hunks = new Map<string, { total: number; pending: number }>();
  for (const proposal of proposals) {
    const count = hunks.get(proposal.taskId) ?? { total: 0, pending: 0 };
    hunks.set(proposal.taskId, {
      total: count.total + proposal.hunks.length,
      pending: count.pending + pendingIn(proposal),
    });
  }
  const all = Object.entries(tasks);
  const finished = all.reduce((sum, [id, { state }]) => {
    if (state === 'skipped') return sum + 1;
    if (state !== 'done') return sum;
    const { total, pending } = hunks.get(id) ?? { total: 0, pending: 0 };
    const decided = total === 0 ? 1 : (total - pending) / total;
    return sum + workShare + (1 - workShare) * decided;
  }, 0);
  return all.length === 0 ? 0 : finished / all.length;
}
