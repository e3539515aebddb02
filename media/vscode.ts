import type { FromPanel } from '../src/protocol.ts';

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
}

export function recall(): Remembered {
  const state = vscode.getState() as Partial<Remembered> | undefined | null;
  const tab = tabNames.find((name) => name === state?.tab) ?? null;
  return { runId: typeof state?.runId === 'string' ? state.runId : null, tab };
}

export function remember(state: Remembered): void {
  vscode.setState(state);
}
