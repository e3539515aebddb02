import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createModels } from '../../models/factory.ts';
import { mapProviderError } from '../../models/providerErrors.ts';
import { Budget } from '../../workflow/agents/budget.ts';
import { defaultContextTokens } from '../../workflow/agents/contextBudget.ts';
import { defaultStepLimit } from '../../workflow/agents/stepLimit.ts';
import { ProposalBook } from '../../workflow/edits/proposalBook.ts';
import { type Damage, openDatabase } from '../../workflow/engine/database.ts';
import type { LiveEvent } from '../../workflow/engine/events.ts';
import { type IdempotencyKeys, idempotencyKeys } from '../../workflow/engine/idempotency.ts';
import { defaultRetryPolicy } from '../../workflow/engine/retry.ts';
import { Runner } from '../../workflow/engine/runner.ts';
import { Statements } from '../../workflow/engine/statements.ts';
import { type RunRecord, Store } from '../../workflow/engine/store.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { Outbox } from '../../workflow/hooks/outbox.ts';
import { Metrics } from '../../workflow/metrics/metrics.ts';
import { beforeFirstWrite } from '../../workflow/phases/checkpoint.ts';
import type { WorkflowSettings } from '../../workflow/phases/context.ts';
import type { Models } from '../../workflow/ports.ts';
import { defaultWeights } from '../../workflow/review/criteria.ts';
import type { Output } from '../../workflow/schemas.ts';
import { TriggerStore } from '../../workflow/triggers/triggerStore.ts';
import { implementationWorkflow } from '../../workflow/workflow.ts';
import { CapabilitiesFile } from '../node/capabilitiesFile.ts';
import { RememberedChecks } from '../node/checks/rememberedChecks.ts';
import { cacheKeyOf, databasePath } from '../node/databasePath.ts';
import { GitCommits } from '../node/git/commits.ts';
import { RunCheckpoints } from '../node/git/runCheckpoints.ts';
import { LearnedFile } from '../node/learnedFile.ts';
import { NodeWorkspace } from '../node/nodeWorkspace.ts';
import { processOwner } from '../node/owner.ts';
import { proxyFetch } from '../node/proxyFetch.ts';
import { packagedRipgrep } from '../node/ripgrep.ts';
import { systemClock } from '../node/systemClock.ts';
import { type AskedFor, askedFor } from './askedFor.ts';
import { dataFolder } from './dataFolder.ts';
import { keysOf } from './keys.ts';
import type { Flags } from './options.ts';
import type { Terminal } from './terminal.ts';
import { oneLine } from './visible.ts';

/** As the editor's settings are by default; the developer approves each plan, or `--accept` does. */
export const settings: WorkflowSettings = {
  weights: defaultWeights,
  threshold: 80,
  maxRounds: 3,
  approvePlan: true,
  askQuestions: true,
  reviewers: 1,
  concurrency: 3,
  stepLimit: defaultStepLimit,
  checks: { run: 'ask', mendings: 3 },
};

const modelTimeoutMs = 120_000;

/** What hears of things that have no place in the event log. */
export interface EngineListeners {
  readonly onLive?: (live: LiveEvent) => void;
  readonly onUnrecorded?: (runId: string, error: PlanwrightError) => void;
}

/** The engine over one folder, wired to the disk. */
export interface Engine {
  readonly workspace: NodeWorkspace;
  readonly database: string;
  /** The connection of `store`. */
  readonly db: DatabaseSync;
  readonly store: Store;
  readonly book: ProposalBook;
  readonly checkpoints: RunCheckpoints;
  readonly runner: Runner<Output>;
  readonly ownerId: string;
  readonly metrics: Metrics;
  /** By way of the proxies that the environment names. */
  readonly fetch: typeof fetch;
  readonly idempotencyKeys: IdempotencyKeys;
  /** What triggers did and remember. */
  readonly triggers: TriggerStore;
  /** What outbound hooks are to be told. */
  readonly outbox: Outbox;
  /** Which model new calls go to; a run goes on with its own unless another is named. */
  useModel(id: string | null): Models;
  /** @throws PlanwrightError NOT_FOUND */
  require(id: string): RunRecord;
  close(): Promise<void>;
}

/** All that an engine is made of, before anything is opened or made. */
export interface Prepared extends Located {
  readonly flags: Flags;
  readonly env: NodeJS.ProcessEnv;
  readonly asked: AskedFor;
  readonly fetch: typeof fetch;
  /** @param id the model where neither the options nor the environment name one */
  modelsOf(id: string | null): Models;
}

/**
 * @param somebodyAnswers whether a gate about the workspace's checks may be opened, because somebody is there to decide it
 * @throws PlanwrightError NO_FOLDER | INVALID_INPUT | NO_MODEL for an option that cannot be used
 */
export function prepare(
  flags: Flags,
  env: NodeJS.ProcessEnv,
  somebodyAnswers = process.stdin.isTTY === true,
): Prepared {
  const located = locate(flags, env);
  const asked = askedFor(flags, env, somebodyAnswers);
  const { modelId, agentModels, parameters, baseUrl, demoSpeed } = asked;
  const memory = new CapabilitiesFile(located.storage);
  const fetch = proxyFetch(env);
  const modelsOf = (id: string | null) =>
    createModels({
      modelId: modelId ?? id,
      agentModels,
      parameters,
      memory,
      cacheKey: cacheKeyOf(located.folder),
      fetch,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      apiKey: keysOf(env, baseUrl),
      timeoutMs: modelTimeoutMs,
      demoSpeed,
      clock: systemClock,
    });
  return { ...located, flags, env, asked, fetch, modelsOf };
}

