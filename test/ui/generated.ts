import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import type { Workbench } from '../../scripts/lib/workbench.ts';
import { databasePath } from '../../src/hosts/node/databasePath.ts';
import type { RunEvent } from '../../src/workflow/engine/events.ts';
import type { RunStatus } from '../../src/workflow/schemas.ts';
import { type StateName, writeRun, writeState } from '../states/runStates.ts';
import { storeAt } from '../unit/metrics/generatedRuns.ts';

/** Writes runs into the database of a workbench's folder, as another process would, and shows them. */
export class GeneratedRuns {
  readonly #workbench: Workbench;
  readonly #at: ReturnType<typeof storeAt>;

  constructor(workbench: Workbench) {
    const storage = join(workbench.scratch, 'data', 'data', 'User', 'globalStorage', 'planwright.planwright');
    this.#workbench = workbench;
    this.#at = storeAt(databasePath(storage, workbench.folder));
  }

  write(name: StateName, log: readonly RunEvent[]): string {
    return this.#newest(() => writeState(name, log, this.#at));
  }

  writeLog(log: readonly RunEvent[], status: RunStatus): string {
    return this.#newest(() => writeRun(this.#at, log, status));
  }

  /** Opens the panel on the newest run, once the extension has seen it. */
  async show(runId: string): Promise<Frame> {
    for (let tries = 0; tries < 20; tries++) {
      await this.open();
      const frame = await this.#workbench.panel();
      const shown = frame.waitForSelector(`[data-run="${runId}"]`, { timeout: 1500 });
      if (await shown.catch(() => null)) return frame;
    }
    throw new Error(`The panel does not show ${runId}.`);
  }

  /** Has the panel open with this run from now on. */
  makeNewest(id: string): void {
    this.#at.db.prepare('UPDATE runs SET created_at = ? WHERE id = ?').run(Date.now(), id);
  }

  /** The panel, by the status bar once there is a run in it: quicker than the command palette. */
  async open(): Promise<void> {
    const item = this.#workbench.page.locator('[id="planwright.planwright.planwright.status"]');
    if (await item.isVisible()) await item.click();
    else await this.#workbench.runCommand('Planwright: Show workflow');
  }

  close(): void {
    this.#at.db.close();
  }

  /** A run that begins after all others: the one the panel opens with. */
  #newest(write: () => string): string {
    this.#at.time.now = Date.now();
    const id = write();
    this.makeNewest(id);
    return id;
  }
}
