import type { CheckKind, CheckOutcome } from '../checks/checks.ts';
import type { Verdict } from '../checks/compare.ts';
import type { Proof } from '../checks/testsThatTest.ts';
import type { ErrorInfo } from '../errors.ts';
import type {
  HunkDecision,
  Input,
  LineRange,
  Output,
  PhaseName,
  Plan,
  Proposal,
  Refinement,
  Review,
} from '../schemas.ts';
import type { TriggerKind } from '../triggers/definition.ts';

/** The four agents; each has its own instructions, tools, step limit and model. */
export const agentNames = ['planner', 'reviewer', 'refiner', 'implementer'] as const;
export type AgentName = (typeof agentNames)[number];

/** One answer a developer can give at a gate. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Asks for a line of text along with the choice. */
  readonly wantsNote?: boolean;
  /** Is answered with a plan that the developer edited. */
  readonly wantsPlan?: boolean;
  /** Is answered with `data`: an answer by the id of each question. */
  readonly wantsAnswers?: boolean;
  /** May come with `data.names`: the names of the chosen checks, one a line; without it all are. */
  readonly takesNames?: boolean;
  /** May come with comments on tasks, see `TaskComment`. */
  readonly takesComments?: boolean;
}

export const gateKinds = [
  'questions',
  'plan-approval',
  'low-score',
  'checks',
  'proposal',
  'provider-down',
  'budget',
  'task-failed',
] as const;
export type GateKind = (typeof gateKinds)[number];

/** A command that a developer is asked about before it ever runs. */
export interface OfferedCheck {
  readonly name: string;
  /** As one would type it. */
  readonly command: string;
  /** Relative to the workspace; '.' is the workspace itself. */
  readonly cwd: string;
}

/** What the planner wants to know. A decision answers in `data`, by id; what it leaves out takes the default. */
export interface Question {
  /** Q1 to Q3. */
  readonly id: string;
  readonly question: string;
  readonly suggestions: readonly string[];
  /** One of the suggestions, or another short answer. */
  readonly default: string;
}

/** A question a run waits for, durably, until somebody answers. Ids are unique within an attempt. */
export interface Gate {
  readonly id: string;
  readonly kind: GateKind;
  readonly title: string;
  readonly question: string;
  readonly choices: readonly Choice[];
  /** The id of the choice that Enter takes. */
  readonly defaultChoice: string;
  readonly questions?: readonly Question[];
  /** For a gate of kind 'checks', what may be chosen. */
  readonly checks?: readonly OfferedCheck[];
  /** For a proposal's gate, the proposal. */
  readonly proposalId?: string;
  /** For a task's gate, the task. */
  readonly taskId?: string;
  /** Set for a gate that no branch of the run goes past. */
  readonly held?: boolean;
}

export interface Decision {
  readonly choice: string;
  readonly note?: string;
  /** Further facts of the choice, by gate kind: `{ hunkId }` for a change asked for at a proposal. */
  readonly data?: Readonly<Record<string, string>>;
  /** Who decided: 'developer', 'settings', a trigger's name. */
  readonly by: string;
}

/** What started a run in a developer's place. */
export interface RunTrigger {
  /** Of the trigger's definition. */
  readonly id: string;
  readonly kind: TriggerKind;
  /** One line: what happened. */
  readonly cause: string;
  /** How far the run is from a developer, see triggers/origin.ts; 0 would be one that a developer started. */
  readonly depth: number;
  /** Whether its hunks may be accepted with nobody there. */
  readonly accept: 'ask' | 'all';
}

/** A hunk as views show it: no file text beyond its own lines. */
export interface HunkSummary {
  readonly id: string;
  readonly baseRange: LineRange;
  readonly newRange: LineRange;
  readonly removed: number;
  readonly added: number;
  readonly requirementIds: readonly string[];
  readonly why: string;
  readonly decision: HunkDecision;
  readonly feedback?: string | undefined;
  /** Set while the file on disk disagrees with what the hunk was made against. */
  readonly conflict?: boolean;
}

export interface ProposalSummary extends Pick<Proposal, 'id' | 'taskId' | 'path' | 'action' | 'rationale'> {
  readonly from?: string;
  /** Rises by one with every change of the proposal. */
  readonly version: number;
  readonly hunks: readonly HunkSummary[];
}

