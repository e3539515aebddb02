import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { TabName } from './vscode.ts';

/** Shows another place of the panel, and there the task if one is named. */
export type Go = (tab: TabName, taskId?: string) => void;

export const GoContext = createContext<Go>(() => {});

export function useGo(): Go {
  return useContext(GoContext);
}
