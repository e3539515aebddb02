import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { RunTrigger } from '../../workflow/engine/events.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { type Hook, readHooks } from '../../workflow/hooks/hook.ts';
import type { Input } from '../../workflow/schemas.ts';
import { readTriggers, type Trigger, type TriggerOf } from '../../workflow/triggers/definition.ts';
import { isFor } from '../../workflow/triggers/isFor.ts';
import type { Occurrence } from '../../workflow/triggers/occurrence.ts';
import { Courier } from '../hooks/courier.ts';
import { watchBranches } from '../node/branchWatch.ts';
import { watchSaves } from '../node/saveWatch.ts';
import { systemClock } from '../node/systemClock.ts';
import type { RunFeed } from '../runFeed.ts';
import { TriggerHost } from '../triggers/triggerHost.ts';
import type { Engine } from './engine.ts';

/** The triggers of “planwright serve”: defined by a file, their secrets in the environment. */

export interface ServedTriggers {
  readonly host: TriggerHost;
  /** Lets them fire from now on. */
  begin(): Promise<void>;
  dispose(): Promise<void>;
}

/** What a file defines. */
export interface Automation {
  readonly triggers: readonly Trigger[];
  readonly hooks: readonly Hook[];
}

/** @throws PlanwrightError INVALID_INPUT that says all that is wrong */
export async function readTriggerFile(file: string): Promise<Automation> {
  const value = jsonIn(file);
  const list = Array.isArray(value) ? value : (value as { triggers?: unknown } | null)?.triggers;
  const { triggers, problems: ofTriggers } = readTriggers(list);
  const { hooks, problems: ofHooks } = readHooks((value as { hooks?: unknown } | null)?.hooks);
  const schedules = triggers.filter((trigger): trigger is TriggerOf<'schedule'> => trigger.kind === 'schedule');
  const problems = [...ofTriggers, ...ofHooks];
  if (schedules.length > 0) {
    const { scheduleProblems } = await import('../../workflow/triggers/schedule.ts');
    problems.push(...scheduleProblems(schedules).values());
  }
  if (problems.length === 0) return { triggers, hooks };
  throw unusable(file, problems);
}

export function openTriggers(
  {
    engine,
    feed,
    start,
    log,
  }: {
    readonly engine: Engine;
    readonly feed: RunFeed;
    readonly start: (input: Input, trigger: RunTrigger, alongside: (runId: string) => void) => string;
    readonly log: (text: string) => void;
  },
  { triggers: definitions, hooks }: Automation,
): ServedTriggers {
  const { store, workspace, book, runner, triggers: memory } = engine;
  const secret = async (id: string) => process.env[secretName(id)]?.trim() || undefined;
  const host = new TriggerHost({
    store,
    memory,
    clock: systemClock,
    feed,
    workspace,
    book,
    runner,
    start,
    secret,
    log,
  });
  const here = definitions.filter(
    ({ workspace: folder }) => folder === undefined || isFor(folder, workspace.root, homedir()),
  );
  const occurred = (occurrence: Occurrence) => host.occurred(occurrence);
  const has = (kind: Trigger['kind']) => here.some((trigger) => trigger.kind === kind && trigger.enabled);
  const hookSecret = async (id: string) => process.env[secretName(id, 'HOOK')]?.trim() || undefined;
  const { outbox, fetch } = engine;
  const courier = new Courier({ store, outbox, clock: systemClock, secret: hookSecret, fetch, log });
  let stops: readonly (() => void)[] = [];
  return {
    host,
    async begin() {
      courier.use(hooks); // First: they hear of the runs that triggers start at once.
      await host.use(here); // Their schedules were looked at when the file was read.
      for (const { id, problem } of await host.list()) {
        if (problem !== null) log(`Trigger ${id}: ${problem}; set ${secretName(id)}.`);
      }
      for (const { id, kind } of here) {
        if (kind === 'diagnostics' || kind === 'task-failed')
          log(`Trigger ${id}: ${kind} is for the editor; it does not fire here.`);
      }
      stops = [
        ...(has('branch') ? [watchBranches(workspace.root, { store, memory }, occurred)] : []),
        ...(has('file-saved') ? [watchSaves(workspace, occurred, log)] : []),
      ];
    },
    async dispose() {
      await courier.dispose();
      for (const stop of stops) stop();
      host.dispose();
    },
  };
}

/** The environment variable with the secret of a webhook, or of an outbound hook. */
export function secretName(id: string, of: 'TRIGGER' | 'HOOK' = 'TRIGGER'): string {
  return `PLANWRIGHT_${of}_SECRET_${id.toUpperCase().replaceAll('-', '_')}`;
}

function unusable(file: string, problems: readonly string[]): PlanwrightError {
  return new PlanwrightError('INVALID_INPUT', `${file}: ${problems.join(' ')}`, { hint: 'See docs/triggers.md.' });
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PlanwrightError('INVALID_INPUT', `${file} cannot be read as JSON: ${(error as Error).message}`, {
      hint: 'Name a JSON file with a list of triggers.',
    });
  }
}
