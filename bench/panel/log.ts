import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackView } from '../../src/workflow/packedView.ts';
import { packView } from '../../src/workflow/packView.ts';
import { type RunView, replay } from '../../src/workflow/runState.ts';
import { writeRun } from '../../test/states/runStates.ts';
import { storeAt } from '../../test/unit/metrics/generatedRuns.ts';
import { median, table } from './figures.ts';
import { logs } from './runs.ts';

const TIMES = 11;
const sizes = ['small', 'huge'] as const;

/** From the database to what the page is handed, in plain Node. */
export async function measureLog(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-bench-'));
  const at = storeAt(join(folder, 'planwright.db'));
  try {
    const columns: number[][] = [];
    for (const size of sizes) {
      const id = writeRun(at, logs[size], 'in_progress');
      const view = replay(at.store.events(id, 0)) as RunView;
      const packed = packView(view);
      columns.push([
        logs[size].length,
        await timed(() => replay(at.store.events(id, 0))),
        await timed(() => packView(view)),
        packed.byteLength / 1000,
        await timed(() => unpackView(packed)),
      ]);
    }
    const names = [
      'events',
      'read from SQLite and folded, ms',
      'packed for the page, ms',
      'bytes sent to open it, kB',
      'unpacked, ms',
    ];
    return table(
      ['the log', ...sizes],
      names.map((name, row) => [name, ...columns.map((column) => column[row] ?? 0)]),
    );
  } finally {
    at.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => unknown): Promise<number> {
  const times: number[] = [];
  while (times.length < TIMES) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return median(times);
}