/** What one of the workspace's own checks said of edits, against the same check without them. */
export interface CheckResult {
  readonly name: string;
  readonly kind: CheckKind;
  /** Without the edits. */
  readonly before?: CheckOutcome;
  readonly outcome: CheckOutcome;
  readonly verdict: Verdict;
  /** The verdict as a sentence. */
  readonly reason: string;
  /** Failing tests that did not fail before, as the output names them. */
  readonly newFailures: readonly string[];
  /** Milliseconds. */
  readonly durationMs: number;
  /** The part of the output that tells most; empty for a check that passed. */
  readonly output: string;
}

/** Which edits of a task were checked, where not those of its first try. */
export interface CheckOf {
  /** The number of a later try; from 2. */
  readonly try?: number;
  /** What was made of a proposal when a change was asked for; `turn` counts these from 1. */
  readonly change?: { readonly proposalId: string; readonly turn: number };
}

/** Whether a new test file fails without the implementation and passes with it. */
export interface TestProof extends Proof {
  readonly path: string;
}

/** Percent of lines that tests ran, to one decimal; null where nothing measured it, and `reason` says why. */
export interface CoverageFigure {
  readonly overall: number | null;
  /** Of the changed lines alone. */
  readonly changedLines: number | null;
  readonly reason?: string;
}

/** What the implementer says shows that one line of a task's `doneWhen` holds. */
export interface DoneEvidence {
  readonly doneWhen: string;
  readonly how: string;
}

