import type { CheckRound, RunView } from '../runState.ts';

/** What the checks came to for a task's edits, small enough to stand beside them. Types only: the panel draws it too. */
export interface CheckMark {
  readonly state: 'running' | 'passes' | 'fails' | 'failed before' | 'unknown' | 'skipped';
  /** Failures that the task's edits leave: failing tests, or whole checks where none is named. */
  readonly newFailures: readonly string[];
  /** How often its agent has mended. */
  readonly mendings: number;
  /** Its tests that pass without the implementation. */
  readonly vacuous: readonly string[];
  readonly reason?: string;
}

/** Null before anything was checked. */
export function checkMark({ checks, proofs }: Pick<RunView, 'checks' | 'proofs'>, taskId: string): CheckMark | null {
  const rounds = checks.filter((round) => round.taskId === taskId);
  const last = rounds.at(-1);
  if (!last) return null;
  const vacuous = proofs.filter((proof) => proof.taskId === taskId && proof.verdict === 'vacuous');
  return {
    state: stateOf(last),
    newFailures: last.results.flatMap(({ verdict, name, newFailures }) =>
      verdict !== 'new failure' ? [] : newFailures.length > 0 ? newFailures : [name],
    ),
    mendings: last.round - 1,
    vacuous: vacuous.map(({ path }) => path),
    ...(last.reason === undefined ? {} : { reason: last.reason }),
  };
}

function stateOf({ state, results }: CheckRound): CheckMark['state'] {
  if (state !== 'done') return state;
  const has = (wanted: string) => results.some(({ verdict }) => verdict === wanted);
  if (has('new failure')) return 'fails';
  if (has('already failing')) return 'failed before';
  return has('passes') || has('mended') ? 'passes' : 'unknown';
}
