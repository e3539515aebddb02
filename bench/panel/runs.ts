import type { RunEvent, StoredEvent } from '../../src/workflow/engine/events.ts';
import { type RunView, replay } from '../../src/workflow/runState.ts';
import { hugeLog } from '../../test/states/hugeRun.ts';

/** The two sizes that are compared; the small one is the floor: what VS Code and the page take whatever the run. */
export const logs: Readonly<Record<'small' | 'huge', readonly RunEvent[]>> = {
  small: hugeLog({ tasks: 10, hunks: 50 }),
  huge: hugeLog(),
};

export function storedLog(log: readonly RunEvent[]): readonly StoredEvent[] {
  return log.map((event, index) => ({ runId: 'run', attempt: 1, seq: index + 1, at: index * 1000, event }));
}

export function viewOf(log: readonly RunEvent[]): RunView {
  const view = replay(storedLog(log));
  if (view === null) throw new Error('The log is empty.');
  return view;
}
