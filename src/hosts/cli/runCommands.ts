import { agentNames } from '../../workflow/engine/events.ts';
import type { PlanwrightError } from '../../workflow/errors.ts';
import { carryOut, type Going } from './carryOut.ts';
import { type Engine, type EngineListeners, openEngine, openFor, prepare } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import { readInput } from './inputFile.ts';
import { waitForLease } from './lease.ts';
import { acceptOf, type Flags, phaseOf } from './options.ts';
import { currentReview, outputText, planText, type Result } from './outcome.ts';
import { withTelemetry } from './telemetry.ts';
import type { Terminal } from './terminal.ts';
import { lastEvent, viewOf } from './views.ts';
import { visible } from './visible.ts';

/** The commands that work on a run until it ends or waits. Each answers the exit code. */

export async function run(_id: string, flags: Flags, terminal: Terminal): Promise<number> {
  acceptOf(flags);
  const input = await readInput(flags);
  const prepared = prepare(flags, process.env);
  // Says what is missing before a run is made that has to fail.
  for (const agent of agentNames) await prepared.modelsOf(null).for(agent);
  const { engine, unrecorded } = open((listeners) => openEngine(prepared, terminal, listeners));
  try {
    const models = engine.useModel(null);
    const about = { model: models.label, workspace: engine.workspace.name };
    return await withTelemetry(engine, terminal, () => {
      const { id, done } = engine.runner.start(input, about);
      return carryOut(engine, { id, done, since: 0 }, flags, terminal, unrecorded);
    });
  } finally {
    await engine.close();
  }
}

export function resume(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  return goOn(id, flags, terminal, async (engine) => {
    const view = viewOf(engine.store, id);
    const { status } = engine.require(id);
    const planned = flags['plan-only'] === true && view.phases.implementation.state !== 'pending';
    if (status !== 'completed' && !planned) return engine.runner.resume(id);
    terminal.note(planned ? `Run ${id} is beyond its plan and was not resumed.` : `Run ${id} was completed before.`);
    if (flags.json) {
      const plan = planned ? { plan: view.plan, review: currentReview(view) ?? null } : {};
      const { output, error, usage } = view;
      terminal.print(
        JSON.stringify({ type: 'result', id, status, output, error, usage, waitsFor: [], ...plan } satisfies Result),
      );
    } else if (planned) terminal.print(visible(planText(view)));
    else if (view.output) terminal.print(visible(outputText(view.output)));
    return undefined;
  });
}

export function restart(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const from = phaseOf(flags);
  return goOn(id, flags, terminal, (engine) => engine.runner.restart(id, from));
}

async function goOn(
  id: string,
  flags: Flags,
  terminal: Terminal,
  begin: (engine: Engine) => Promise<{ readonly done: Promise<void> } | undefined>,
): Promise<number> {
  acceptOf(flags);
  const { engine, unrecorded } = open((listeners) => openFor(id, flags, process.env, terminal, listeners));
  try {
    engine.useModel(engine.require(id).model);
    await waitForLease(engine, id, (text) => terminal.note(text));
    await engine.book.recover(id);
    const since = lastEvent(engine.store, id);
    return await withTelemetry(engine, terminal, async () => {
      const going = await begin(engine);
      if (going === undefined) return exitCodes.completed;
      const { done } = going satisfies Pick<Going, 'done'>;
      return carryOut(engine, { id, done, since }, flags, terminal, unrecorded);
    });
  } finally {
    await engine.close();
  }
}

function open(opening: (listeners: EngineListeners) => Engine): {
  engine: Engine;
  unrecorded: () => PlanwrightError | undefined;
} {
  let failure: PlanwrightError | undefined;
  const engine = opening({
    onUnrecorded: (_runId, error) => {
      failure = error;
    },
  });
  return { engine, unrecorded: () => failure };
}
