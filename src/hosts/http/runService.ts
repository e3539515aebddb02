import type { Decision, Gate, StoredEvent } from '../../workflow/engine/events.ts';
import type { RunRecord } from '../../workflow/engine/store.ts';
import type { RunView } from '../../workflow/runState.ts';
import type { Input, PhaseName, Proposal, Status } from '../../workflow/schemas.ts';

/**
 * What the HTTP API needs from whoever runs workflows. Every call that names a run throws PlanwrightError NOT_FOUND
 * for one that does not exist; CONFLICT says that the run's state does not allow the call, RUN_BUSY that another
 * process runs it.
 */
export interface RunService {
  /**
   * Starts a run, or answers the one that was started under the same key.
   * @returns the run's id
   * @throws PlanwrightError INVALID_INPUT when the key was used with another input
   */
  start(input: Input, options?: { readonly idempotencyKey?: string | undefined }): string;
  /** Newest first. */
  listRuns(): readonly RunRecord[];
  /** The run as it is now, or as one of its attempts ended. @throws PlanwrightError NOT_FOUND for one it has not */
  view(runId: string, attempt?: number): RunView;
  status(runId: string): Status;
  /** The proposals of the current attempt as they are now, texts included. */
  proposals(runId: string): readonly Proposal[];
  /** At most `limit` events after `afterSeq`, in order. */
  events(runId: string, afterSeq: number, limit: number): readonly StoredEvent[];
  /** Hears of every event of every run, those of other processes included; answers how to stop. */
  subscribe(listener: (stored: StoredEvent) => void): () => void;
  /** @throws PlanwrightError CONFLICT for a completed run | RUN_BUSY */
  cancel(runId: string): Promise<void>;
  /** @throws PlanwrightError CONFLICT for an ended run | RUN_BUSY */
  pause(runId: string): Promise<void>;
  /** @throws PlanwrightError CONFLICT for a completed run | RUN_BUSY */
  resume(runId: string): Promise<void>;
  /** @throws PlanwrightError RUN_BUSY */
  restart(runId: string, from: PhaseName): Promise<void>;
  openGates(runId: string): readonly Gate[];
  /** @throws PlanwrightError NOT_FOUND | CONFLICT when it was decided before | INVALID_INPUT */
  decideGate(runId: string, gateId: string, decision: Decision): void;
}
