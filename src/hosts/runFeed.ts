import type { StoredEvent } from '../workflow/engine/events.ts';
import type { Store } from '../workflow/engine/store.ts';
import { type RunView, reduce, replay } from '../workflow/runState.ts';

/** How often to look whether another window has written, in milliseconds. */
const WATCH_MS = 1000;

/** Keeps each run's view up to date from its event log, this window's and others', and tells who listens. */
export class RunFeed {
  readonly #store: Store;
  readonly #views = new Map<string, RunView>();
  readonly #listeners = new Set<(view: RunView, stored: StoredEvent) => void>();
  readonly #removedListeners = new Set<(runId: string) => void>();
  readonly #unsubscribe: () => void;
  readonly #watch: NodeJS.Timeout;
  #version: number;

  constructor(store: Store) {
    this.#store = store;
    this.#version = store.foreignVersion();
    this.#unsubscribe = store.subscribe(({ runId }) => this.#catchUp(runId));
    this.#watch = setInterval(() => this.#lookAround(), WATCH_MS);
  }

  /** The run as its events tell it; null when it has none. */
  view(runId: string): RunView | null {
    const known = this.#views.get(runId);
    if (known) return known;
    const view = replay(this.#store.events(runId, 0));
    if (view) this.#views.set(runId, view);
    return view;
  }

  /** Every run, newest first. */
  all(): RunView[] {
    return this.#store.listRuns().flatMap(({ id }) => this.view(id) ?? []);
  }

  /** Only the newest is read: this is asked after every event, and for each run in the sidebar. */
  latest(): RunView | null {
    for (const { id } of this.#store.listRuns()) {
      const view = this.view(id);
      if (view) return view;
    }
    return null;
  }

  onChange(listener: (view: RunView, stored: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onRemoved(listener: (runId: string) => void): () => void {
    this.#removedListeners.add(listener);
    return () => this.#removedListeners.delete(listener);
  }

  /** The run is no more. */
  forget(runId: string): void {
    this.#views.delete(runId);
    for (const listener of this.#removedListeners) listener(runId);
  }

  dispose(): void {
    clearInterval(this.#watch);
    this.#unsubscribe();
    this.#listeners.clear();
    this.#removedListeners.clear();
  }

  /** Another connection has committed: take in what it appended or removed. */
  #lookAround(): void {
    const version = this.#store.foreignVersion();
    if (version === this.#version) return;
    this.#version = version;
    const ids = new Set(this.#store.listRuns().map(({ id }) => id));
    for (const id of ids) this.#catchUp(id);
    for (const known of [...this.#views.keys()]) if (!ids.has(known)) this.forget(known);
  }

  #catchUp(runId: string): void {
    for (const stored of this.#store.events(runId, this.#views.get(runId)?.seq ?? 0)) {
      const view = reduce(this.#views.get(runId) ?? null, stored);
      this.#views.set(runId, view);
      for (const listener of this.#listeners) listener(view, stored);
    }
  }
}
