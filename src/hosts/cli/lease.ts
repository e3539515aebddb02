import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { PlanwrightError } from '../../workflow/errors.ts';
import { processOwner } from '../node/owner.ts';
import type { Engine } from './engine.ts';

/** Longer than a lease lasts without its heartbeat, in milliseconds. */
const LEASE_OUT_MS = 10_000;
const LOOK_MS = 200;
/** How long another command line may take to let go of a run it was asked to cancel, in milliseconds. */
const CANCEL_MS = 5_000;

/** A command line on this machine that holds a run. */
interface Holder {
  readonly owner: string;
  readonly pid: number;
  readonly alive: boolean;
}

/**
 * Makes sure that nobody works on the run. What a killed command line held is free at once; any other lease is
 * waited for, once, because its holder may have died as well.
 * @throws PlanwrightError RUN_BUSY
 */
export async function waitForLease(engine: Engine, id: string, note: (text: string) => void): Promise<void> {
  let said = false;
  for (let waited = 0; engine.store.leasedByOther(id, engine.ownerId); waited += LOOK_MS) {
    const holder = commandLineHolding(engine, id);
    if (holder && !holder.alive) {
      engine.store.release(id, holder.owner);
      continue;
    }
    if (holder) throw busy(`Process ${holder.pid} works on run ${id}.`, 'Go on in its terminal, or end it there.');
    if (waited >= LEASE_OUT_MS) {
      throw busy(`An editor works on run ${id}.`, 'Go on there, or close it; then try again.');
    }
    if (!said) note(`An editor holds run ${id}; looking for ${LEASE_OUT_MS / 1000} s whether it is still there…`);
    said = true;
    await wait(LOOK_MS);
  }
}

/**
 * Has the process that works on the run let go of it; only a command line on this machine can be asked to.
 * @throws PlanwrightError RUN_BUSY
 */
export async function askHolderToCancel(engine: Engine, id: string, note: (text: string) => void): Promise<void> {
  const holder = commandLineHolding(engine, id);
  if (holder?.alive) {
    process.kill(holder.pid, 'SIGINT');
    for (let waited = 0; waited < CANCEL_MS && commandLineHolding(engine, id)?.alive; waited += LOOK_MS) {
      await wait(LOOK_MS);
    }
  }
  await waitForLease(engine, id, note);
}

function commandLineHolding({ store, ownerId }: Engine, id: string): Holder | undefined {
  const owner = store.leaseOwner(id);
  const [, host, pid] = /^cli@(.*)#(\d+)-/.exec(owner ?? '') ?? [];
  if (owner === undefined || owner === ownerId || host !== hostname() || pid === undefined) return undefined;
  return { owner, pid: Number(pid), alive: processOwner().isAlive(pid) };
}

function busy(message: string, hint: string): PlanwrightError {
  return new PlanwrightError('RUN_BUSY', message, { hint });
}
