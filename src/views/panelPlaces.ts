import type * as vscode from 'vscode';

const key = 'planwright.panelPlaces';
/** Of this many runs it is kept where one was. */
const runsKept = 20;

/**
 * Where the developer was in the panel, by run: what its page remembers and nobody else reads. The page loses it when
 * it is closed, so it is kept here, with the workspace.
 */
export class PanelPlaces {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(runId: string | null): unknown {
    return runId === null ? undefined : this.#all()[runId];
  }

  keep(runId: string, place: unknown): void {
    const { [runId]: _, ...others } = this.#all();
    const newest = Object.entries({ ...others, [runId]: place }).slice(-runsKept);
    void this.#memento.update(key, Object.fromEntries(newest));
  }

  #all(): Readonly<Record<string, unknown>> {
    return this.#memento.get<Record<string, unknown>>(key, {});
  }
}
