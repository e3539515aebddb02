import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sample } from '../../scripts/lib/paths.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import type { RunEvent } from '../../src/workflow/engine/events.ts';
import { openHarness } from '../unit/workflow/harness.ts';

/** What the engine wrote while the demo planned, refined, implemented and finished the sample, every hunk accepted but one. */
export async function recordLog(): Promise<readonly RunEvent[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'planwright-log-'));
  const folder = join(scratch, 'slugs');
  await cp(sample, folder, { recursive: true });
  const { runner, book, store, until, close } = openHarness({
    folder,
    database: join(scratch, 'planwright.db'),
    settings: { concurrency: 1 },
  });
  try {
    const { id, done } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
    const { openGates } = await until(id, (view) => view.openGates.length > 0);
    runner.decide(id, openGates[0]?.id ?? '', { choice: 'approve', by: 'developer' });
    const tasksDone = ({ tasks }: { readonly tasks: Readonly<Record<string, { readonly state: string }>> }) =>
      Object.keys(tasks).length > 0 && Object.values(tasks).every(({ state }) => state === 'done');
    await until(id, tasksDone);
    for (const { state } of book.latest(id))
      for (const hunk of state.hunks)
        if (hunk.requirementIds.length === 0) await book.reject(id, 1, state.id, hunk.id, 'developer');
    for (const { state } of book.latest(id)) await book.acceptAll(id, 1, state.id, 'developer');
    await done;
    return store.events(id, 0).map(({ event }) => event);
  } finally {
    await close();
    await rm(scratch, { recursive: true, force: true });
  }
}