/**
 * @param terminal is told of a database that was damaged
 * @throws PlanwrightError NO_SQLITE | STORAGE | NEWER_DATABASE
 */
export function openEngine(
  prepared: Prepared,
  terminal: Pick<Terminal, 'note'>,
  listeners: EngineListeners = {},
): Engine {
  const { folder, database, flags, env, asked, fetch, modelsOf } = prepared;
  const { db, damage } = openDatabase(database);
  if (damage) terminal.note(oneLine(damageText(damage), 400));
  const workspace = new NodeWorkspace(folder, { ripgrep: packagedRipgrep });
  const store = new Store(db, systemClock);
  const budget = new Budget(asked.limits, asked.prices, store);
  const checkpoints = new RunCheckpoints({
    workspace,
    store,
    temp: join(dirname(database), 'checkpoints'),
    restricted: () => null,
    enabled: () => flags['no-checkpoints'] !== true,
  });
  const book = new ProposalBook(store, workspace, processOwner(), beforeFirstWrite(store, checkpoints));
  const learned = new LearnedFile(dirname(database), store);
  const checks = new RememberedChecks(
    join(dirname(database), 'checks.json'),
    () => null,
    async () => {
      const { NodeChecks } = await import('../node/checks/checkRunner.ts');
      return new NodeChecks({ workspace: folder, temp: join(dirname(database), 'scratch'), env });
    },
  );
  const ownerId = `cli@${hostname()}#${process.pid}-${randomBytes(3).toString('hex')}`;
  let models = modelsOf(null);
  const runner = new Runner<Output>({
    store,
    clock: systemClock,
    ownerId,
    ...listeners,
    workflow: (run, input) =>
      implementationWorkflow(run, input, {
        workspace,
        proposals: book,
        learned,
        checkpoints,
        commits: new GitCommits(folder, (branch, runId) => store.own.began(branch, runId)),
        checks,
        // With nobody there to answer, the planner's own defaults are taken and listed as assumptions.
        settings: {
          ...settings,
          commitPerTask: flags['commit-per-task'] === true,
          branch: flags.branch?.trim() ?? '',
          askQuestions: (flags.accept ?? 'ask') === 'ask' && process.stdin.isTTY === true,
          checks: { ...settings.checks, run: asked.checksToRun },
        },
        contextTokens: defaultContextTokens,
        retry: defaultRetryPolicy,
        idleTimeoutMs: modelTimeoutMs,
        clock: systemClock,
        mapError: mapProviderError,
        budget,
        models,
      }),
  });
  return {
    workspace,
    database,
    db,
    store,
    book,
    checkpoints,
    runner,
    ownerId,
    metrics: new Metrics(db, store, systemClock),
    fetch,
    idempotencyKeys: idempotencyKeys(db, systemClock),
    outbox: new Outbox(new Statements(db), store, systemClock),
    triggers: new TriggerStore(new Statements(db), systemClock),
    useModel(id) {
      models = modelsOf(id);
      return models;
    },
    require(id) {
      const run = store.getRun(id);
      if (run) return run;
      throw noRun(id);
    },
    async close() {
      await runner.stop();
      await checkpoints.dispose();
      book.dispose();
      db.close();
    },
  };
}

/** As {@link openEngine}, for commands that only look: undefined where no run was ever made. */
export function openExisting(
  flags: Flags,
  env: NodeJS.ProcessEnv,
  terminal: Pick<Terminal, 'note'>,
): Engine | undefined {
  const prepared = prepare(flags, env);
  return existsSync(prepared.database) ? openEngine(prepared, terminal) : undefined;
}

/** As {@link openExisting}, for commands about one run. @throws PlanwrightError NOT_FOUND */
export function openFor(
  id: string,
  flags: Flags,
  env: NodeJS.ProcessEnv,
  terminal: Pick<Terminal, 'note'>,
  listeners: EngineListeners = {},
): Engine {
  const prepared = prepare(flags, env);
  if (!existsSync(prepared.database)) throw noRun(id);
  return openEngine(prepared, terminal, listeners);
}

function damageText({ salvaged, setAside }: Damage): string {
  return `The database was damaged. ${salvaged.rows.runs ?? 0} runs could be read and are kept; the damaged file is ${setAside}.`;
}

function noRun(id: string): PlanwrightError {
  return new PlanwrightError('NOT_FOUND', `There is no run ${id} in this workspace.`, {
    hint: 'See “planwright list”, with the --workspace and --data-dir the run was started with.',
  });
}

interface Located {
  /** The workspace’s. */
  readonly folder: string;
  /** Of all workspaces. */
  readonly storage: string;
  readonly database: string;
}

function locate(flags: Flags, env: NodeJS.ProcessEnv): Located {
  const folder = workspaceFolder(flags.workspace ?? '.');
  const storage = dataFolder(flags['data-dir'], folder, { env, platform: process.platform, home: homedir() });
  return { folder, storage, database: databasePath(storage, folder) };
}

/** As the editor spells it, on which the database's path depends. */
function workspaceFolder(named: string): string {
  const folder = resolve(named);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return process.platform === 'win32' ? folder.replace(/^[A-Z]:/, (drive) => drive.toLowerCase()) : folder;
  }
  throw new PlanwrightError('NO_FOLDER', `There is no folder ${folder}.`, {
    hint: 'Name the workspace’s folder with --workspace.',
  });
}
