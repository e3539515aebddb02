import { dirname, join } from 'node:path';
import type { RunTrigger } from '../../workflow/engine/events.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import type { Input } from '../../workflow/schemas.ts';
import { createApi } from '../http/api.ts';
import { announce, newToken } from '../http/discovery.ts';
import { serve as listen } from '../http/server.ts';
import { storeRunService } from '../http/storeRunService.ts';
import { systemClock } from '../node/systemClock.ts';
import { RunFeed } from '../runFeed.ts';
import { type Engine, openEngine, prepare, settings } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import type { Flags } from './options.ts';
import { openTriggers, readTriggerFile, type ServedTriggers } from './serveTriggers.ts';
import { onStopSignals } from './stopSignals.ts';
import { withTelemetry } from './telemetry.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** How often to look for a run whose process has died, in milliseconds. */
const TAKE_OVER_MS = 2000;

/** Serves the HTTP API of a workspace until it is told to stop; its runs can be resumed then. */
export async function serve(_id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const port = portOf(flags);
  const prepared = prepare(flags, process.env, true);
  const definitions = flags.triggers === undefined ? undefined : await readTriggerFile(flags.triggers);
  const engine = openEngine(prepared, terminal);
  const feed = new RunFeed(engine.store);
  let triggers: ServedTriggers | undefined;
  try {
    const model = engine.useModel(null).label;
    const token = process.env.PLANWRIGHT_TOKEN?.trim() || newToken();
    const onInternal = (error: unknown) => terminal.note(visible(String(error)));
    const service = storeRunService({
      store: engine.store,
      runner: engine.runner,
      book: engine.book,
      feed,
      keys: engine.idempotencyKeys,
      clock: systemClock,
      about: () => ({ model: needed(model), workspace: engine.workspace.name }),
      concurrency: () => settings.concurrency,
    });
    const metricsText = () => engine.metrics.prometheus();
    const start = (input: Input, trigger: RunTrigger, alongside: (runId: string) => void) =>
      engine.runner.start(input, { model: needed(model), workspace: engine.workspace.name, trigger }, alongside).id;
    const log = (text: string) => terminal.note(visible(text));
    triggers = definitions && openTriggers({ engine, feed, start, log }, definitions);
    const api = createApi({
      service,
      token,
      metricsText,
      onInternal,
      ...(triggers ? { triggers: triggers.host } : {}),
    });
    const server = await listen(api, { port, onInternal });
    const file = join(dirname(engine.database), 'server.json');
    const stopped = untilStopped(); // From here on, so that what is announced is always taken back.
    let takeBack = async () => {};
    try {
      takeBack = await announce(file, { port: server.port, token, workspace: engine.workspace.root });
      // Nothing fires before it is sure that no other process serves here.
      await triggers?.begin();
      terminal.note(
        `Serving ${engine.workspace.root} at http://127.0.0.1:${server.port}; ${file} has the token. Ctrl-C ends it.`,
      );
      const taking = setInterval(() => void takeOver(engine).catch(onInternal), TAKE_OVER_MS);
      await withTelemetry(engine, terminal, () => stopped).finally(() => clearInterval(taking));
    } finally {
      await takeBack();
      await server.close();
    }
    return exitCodes.completed;
  } finally {
    await triggers?.dispose();
    feed.dispose();
    await engine.close();
  }
}

async function takeOver({ runner, book }: Engine): Promise<void> {
  for (const { id } of runner.interrupted()) {
    await book.recover(id);
    runner.resume(id);
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const signals = onStopSignals({
      cancel: () => resolve(),
      letGo: () => {
        signals.dispose();
        resolve();
      },
    });
  });
}

function portOf({ port = '0' }: Flags): number {
  const number = Number(port);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new PlanwrightError('INVALID_INPUT', `“${port}” is not a port.`, {
    hint: 'Use 0 (any that is free) to 65535.',
  });
}

function needed(model: string): string {
  if (model !== '') return model;
  throw new PlanwrightError('NO_MODEL', 'No model is chosen.', {
    hint: 'Start the server with --model, or with PLANWRIGHT_MODEL in its environment.',
  });
}
