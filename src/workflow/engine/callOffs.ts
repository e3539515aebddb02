import type { Execution } from './execution.ts';

/** How often it is looked whether another process has called something off, in milliseconds. */
const POLL_MS = 500;

/** The work of one execution that somebody may call off, from this process or another. */
export class CallOffs {
  readonly #execution: Execution;
  readonly #waiting = new Map<string, () => void>();
  #stop: (() => void) | undefined;

  constructor(execution: Execution) {
    this.#execution = execution;
  }

  /** Hears, once, that `name` is called off, also when it was before; answers how to stop listening. */
  on(name: string, callOff: () => void): () => void {
    this.#waiting.set(name, callOff);
    this.#look(name);
    this.#stop ??= this.#listen();
    return () => {
      this.#waiting.delete(name);
      if (this.#waiting.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #listen(): () => void {
    const { store } = this.#execution;
    const lookAtAll = () => {
      for (const name of [...this.#waiting.keys()]) this.#look(name);
    };
    let version = store.foreignVersion();
    const poll = () => {
      try {
        const now = store.foreignVersion();
        if (now === version) return;
        version = now;
        lookAtAll();
      } catch {
        // A database that cannot be read now is read again; whatever needs it says so itself.
      }
    };
    const timer = setInterval(poll, POLL_MS);
    const unsubscribe = store.subscribe(({ event }) => {
      if (event.type === 'task.cancelled') lookAtAll();
    });
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }

  #look(name: string): void {
    const { store, runId, attempt } = this.#execution;
    const callOff = this.#waiting.get(name);
    if (!callOff || !store.isCalledOff(runId, attempt, name)) return;
    this.#waiting.delete(name);
    callOff();
  }
}
