import { constants } from 'node:os';
import { exitCodes } from './exitCodes.ts';

/**
 * Ctrl-C cancels; a second one leaves at once. Being told to end, or losing the terminal, lets go of the run so
 * that it can be resumed.
 */
export function onStopSignals(on: { readonly cancel: () => void; readonly letGo: (exitCode: number) => void }) {
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(exitCodes.cancelled);
    interrupted = true;
    on.cancel();
  };
  const end = (signal: NodeJS.Signals) => on.letGo(128 + constants.signals[signal]);
  process.on('SIGINT', interrupt);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  return {
    dispose() {
      process.off('SIGINT', interrupt);
      for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
    },
  };
}
