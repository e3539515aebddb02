import type { TriggerKind } from '../../workflow/triggers/definition.ts';
import type { Delivery } from '../../workflow/triggers/webhook.ts';

/** A trigger as programs and people see it. Times in milliseconds since the epoch. */
export interface TriggerState {
  readonly id: string;
  readonly kind: TriggerKind;
  readonly enabled: boolean;
  readonly accept: 'ask' | 'all';
  /** Requests of it that wait. */
  readonly waiting: number;
  /** The last time it fired, whatever came of it. */
  readonly last: {
    readonly at: number;
    readonly cause: string;
    readonly outcome: 'queued' | 'started' | 'skipped';
    /** Why it was skipped. */
    readonly reason: string | null;
    readonly run: string | null;
  } | null;
  /** When it runs next, for a schedule. */
  readonly nextAt: number | null;
  /** Why it cannot fire at all now, as for a webhook without a secret. */
  readonly problem: string | null;
}

/** What became of what a trigger was asked for. */
export type TriggerAnswer =
  | { readonly outcome: 'started' | 'queued'; readonly run: string | null }
  | { readonly outcome: 'ignored'; readonly reason: string }
  | {
      readonly outcome: 'skipped';
      readonly reason: string /** When to try again, if time helps. */;
      readonly retryAt?: number;
    };

/** The triggers of one workspace, for the HTTP API. */
export interface TriggerService {
  list(): Promise<readonly TriggerState[]>;
  /**
   * Runs a trigger now, in person.
   * @throws PlanwrightError NOT_FOUND | CONFLICT for one that only its event can fill with what it needs
   */
  run(id: string): Promise<TriggerAnswer>;
  /**
   * Takes what was posted to a webhook.
   * @throws PlanwrightError UNAUTHORIZED, also when there is no such webhook | CONFLICT for a replay | INVALID_INPUT
   */
  receive(id: string, delivery: Delivery): Promise<TriggerAnswer>;
}
