import { z } from 'zod';
import { checkRunSchema, type MeasuredRun } from '../../checks/checks.ts';
import { changedLineCoverage, mergeCoverage } from '../../checks/coverage.ts';
import { worthKeeping } from '../../checks/outcomes.ts';
import { resultsOf } from '../../checks/results.ts';
import { diffHunks } from '../../edits/hunks.ts';
import type { CoverageFigure } from '../../engine/events.ts';
import type { Run } from '../../engine/run.ts';
import { asPlanwrightError, inWords } from '../../errors.ts';
import { say } from '../../words/say.ts';
import type { WorkflowPorts } from '../context.ts';
import { refusalNow } from './permission.ts';
import type { Ground, RunChecks } from './runChecks.ts';

const closingSchema = z.union([
  z.object({
    runs: z.array(checkRunSchema),
    overall: z.number().nullable(),
    changedLines: z.number().nullable(),
    reason: z.string().nullable(),
  }),
  z.object({ skipped: z.string() }),
]);
type Closing = z.infer<typeof closingSchema>;

/** All checks once more on what the developer has accepted, and how much of it the tests ran. Percent of lines, or null. */
export async function closingChecks(
  run: Run,
  round: number,
  checks: RunChecks,
  ports: WorkflowPorts,
): Promise<number | null> {
  const ground = await checks.ground();
  const unmeasured = (reason: string): null => {
    run.emit({ type: 'coverage.measured', coverage: { overall: null, changedLines: null, reason } });
    return null;
  };
  if (ground.reason !== null) return unmeasured(ground.reason);
  const anything = await run.step('accepted', z.boolean(), async () =>
    ports.proposals
      .list(run.id, run.attempt)
      .some(({ hunks }) => hunks.some(({ decision }) => decision === 'accepted')),
  );
  if (!anything) {
    const reason = say`Nothing was accepted, so there is nothing to check.`;
    run.emit({ type: 'check.skipped', reason });
    return unmeasured(reason);
  }

  const { commands, baseline } = ground;
  run.emit({ type: 'check.started', round, names: commands.map(({ name }) => name) });
  const closing = await run.step('checks', closingSchema, (signal) => perform(run, ground, ports, signal), {
    input: { commands },
  });
  if ('skipped' in closing) {
    run.emit({ type: 'check.skipped', reason: closing.skipped });
    return unmeasured(closing.skipped);
  }
  run.emit({ type: 'check.completed', round, results: resultsOf(commands, baseline, closing.runs) });
  const { overall, changedLines, reason } = closing;
  const coverage: CoverageFigure = { overall, changedLines, ...(reason === null ? {} : { reason }) };
  run.emit({ type: 'coverage.measured', coverage });
  return overall;
}

async function perform(run: Run, { commands }: Ground, ports: WorkflowPorts, signal: AbortSignal): Promise<Closing> {
  const refused = refusalNow(ports);
  if (refused !== null) return { skipped: refused };
  try {
    const measured = await (await ports.checks.checks()).measure(commands, new Map(), signal);
    const runs = measured.map((one) => worthKeeping(one.run));
    return { runs, ...figuresOf(measured, await changedLinesOf(run, ports)) };
  } catch (error) {
    const failure = asPlanwrightError(error);
    if (failure.code === 'CANCELLED') throw error;
    return { skipped: inWords(failure) };
  }
}

/** What the reports of all checks together say. */
export function figuresOf(
  measured: readonly MeasuredRun[],
  changed: ReadonlyMap<string, readonly number[]>,
): { overall: number | null; changedLines: number | null; reason: string | null } {
  const reports = measured.flatMap(({ coverage }) => coverage ?? []);
  if (reports.length === 0) {
    return {
      overall: null,
      changedLines: null,
      reason: say`None of the checks that ran has a way to measure coverage.`,
    };
  }
  const coverage = mergeCoverage(reports);
  return {
    overall: coverage.overall,
    changedLines: coverage.overall === null ? null : changedLineCoverage(coverage, changed),
    reason: coverage.reason ?? null,
  };
}

/** The lines, from 1, that files have now and did not have before the run, of those it has touched. */
async function changedLinesOf(run: Run, { proposals, workspace }: WorkflowPorts): Promise<Map<string, number[]>> {
  const before = new Map<string, string>();
  for (const { path, from, base } of proposals.asMade(run.id, run.attempt)) {
    if (!before.has(path)) before.set(path, before.get(from ?? path) ?? base.text);
  }
  const changed = new Map<string, number[]>();
  for (const [path, text] of before) {
    const now = await workspace.read(path).catch(() => null);
    if (!now) continue;
    const lines = diffHunks(text, now.text).flatMap(({ newRange: { start, count } }) =>
      Array.from({ length: count }, (_, index) => start + index + 1),
    );
    if (lines.length > 0) changed.set(path, lines);
  }
  return changed;
}
