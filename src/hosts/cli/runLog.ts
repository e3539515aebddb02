import type { StoredEvent } from '../../workflow/engine/events.ts';
import type { Store } from '../../workflow/engine/store.ts';
import { type RunView, reduce, reduceAll } from '../../workflow/runState.ts';

/** How often to look whether another process has written, in milliseconds. */
const WATCH_MS = 250;

/** One run's events in order, this process's and others', and the run as they tell it. */
export class RunLog {
  readonly #store: Store;
  readonly #id: string;
  readonly #listener: (view: RunView, stored: StoredEvent) => void;
  readonly #unsubscribe: () => void;
  readonly #watch: NodeJS.Timeout;
  #view: RunView;
  #wake: () => void = () => {};

  /**
   * @param since the number of the last event the listener knows; it hears of all later ones
   */
  constructor(store: Store, id: string, since: number, listener: (view: RunView, stored: StoredEvent) => void) {
    this.#store = store;
    this.#id = id;
    this.#listener = listener;
    const known = store.events(id, 0);
    const view = reduceAll(
      null,
      known.filter(({ seq }) => seq <= since),
    );
    const [first] = known;
    if (!first) throw new Error(`The run ${id} has no events.`);
    this.#view = view ?? reduce(null, first);
    if (!view) listener(this.#view, first);
    this.#unsubscribe = store.subscribe(({ runId }) => {
      if (runId === id) this.catchUp();
    });
    this.#watch = setInterval(() => {
      this.catchUp();
      this.#wake();
    }, WATCH_MS);
    this.catchUp();
  }

  get view(): RunView {
    return this.#view;
  }

  catchUp(): void {
    for (const stored of this.#store.events(this.#id, this.#view.seq)) {
      if (stored.seq <= this.#view.seq) continue; // The listener made a later one, which was told meanwhile.
      this.#view = reduce(this.#view, stored);
      this.#listener(this.#view, stored);
    }
    this.#wake();
  }

  /** Resolves at the next event after `seq`, or some moments later: not all there is to know is an event. */
  changed(seq: number): Promise<void> {
    if (this.#view.seq > seq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  dispose(): void {
    clearInterval(this.#watch);
    this.#unsubscribe();
  }
}
