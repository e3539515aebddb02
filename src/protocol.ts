import type { LiveEvent, StoredEvent } from './workflow/engine/events.ts';
import type { DashboardData, WindowName } from './workflow/metrics/dashboardData.ts';
import type { PackedView } from './workflow/packedView.ts';
import type { PhaseName, Plan, Review } from './workflow/schemas.ts';

/** The messages between the webviews (media/) and the extension (views/), a tagged union per view and direction. */

export type ToPanel<View = PackedView> =
  /** Start afresh with this run as it is; what happens from now on follows. Null when there is none to show. */
  | {
      readonly type: 'show';
      readonly runId: string | null;
      /** Null while nothing has happened in it. */
      readonly view: View | null;
      readonly environment: Environment;
      /** What the page has had kept of this run, see `keep`. */
      readonly place?: unknown;
    }
  /** Further events of the run shown, in order, each once. */
  | { readonly type: 'events'; readonly events: readonly StoredEvent[] }
  /** The run shown as it is by now, in place of many events. */
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'live'; readonly live: LiveEvent }
  | { readonly type: 'environment'; readonly environment: Environment }
  /** Show the report with this requirement open; `number` tells one request from the next. */
  | { readonly type: 'reveal'; readonly requirementId: string; readonly number: number }
  /** Answers `lintPlan`: what the review would come to for the plan sent with that number. */
  | { readonly type: 'linted'; readonly number: number; readonly review: Review };

export interface Environment {
  /** As 'demo' or 'openai:gpt-5'; null when none is chosen. */
  readonly model: string | null;
  readonly hasFolder: boolean;
  /** This window runs the run; false when another one does, or nobody. */
  readonly active: boolean;
  /** Another process does: another window, the command line. */
  readonly elsewhere: boolean;
  /** Milliseconds since the epoch on the extension's clock, for elapsed times. */
  readonly now: number;
  /** When the agents will be done, on the same clock; null when nobody can say. */
  readonly completion: number | null;
  /** The run's attempts, oldest first. */
  readonly attempts: readonly number[];
}

export type FromPanel =
  /** The page is there; `told` once it has been shown something, which VS Code may have kept for it meanwhile. */
  | { readonly type: 'ready'; readonly told: boolean }
  /** Where the developer is in the run: only the page reads it, when it is made anew. */
  | { readonly type: 'keep'; readonly runId: string; readonly place: unknown }
  | {
      readonly type: 'decide';
      readonly gateId: string;
      readonly choice: string;
      readonly note?: string;
      readonly data?: Readonly<Record<string, string>>;
    }
  /** Asks what the linter says about a plan that is being edited; the answer names the same number. */
  | { readonly type: 'lintPlan'; readonly number: number; readonly plan: Plan }
  | { readonly type: 'editPlan' }
  | { readonly type: 'openProposal'; readonly proposalId: string; readonly hunkId?: string }
  | { readonly type: 'decideProposal'; readonly proposalId: string; readonly decision: 'accept' | 'reject' }
  | { readonly type: 'undoDecision'; readonly proposalId: string; readonly hunkId: string }
  /** About everything pending of a task, or of the run. */
  | { readonly type: 'pending'; readonly act: 'open' | 'accept' | 'reject'; readonly taskId?: string }
  | { readonly type: 'task'; readonly act: 'cancel' | 'retry' | 'skip'; readonly taskId: string }
  /** With a quote of it, at the first place that has it. */
  | { readonly type: 'openFile'; readonly path: string; readonly quote?: string }
  /** An accepted hunk in its file, any other in the diff. */
  | { readonly type: 'openHunk'; readonly proposalId: string; readonly hunkId: string }
  /** A test file, or the proposal of it while it is only that. */
  | { readonly type: 'openTest'; readonly path: string }
  /** The report of the attempt shown. */
  | { readonly type: 'report'; readonly act: 'show' | 'export' }
  | { readonly type: 'start' }
  | { readonly type: 'cancel' }
  | { readonly type: 'pause' }
  /** Shows another attempt of the same run. */
  | { readonly type: 'showAttempt'; readonly attempt: number }
  | { readonly type: 'compareAttempts' }
  | { readonly type: 'resume' }
  | { readonly type: 'restart'; readonly from: PhaseName }
  | { readonly type: 'chooseModel' };

/** The figures of the window asked for last; again whenever they change. */
export type ToDashboard = { readonly type: 'figures'; readonly data: DashboardData };

export type FromDashboard =
  /** Show this window from now on; the first message of a page. */
  { readonly type: 'window'; readonly window: WindowName } | { readonly type: 'export' };
