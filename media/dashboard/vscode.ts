import type { FromDashboard } from '../../src/protocol.ts';
import type { WindowName } from '../../src/workflow/metrics/dashboardData.ts';
import { t } from '../l10n.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** VS Code hands its API out once. */
const vscode = acquireVsCodeApi();

/** In the order they are offered, with what they are called. */
export const windowTitles: Readonly<Record<WindowName, { readonly short: string; readonly long: string }>> = {
  '24h': { short: t('24 h'), long: t('the last 24 hours') },
  '7d': { short: t('7 d'), long: t('the last 7 days') },
  '30d': { short: t('30 d'), long: t('the last 30 days') },
  all: { short: t('All'), long: t('all time') },
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