/** What happened, in the order it happened. Everything shown anywhere is a function of these. */
export type RunEvent =
  | {
      readonly type: 'workflow.started';
      readonly input: Input;
      readonly model: string;
      readonly workspace: string;
      /** Absent for a run that a developer started. */
      readonly trigger?: RunTrigger;
    }
  | { readonly type: 'workflow.paused' }
  | { readonly type: 'workflow.resumed' }
  | { readonly type: 'workflow.restarted'; readonly from: PhaseName; readonly sourceAttempt: number }
  | { readonly type: 'phase.started'; readonly phase: PhaseName }
  | {
      readonly type: 'phase.completed';
      readonly phase: PhaseName;
      readonly score?: number;
      /** Why this phase did not need to do anything, when it did not. */
      readonly skipped?: string;
      readonly nextPhase: PhaseName | null;
    }
  /** Round 0 is the planner's plan; round n the refiner's nth. */
  | { readonly type: 'plan.updated'; readonly plan: Plan; readonly round: number }
  | { readonly type: 'review.completed'; readonly review: Review; readonly round: number }
  | { readonly type: 'refinement.completed'; readonly refinement: Refinement }
  | { readonly type: 'gate.opened'; readonly gate: Gate }
  | { readonly type: 'gate.decided'; readonly gateId: string; readonly decision: Decision }
  | {
      readonly type: 'agent.acted';
      readonly agent: AgentName;
      readonly taskId?: string;
      readonly tool: string;
      readonly summary: string;
    }
  | { readonly type: 'task.started'; readonly taskId: string }
  | {
      readonly type: 'task.completed';
      readonly taskId: string;
      readonly summary: string;
      readonly proposalIds: readonly string[];
      readonly evidence?: readonly DoneEvidence[];
    }
  /** Round 1 checks what the agent made at first, round n+1 what its nth mending left. Without a task: all of the run's edits. */
  | {
      readonly type: 'check.started';
      readonly taskId?: string;
      readonly round: number;
      readonly of?: CheckOf;
      readonly names: readonly string[];
    }
  | {
      readonly type: 'check.completed';
      readonly taskId?: string;
      readonly round: number;
      readonly of?: CheckOf;
      readonly results: readonly CheckResult[];
    }
  /** No check ran, and why: there is none, none is allowed, or the workspace is restricted. */
  | { readonly type: 'check.skipped'; readonly taskId?: string; readonly of?: CheckOf; readonly reason: string }
  /** Of the tests that were checked, all of the task's or, of a change, those in it. */
  | {
      readonly type: 'tests.proved';
      readonly taskId: string;
      readonly of?: CheckOf;
      readonly proofs: readonly TestProof[];
    }
  | { readonly type: 'coverage.measured'; readonly coverage: CoverageFigure }
  | { readonly type: 'task.failed'; readonly taskId: string; readonly error: ErrorInfo }
  /** Somebody called the task off; what to do without it is asked at a gate. */
  | { readonly type: 'task.cancelled'; readonly taskId: string; readonly by: string }
  /** The task is tried anew: `number` counts from 1, so the first of these says 2. */
  | { readonly type: 'task.retried'; readonly taskId: string; readonly number: number }
  /** The run goes on without the task, or without what it depends on: `because` is that task, or the task itself. */
  | { readonly type: 'task.skipped'; readonly taskId: string; readonly because: string }
  /** A commit of the working tree on a hidden ref; `id` counts from 1 within the run. */
  | {
      readonly type: 'checkpoint.created';
      readonly id: number;
      readonly ref: string;
      readonly commit: string;
      readonly reason: string;
    }
  | { readonly type: 'checkpoint.failed'; readonly reason: string; readonly error: ErrorInfo }
  | {
      readonly type: 'checkpoint.restored';
      readonly id: number;
      readonly paths: readonly string[];
      readonly failed: readonly { readonly path: string; readonly why: string }[];
    }
  /** The accepted edits of a task are on the developer's branch. */
  | {
      readonly type: 'task.committed';
      readonly taskId: string;
      readonly commit: string;
      readonly paths: readonly string[];
    }
  | { readonly type: 'task.uncommitted'; readonly taskId: string; readonly error: ErrorInfo }
  | { readonly type: 'branch.started'; readonly name: string }
  | { readonly type: 'branch.refused'; readonly name: string; readonly error: ErrorInfo }
  | { readonly type: 'proposal.created'; readonly proposal: ProposalSummary }
  | { readonly type: 'proposal.updated'; readonly proposal: ProposalSummary; readonly because: ProposalChange }
  | {
      readonly type: 'hunk.decided';
      readonly proposalId: string;
      readonly hunkId: string;
      readonly decision: HunkDecision;
      readonly by: string;
      /** In the developer's words. */
      readonly reason?: string;
    }
  /** What earlier runs taught and this one was told. */
  | { readonly type: 'learned.used'; readonly facts: readonly string[] }
  | { readonly type: 'change.failed'; readonly proposalId: string; readonly hunkId: string; readonly error: ErrorInfo }
  | {
      readonly type: 'usage';
      readonly agent: AgentName;
      readonly taskId?: string;
      readonly model: string;
      readonly inputTokens: number;
      readonly cachedInputTokens: number;
      /** What the model thought with is a part of it. */
      readonly outputTokens: number;
      readonly reasoningTokens?: number;
      /** The provider reports no tokens: these were counted here, with the model's own tokenizer. */
      readonly counted?: true;
      readonly durationMs: number;
      /** From the call to the first piece of its answer; absent where the answer came in one. */
      readonly firstTokenMs?: number;
      /** Who answered, as the model's adapter calls it: 'openai.responses'. */
      readonly provider?: string;
      /** When the answer was complete, in milliseconds since the epoch. */
      readonly endedAt?: number;
      /** By the price table, in its currency; absent for a model without a price. */
      readonly cost?: number;
    }
  | {
      readonly type: 'retry';
      readonly step: string;
      readonly retry: number;
      readonly delayMs: number;
      readonly error: ErrorInfo;
    }
  | { readonly type: 'workflow.completed'; readonly output: Output }
  | { readonly type: 'workflow.failed'; readonly error: ErrorInfo }
  | { readonly type: 'workflow.cancelled' };

export type ProposalChange = 'accepted' | 'rejected' | 'edited' | 'rebased' | 'revised' | 'undone' | 'withdrawn';

/** An event as the log keeps it. `seq` rises by one within a run, over all its attempts, from 1. */
export interface StoredEvent {
  readonly runId: string;
  readonly attempt: number;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: RunEvent;
}

/** Something worth seeing while it happens and not worth keeping: text as a model writes it. */
export interface LiveEvent {
  readonly runId: string;
  readonly agent: AgentName;
  readonly taskId?: string;
  readonly kind: 'text' | 'reasoning' | 'tool-input';
  readonly delta: string;
}
