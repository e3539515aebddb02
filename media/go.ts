import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { TabName } from './vscode.ts';

/** Shows another place of the panel, and there the task or requirement if one is named. */
export type Go = (tab: TabName, id?: string) => void;

/** What a link leads to in the place it shows: another object each time. */
export interface Target {
  readonly id: string;
}

export const GoContext = createContext<Go>(() => {});

export function useGo(): Go {
  return useContext(GoContext);
}
