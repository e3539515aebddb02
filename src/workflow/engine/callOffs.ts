import type { Attempt } from './attempt.ts';

/** How often it is looked whether another process has called something off, in milliseconds. */
const POLL_MS = 500;

/** The work of one attempt that somebody may call off, from this process or another. */
export class CallOffs {
  readonly #attempt: Attempt;
  readonly #waiting = new Map<string, () => void>();
  #stop: (() => void) | undefined;

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
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
    const { store } = this.#attempt;
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
    const { store, runId, attempt } = this.#attempt;
    const callOff = this.#waiting.get(name);
    if (!callOff || !store.isCalledOff(runId, attempt, name)) return;
    this.#waiting.delete(name);
    callOff();
  }
}
