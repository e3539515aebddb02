import { type RunView, reduce } from '../workflow/runState.ts';
import type { Store } from '../workflow/engine/store.ts';
import type { StoredEvent } from '../workflow/engine/events.ts';

/** Keeps each run's view up to date from its event log, and tells who listens. */
export class RunFeed {
  readonly #store: Store;
  readonly #views = new Map<string, RunView>();
  readonly #listeners = new Set<(view: RunView, stored: StoredEvent) => void>();
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    this.#store = store;
    this.#unsubscribe = store.subscribe((stored) => this.#take(stored));
  }

  /** The run as its events tell it; null when it has none. */
  view(runId: string): RunView | null {
    const known = this.#views.get(runId);
    if (known) return known;
    let view: RunView | null = null;
    for (const stored of this.#store.events(runId, 0)) view = reduce(view, stored);
    if (view) this.#views.set(runId, view);
    return view;
  }

  /** Every run, newest first. */
  all(): RunView[] {
    return this.#store.listRuns().flatMap(({ id }) => this.view(id) ?? []);
  }

  latest(): RunView | null {
    return this.all()[0] ?? null;
  }

  onChange(listener: (view: RunView, stored: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(runId: string): void {
    this.#views.delete(runId);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#listeners.clear();
  }

  #take(stored: StoredEvent): void {
    const known = this.#views.get(stored.runId);
    // Without a view yet, building it from the log takes this event in too.
    const view = known ? reduce(known, stored) : this.view(stored.runId);
    if (!view) return;
    this.#views.set(stored.runId, view);
    for (const listener of this.#listeners) listener(view, stored);
  }
}
