import type { Store } from '../../../workflow/engine/store.ts';
import { PlanwrightError } from '../../../workflow/errors.ts';
import { recordCheckpoint, recordRestore } from '../../../workflow/phases/checkpoint.ts';
import type { Checkpoint, Checkpoints } from '../../../workflow/ports.ts';
import type { NodeWorkspace } from '../nodeWorkspace.ts';
import type { GitCheckpoints } from './checkpoints.ts';
import type { Restored, RestoreStep } from './restore.ts';

export interface RunCheckpointsOptions {
  readonly workspace: NodeWorkspace;
  readonly store: Store;
  /** The folder for index files of its own. */
  readonly temp: string;
  /** Why Git may not be used here, as a sentence; null when it may. */
  readonly restricted: () => string | null;
}

/** A restore that is prepared and not done. */
export interface PlannedRestore {
  readonly steps: readonly RestoreStep[];
  /** Keeps the present as a checkpoint of the run, then brings these files back. */
  apply(chosen: readonly RestoreStep[]): Promise<Restored>;
  /** Forgets about it. */
  drop(): Promise<void>;
}

/** The checkpoints of a workspace's runs. Git is loaded and looked for with the first one. */
export class RunCheckpoints implements Checkpoints {
  readonly #options: RunCheckpointsOptions;
  #git: Promise<GitCheckpoints> | undefined;

  constructor(options: RunCheckpointsOptions) {
    this.#options = options;
  }

  async unavailable(): Promise<string | null> {
    return this.#options.restricted() ?? (await this.#checkpoints()).unavailable();
  }

  async make(runId: string, reason: string): Promise<Checkpoint | null> {
    return this.#options.restricted() === null ? (await this.#checkpoints()).make(runId, reason) : null;
  }

  async forget(runId: string): Promise<void> {
    await (await this.#checkpoints()).forget(runId);
  }

  /** @throws PlanwrightError NOT_FOUND without a repository; STORAGE when Git refuses */
  async planRestore(runId: string, then: Checkpoint): Promise<PlannedRestore> {
    const { workspace, store } = this.#options;
    const why = await this.unavailable();
    if (why !== null) throw new PlanwrightError('NOT_FOUND', why);
    const checkpoints = await this.#checkpoints();
    const { restore, restoreSteps } = await import('./restore.ts');
    const now = await checkpoints.make(runId, `before restoring ${then.id}`);
    if (!now) throw new PlanwrightError('NOT_FOUND', 'This folder is not in a Git repository any more.');
    return {
      steps: await restoreSteps(checkpoints, then, now),
      async apply(chosen) {
        recordCheckpoint(store, runId, now);
        const restored = await restore(checkpoints, workspace, then, chosen);
        recordRestore(store, runId, then, restored);
        return restored;
      },
      drop: () => checkpoints.forget(runId, now.id),
    };
  }

  async dispose(): Promise<void> {
    await (await this.#git)?.dispose();
  }

  #checkpoints(): Promise<GitCheckpoints> {
    const { workspace, temp } = this.#options;
    this.#git ??= import('./checkpoints.ts').then(
      ({ GitCheckpoints }) => new GitCheckpoints({ workspace: workspace.root, temp }),
    );
    return this.#git;
  }
}
