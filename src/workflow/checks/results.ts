import type { CheckResult } from '../engine/events.ts';
import type { CheckCommand, CheckRun } from './checks.ts';
import { compareRuns } from './compare.ts';
import { saysNothing } from './outcomes.ts';
import { tellingPart } from './tellingPart.ts';

/** Characters of an output that an event carries. */
const SHOWN = 6_000;

/** Runs of checks against the same checks before, as events tell them. */
export function resultsOf(
  commands: readonly Pick<CheckCommand, 'name' | 'kind'>[],
  before: readonly CheckRun[],
  after: readonly CheckRun[],
): CheckResult[] {
  return after.flatMap((run): CheckResult[] => {
    const command = commands.find(({ name }) => name === run.name);
    const known = before.find(({ name }) => name === run.name);
    if (!command) return [];
    const baseline: CheckRun = known ?? {
      name: run.name,
      outcome: 'not-run',
      exitCode: null,
      durationMs: 0,
      output: '',
    };
    const { verdict, reason, newFailures } = compareRuns(baseline, run);
    const output = saysNothing(run) ? '' : tellingPart(run.output, newFailures, SHOWN);
    const said = [run.cut, run.note].filter((text) => text !== undefined && !reason.includes(text));
    return [
      {
        name: run.name,
        kind: command.kind,
        ...(known ? { before: known.outcome } : {}),
        outcome: run.outcome,
        verdict,
        reason: [reason, ...said].join(' '),
        newFailures,
        durationMs: run.durationMs,
        output,
      },
    ];
  });
}

/**
 * What a task is compared with: the workspace before the run, and what the tasks it builds on have left failing. It is
 * not asked to mend what others broke.
 */
export function withInherited(baseline: readonly CheckRun[], left: readonly (readonly CheckRun[])[]): CheckRun[] {
  return baseline.map((run) => {
    const others = left.flatMap((runs) => runs.filter(({ name }) => name === run.name));
    return others.reduce(worse, run);
  });
}

function worse(a: CheckRun, b: CheckRun): CheckRun {
  if (b.outcome === 'passed' || b.outcome === 'not-run' || a.outcome === 'not-run') return a;
  if (a.outcome === 'passed') return b;
  if (a.outcome !== 'failed' || b.outcome !== 'failed' || !a.failures || !b.failures) return a;
  return { ...a, failures: [...new Set([...a.failures, ...b.failures])] };
}
