import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { RunFeed } from '../../../src/hosts/runFeed.ts';
import { hugeLog } from '../../states/hugeRun.ts';
import { writeRun } from '../../states/runStates.ts';
import { storeAt } from '../metrics/generatedRuns.ts';

/** Two processes on one database: this window's store, and another's. */
async function twoStores(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'planwright-feed-'));
  const [here, there] = [0, 1].map(() => storeAt(join(folder, 'planwright.db')));
  assert.ok(here && there);
  const feeds: RunFeed[] = [];
  t.after(async () => {
    for (const feed of feeds) feed.dispose();
    here.db.close();
    there.db.close();
    await rm(folder, { recursive: true, force: true });
  });
  const openFeed = () => {
    const feed = new RunFeed(here.store);
    feeds.push(feed);
    return feed;
  };
  return { here, there, openFeed };
}

function listen(feed: RunFeed) {
  const heard: { readonly runId: string; readonly seq: number; readonly viewSeq: number }[] = [];
  feed.onChange((view, { runId, seq }) => heard.push({ runId, seq, viewSeq: view.seq }));
  return heard;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const few = hugeLog({ tasks: 3, hunks: 6 });

test('what was in the log before is no news, and what another process adds to it is', async (t) => {
  const { there, openFeed } = await twoStores(t);
  const old = writeRun(there, few, 'in_progress');
  const feed = openFeed();
  const heard = listen(feed);
  there.store.appendEvent(old, 1, { type: 'workflow.paused' }, 'paused');
  await until(() => heard.length > 0);
  assert.deepEqual(heard, [{ runId: old, seq: few.length + 1, viewSeq: few.length + 1 }]);
  assert.equal(feed.view(old)?.paused, true);
});

test('a run of 1,000 tasks that another process wrote is told event by event, with one view of all of them', async (t) => {
  const { there, openFeed } = await twoStores(t);
  const feed = openFeed();
  const heard = listen(feed);
  const moves: string[][] = [];
  feed.onMove((runIds) => moves.push([...runIds]));
  const log = hugeLog();
  const id = writeRun(there, log, 'in_progress');
  await until(() => heard.length === log.length);
  assert.deepEqual(moves, [[id]]);
  assert.deepEqual(
    heard.map(({ seq }) => seq),
    log.map((_, index) => index + 1),
  );
  assert.ok(heard.every(({ runId, viewSeq }) => runId === id && viewSeq === log.length));
});

test('what a listener appends is told to all after what they are being told', async (t) => {
  const { here, openFeed } = await twoStores(t);
  const feed = openFeed();
  const [first, second]: [string[], string[]] = [[], []];
  let id = '';
  feed.onChange((_, { event }) => {
    first.push(event.type);
    if (event.type === 'workflow.paused') here.store.appendEvent(id, 1, { type: 'workflow.resumed' }, 'resumed');
  });
  feed.onChange((_, { event }) => second.push(event.type));
  id = here.store.createRun({ request: 'Do it', requirements: [] }, { model: 'demo', workspace: 'slugs' });
  here.store.appendEvent(id, 1, { type: 'workflow.paused' }, 'paused');
  assert.deepEqual(first, ['workflow.paused', 'workflow.resumed']);
  assert.deepEqual(second, first);
  feed.onMove(() => here.store.appendEvent(id, 1, { type: 'workflow.cancelled' }, 'cancelled'));
  here.store.appendEvent(id, 1, { type: 'workflow.paused' }, 'paused again');
  assert.equal(second.at(-1), 'workflow.cancelled');
});
