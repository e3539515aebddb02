import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../workflow/engine/store.ts';
import { PlanwrightError } from '../../../workflow/errors.ts';
import { recordCheckpoint, recordRestore } from '../../../workflow/phases/checkpoint.ts';
import type { Checkpoint, Checkpoints } from '../../../workflow/ports.ts';
import type { NodeWorkspace } from '../nodeWorkspace.ts';
import type { GitCheckpoints } from './checkpoints.ts';
import type { Left, Restored, RestoreStep } from './restore.ts';

export interface RunCheckpointsOptions {
  readonly workspace: NodeWorkspace;
  readonly store: Store;
  /** The folder for scratch files of its own. */
  readonly temp: string;
  /** Why Git may not be used here, as a sentence; null when it may. */
  readonly restricted: () => string | null;
  /** Whether runs make checkpoints; those that are there can be restored all the same. */
  readonly enabled: () => boolean;
}

/** A restore that is prepared and not done. */
export interface PlannedRestore {
  readonly steps: readonly RestoreStep[];
  /** What differs too, and stays as it is. */
  readonly left: readonly Left[];
  /** The absolute path of a copy of a file as it was. @throws PlanwrightError NOT_FOUND */
  fileOf(path: string): Promise<string>;
  /** What would change in these files, as `git diff` shows it. */
  patch(chosen: readonly RestoreStep[]): Promise<string>;
  /**
   * Keeps the present as a checkpoint of the run, then brings these files back. One that has changed since the restore
   * was planned stays as it is.
   * @throws PlanwrightError STORAGE when the present cannot be kept; nothing is changed then
   */
  apply(chosen: readonly RestoreStep[]): Promise<Restored>;
  /** Forgets about it; after {@link apply} too. */
  drop(): Promise<void>;
}

/** The checkpoints of a workspace's runs. Git is loaded and looked for with the first one. */
export class RunCheckpoints implements Checkpoints {
  readonly #options: RunCheckpointsOptions;
  #git: Promise<GitCheckpoints> | undefined;

  constructor(options: RunCheckpointsOptions) {
    this.#options = options;
  }

  get enabled(): boolean {
    return this.#options.enabled();
  }

  async unavailable(): Promise<string | null> {
    return this.#options.restricted() ?? (await this.#checkpoints()).unavailable();
  }

  async make(runId: string, reason: string): Promise<Checkpoint | null> {
    const { restricted, enabled } = this.#options;
    return enabled() && restricted() === null ? (await this.#checkpoints()).make(runId, reason) : null;
  }

  async forget(runId: string): Promise<void> {
    await (await this.#checkpoints()).forget(runId);
  }

  /** @throws PlanwrightError NOT_FOUND without a repository; STORAGE when Git refuses */
  async planRestore(runId: string, then: Checkpoint): Promise<PlannedRestore> {
    const { workspace, store, temp } = this.#options;
    const why = await this.unavailable();
    if (why !== null) throw new PlanwrightError('NOT_FOUND', why);
    const checkpoints = await this.#checkpoints();
    const [{ checkOut, differences, isKept, patchOf }, { restore, restoreSteps }] = await Promise.all([
      import('./checkpointTree.ts'),
      import('./restore.ts'),
    ]);
    const present = async (): Promise<Checkpoint> => {
      const made = await checkpoints.make(runId, `before restoring ${then.id}`);
      if (made) return made;
      throw new PlanwrightError('NOT_FOUND', 'This folder is not in a Git repository any more.');
    };
    if (!(await isKept(workspace.root, then))) {
      throw new PlanwrightError('NOT_FOUND', `Checkpoint ${then.id} is not in the repository any more.`, {
        hint: 'Its ref under refs/planwright/ was removed, or the repository was cloned anew. Choose another.',
      });
    }
    const seen = await present();
    const folder = join(temp, `restore-${randomUUID()}`);
    let isSeenKept = true;
    const forgetSeen = async () => {
      if (isSeenKept) await checkpoints.forget(runId, seen.id);
      isSeenKept = false;
    };
    const drop = async () => {
      await forgetSeen();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      const found = await differences(workspace.root, then, seen);
      const { steps, left } = restoreSteps(found);
      await mkdir(folder, { recursive: true });
      const wanted = steps.filter((step) => step.then !== null).map(({ path }) => path);
      const attributesOfThen = found.some(({ name }) => /(^|\/)\.gitattributes$/.test(name));
      const checkedOut = await checkOut(workspace.root, then, wanted, folder, attributesOfThen);
      return {
        steps,
        left,
        fileOf: (path) => checkedOut.fileOf(path),
        patch: (chosen) => {
          const paths = chosen.map(({ path }) => path);
          return paths.length === 0 ? Promise.resolve('') : patchOf(workspace.root, seen, then, paths);
        },
        async apply(chosen) {
          await forgetSeen(); // Its number goes to what is the present by now.
          const now = await present();
          recordCheckpoint(store, runId, now);
          const drifted = new Set((await differences(workspace.root, seen, now)).map(({ path }) => path));
          const ready = chosen.filter(({ path }) => !drifted.has(path));
          const { paths, failed } = await restore(workspace, checkedOut, ready);
          const changed = chosen.filter((step) => !ready.includes(step));
          const why = 'it has changed since you looked; restore again to see what it is now';
          const restored = { paths, failed: [...failed, ...changed.map(({ path }) => ({ path, why }))] };
          recordRestore(store, runId, then, restored);
          return restored;
        },
        drop,
      };
    } catch (error) {
      await drop();
      throw error;
    }
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
