import type { FromDashboard } from '../../src/protocol.ts';
import type { WindowName } from '../../src/workflow/metrics/dashboardData.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** VS Code hands its API out once. */
const vscode = acquireVsCodeApi();

/** In the order they are offered, with what they are called. */
export const windowTitles: Readonly<Record<WindowName, { readonly short: string; readonly long: string }>> = {
  '24h': { short: '24 h', long: 'the last 24 hours' },
  '7d': { short: '7 d', long: 'the last 7 days' },
  '30d': { short: '30 d', long: 'the last 30 days' },
  all: { short: 'All', long: 'all time' },
};
export const windowNames = Object.keys(windowTitles) as WindowName[];

export function post(message: FromDashboard): void {
  vscode.postMessage(message);
}

/** The window shown before a reload; a week at first. */
export function recall(): WindowName {
  const state = vscode.getState() as { window?: unknown } | undefined | null;
  return windowNames.find((name) => name === state?.window) ?? '7d';
}

export function remember(window: WindowName): void {
  vscode.setState({ window });
}
