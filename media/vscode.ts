import type { FromPanel } from '../src/protocol.ts';
import type { TaskComment } from '../src/workflow/phases/words.ts';
import type { Plan } from '../src/workflow/schemas.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** VS Code hands its API out once. */
const vscode = acquireVsCodeApi();

export function post(message: FromPanel): void {
  vscode.postMessage(message);
}

export const tabNames = ['plan', 'review', 'work', 'edits', 'report'] as const;
export type TabName = (typeof tabNames)[number];

/** What the panel remembers over a reload. */
export interface Remembered {
  readonly runId: string | null;
  /** Null until the developer picks a tab of this run. */
  readonly tab: TabName | null;
  readonly draft: RememberedDraft | null;
  /** The requirements of this run that are open in the report. */
  readonly openRequirements: readonly string[];
}

/** What the developer has done to the plan at a gate and not sent yet. */
export interface RememberedDraft {
  /** Run and gate: a draft is for one decision. */
  readonly key: string;
  /** Null while only comments were written. */
  readonly plan: Plan | null;
  readonly comments: readonly TaskComment[];
}

export function recall(): Remembered {
  const state = vscode.getState() as Partial<Remembered> | undefined | null;
  const tab = tabNames.find((name) => name === state?.tab) ?? null;
  return {
    runId: typeof state?.runId === 'string' ? state.runId : null,
    tab,
    draft: state?.draft ?? null,
    openRequirements: state?.openRequirements ?? [],
  };
}

export function remember(change: Partial<Remembered>): void {
  vscode.setState({ ...recall(), ...change });
}
