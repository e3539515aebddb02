import type { StoredEvent } from '../workflow/engine/events.ts';
import type { Store } from '../workflow/engine/store.ts';
import { type RunView, reduceAll, replay } from '../workflow/runState.ts';

/** How often to look whether another window has written, in milliseconds. */
const WATCH_MS = 1000;

/** Keeps each run's view up to date from its event log, this window's and others', and tells who listens. */
export class RunFeed {
  readonly #store: Store;
  readonly #views = new Map<string, RunView>();
  readonly #listeners = new Set<(view: RunView, stored: StoredEvent) => void>();
  readonly #removedListeners = new Set<(runId: string) => void>();
  readonly #onlookers = new Set<(runIds: ReadonlySet<string>) => void>();
  /** Up to which event of each run the listeners know. What was in the log when this began is no news. */
  readonly #told: Map<string, number>;
  /** News that a listener's own work brought while others were being told. */
  readonly #news: StoredEvent[] = [];
  readonly #unsubscribe: () => void;
  readonly #watch: NodeJS.Timeout;
  #telling = false;
  #version: number;

  constructor(store: Store) {
    this.#store = store;
    this.#version = store.foreignVersion();
    this.#told = store.lastSeqs();
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
    return this.#store.runIds().flatMap((id) => this.view(id) ?? []);
  }

  /** Only the newest is read: this is asked after every event, and for each run in the sidebar. */
  latest(): RunView | null {
    for (const id of this.#store.runIds()) {
      const view = this.view(id);
      if (view) return view;
    }
    return null;
  }

  /** Hears of each event once, in order, with the run as it is by then: of many at a time, after the last of them. */
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
    this.#told.delete(runId);
    for (const listener of this.#removedListeners) listener(runId);
  }

  /** Hears once of all events that came at once, and of which runs they are: for what only draws a run as it is. */
  onMove(listener: (runIds: ReadonlySet<string>) => void): () => void {
    this.#onlookers.add(listener);
    return () => this.#onlookers.delete(listener);
  }

  dispose(): void {
    clearInterval(this.#watch);
    this.#unsubscribe();
    this.#listeners.clear();
    this.#removedListeners.clear();
    this.#onlookers.clear();
  }

  /** Another connection has committed: take in what it appended or removed. */
  #lookAround(): void {
    const version = this.#store.foreignVersion();
    if (version === this.#version) return;
    this.#version = version;
    const lastSeqs = this.#store.lastSeqs();
    for (const [id, seq] of lastSeqs) if (seq > (this.#told.get(id) ?? 0)) this.#catchUp(id);
    for (const known of [...this.#told.keys()]) if (!lastSeqs.has(known)) this.forget(known);
  }

  #catchUp(runId: string): void {
    const fresh = this.#store.events(runId, this.#told.get(runId) ?? 0);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#told.set(runId, last.seq);
    const known = this.#views.get(runId);
    if (known) this.#views.set(runId, reduceAll(known, fresh) ?? known);
    for (const stored of fresh) this.#news.push(stored);
    if (!this.#telling) this.#tell();
  }

  #tell(): void {
    this.#telling = true;
    try {
      while (this.#news.length > 0) {
        const moved = new Set<string>();
        for (let stored = this.#news.shift(); stored !== undefined; stored = this.#news.shift()) {
          moved.add(stored.runId);
          const view = this.view(stored.runId);
          if (view) for (const listener of this.#listeners) listener(view, stored);
        }
        for (const onlooker of this.#onlookers) onlooker(moved);
      }
    } finally {
      this.#telling = false;
    }
  }
}
