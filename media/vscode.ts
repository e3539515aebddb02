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

/** What the panel remembers of the run it shows: over a reload by itself, and by the extension when it is closed. */
export interface Remembered {
  readonly runId: string | null;
  /** When any of it changed last, in milliseconds since the epoch. */
  readonly at: number;
  /** Null until the developer picks a tab of this run. */
  readonly tab: TabName | null;
  readonly draft: RememberedDraft | null;
  /** Filters, choices, what is folded open and how far it is scrolled, each by its name; see kept.ts. */
  readonly parts: Readonly<Record<string, unknown>>;
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
  const state = asRecord(vscode.getState()) as Partial<Remembered>;
  return {
    runId: typeof state.runId === 'string' ? state.runId : null,
    at: asTime(state.at),
    tab: tabNames.find((name) => name === state.tab) ?? null,
    draft: state.draft ?? null,
    parts: asRecord(state.parts),
  };
}

/**
 * Begins to show a run: `place` is what the extension has kept of it. What this page still knows is newer, but for a
 * window that went without a word: VS Code brings back what it stored some time before.
 */
export function begin(runId: string | null, place: unknown): void {
  if (runId === null) return;
  const own = recall();
  const kept = asRecord(place);
  if (own.runId !== runId || own.at < asTime(kept.at)) vscode.setState({ ...kept, runId });
}

/** Typing and scrolling change what is remembered many times a second; the extension hears of it when they rest. */
const restMs = 250;
let telling: ReturnType<typeof setTimeout> | undefined;

export function remember(change: Partial<Remembered>): void {
  vscode.setState({ ...recall(), ...change, at: Date.now() });
  telling ??= setTimeout(tell, restMs);
}

function tell(): void {
  clearTimeout(telling);
  telling = undefined;
  const { runId, ...place } = recall();
  if (runId !== null) post({ type: 'keep', runId, place });
}

function asTime(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
