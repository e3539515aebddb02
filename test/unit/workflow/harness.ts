import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { LearnedFile } from '../../../src/hosts/node/learnedFile.ts';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { processOwner } from '../../../src/hosts/node/owner.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { createDemoModel } from '../../../src/models/demo/demoModel.ts';
import { mapProviderError } from '../../../src/models/providerErrors.ts';
import { unlimited } from '../../../src/workflow/agents/budget.ts';
import { defaultContextTokens } from '../../../src/workflow/agents/contextBudget.ts';
import { ProposalBook } from '../../../src/workflow/edits/proposalBook.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import type { AgentName } from '../../../src/workflow/engine/events.ts';
import { defaultRetryPolicy } from '../../../src/workflow/engine/retry.ts';
import { Runner } from '../../../src/workflow/engine/runner.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import type { PlanwrightError } from '../../../src/workflow/errors.ts';
import type { WorkflowSettings } from '../../../src/workflow/phases/context.ts';
import type { AllowedChecks, Clock, Commits, EditorProblems, Workspace } from '../../../src/workflow/ports.ts';
import { defaultWeights } from '../../../src/workflow/review/criteria.ts';
import { type RunView, reduceAll, replay } from '../../../src/workflow/runState.ts';
import type { Output } from '../../../src/workflow/schemas.ts';
import { implementationWorkflow } from '../../../src/workflow/workflow.ts';

export interface HarnessOptions {
  readonly folder: string;
  readonly database: string;
  readonly model?: (agent: AgentName) => LanguageModelV4;
  readonly settings?: Partial<WorkflowSettings>;
  /** Hears of each model call before it is made. */
  readonly onCall?: (agent: AgentName) => void;
  /** Puts something between the store and its database. */
  readonly wrapDatabase?: (db: DatabaseSync) => DatabaseSync;
  /** Puts something between the proposals and the files. */
  readonly wrapWorkspace?: (workspace: Workspace) => Workspace;
  readonly clock?: Clock;
  /** Without them no check runs. */
  readonly checks?: AllowedChecks;
  readonly editor?: EditorProblems;
  /** Without them nothing is committed. */
  readonly commits?: Commits;
  readonly onUnrecorded?: (runId: string, error: PlanwrightError) => void;
}

const noChecks: AllowedChecks = {
  refusal: () => 'This test runs no checks.',
  checks: () => Promise.reject(new Error('No check was to run.')),
  remembered: async () => null,
  remember: async () => {},
};

/** The whole workflow in plain Node: real files, a real database, a recorded or scripted model. */
export function openHarness({
  folder,
  database,
  model,
  settings,
  onCall,
  wrapDatabase = (db) => db,
  wrapWorkspace = (workspace) => workspace,
  clock = systemClock,
  checks = noChecks,
  editor,
  commits,
  onUnrecorded,
}: HarnessOptions) {
  const { db } = openDatabase(database);
  const store = new Store(wrapDatabase(db), clock);
  const workspace = wrapWorkspace(new NodeWorkspace(folder));
  const book = new ProposalBook(store, workspace, processOwner());
  const learned = new LearnedFile(dirname(database), store);
  const demo = (agent: AgentName) => createDemoModel({ agent, speed: 0, clock: systemClock });
  const runner = new Runner<Output>({
    store,
    clock,
    ...(onUnrecorded ? { onUnrecorded } : {}),
    ownerId: `harness-${process.pid}-${Math.random()}`,
    workflow: (run, input) =>
      implementationWorkflow(run, input, {
        workspace,
        proposals: book,
        learned,
        checks,
        ...(editor ? { editor } : {}),
        ...(commits ? { commits } : {}),
        settings: {
          weights: defaultWeights,
          threshold: 80,
          maxRounds: 3,
          approvePlan: true,
          askQuestions: true,
          reviewers: 1,
          concurrency: 3,
          stepLimit: 40,
          checks: { run: 'ask', mendings: 3, editor: true },
          ...settings,
        },
        retry: defaultRetryPolicy,
        idleTimeoutMs: 10_000,
        contextTokens: defaultContextTokens,
        clock,
        budget: unlimited,
        mapError: mapProviderError,
        models: { label: 'test', for: async (agent) => counted((model ?? demo)(agent), () => onCall?.(agent)) },
      }),
  });
  const viewOf = (runId: string): RunView => {
    const view = replay(store.events(runId, 0));
    if (!view) throw new Error('The run has no events.');
    return view;
  };
  return {
    store,
    book,
    runner,
    workspace,
    learned,
    view: viewOf,
    /** Resolves once `condition` holds; fails when the run ends first. */
    async until(runId: string, condition: (view: RunView) => boolean): Promise<RunView> {
      let view: RunView | null = null;
      for (;;) {
        // Only what is new: reading all of it each time takes the processor from the run that is waited for.
        view = reduceAll(view, store.events(runId, view?.seq ?? 0));
        if (!view) throw new Error('The run has no events.');
        if (condition(view)) return view;
        if (view.status === 'failed') throw new Error(`The run failed: ${JSON.stringify(view.error)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async close() {
      await runner.stop();
      book.dispose();
      db.close();
    },
  };
}

function counted(model: LanguageModelV4, onCall: () => void): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => {
      onCall();
      return model.doGenerate(options);
    },
    doStream: (options) => {
      onCall();
      return model.doStream(options);
    },
  };
}
