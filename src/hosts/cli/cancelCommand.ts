import { openFor } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import { askHolderToCancel } from './lease.ts';
import type { Flags } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Ends a run, also one that another command line on this machine works on. */
export async function cancel(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const engine = openFor(id, flags, process.env, terminal);
  try {
    const { status } = engine.require(id);
    if (status === 'completed' || status === 'failed' || status === 'cancelled') {
      terminal.note(`Run ${id} is ${status} already.`);
      return exitCodes.completed;
    }
    await askHolderToCancel(engine, id, (text) => terminal.note(text));
    await engine.runner.cancel(id);
    terminal.note(`Run ${id} is ${engine.require(id).status}.`);
    return exitCodes.completed;
  } finally {
    await engine.close();
  }
}
