import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { textHash } from '../../../src/workflow/edits/hash.ts';
import { BY_TRIGGER } from '../../../src/workflow/engine/ownWrites.ts';
import { CHAIN_MS, ECHO_MS, isByOthers } from '../../../src/workflow/triggers/origin.ts';
import { openTriggers } from './triggerWorld.ts';

/** What Planwright did never triggers Planwright. The triggers here wait for everything and may accept everything. */

const limits = { perHour: 60, perDay: 500, coolDownSeconds: 0, queue: 20 };
const eager = [
  { id: 'save', kind: 'file-saved', paths: ['**'], accept: 'all', limits, input: { request: 'Save {{path}}' } },
  { id: 'branch', kind: 'branch', on: ['created', 'switched'], accept: 'all', limits, input: { request: 'Branch' } },
  { id: 'errors', kind: 'diagnostics', paths: ['**'], accept: 'all', limits, input: { request: 'Errors {{count}}' } },
  { id: 'task', kind: 'task-failed', accept: 'all', limits, input: { request: 'Task {{task}}' } },
];

const saved = (path: string, text: string) => ({ kind: 'file-saved', path, hash: textHash(text) }) as const;
const errors = { kind: 'diagnostics', found: [{ path: 'a.ts', severity: 'error', message: 'no' }] } as const;
const failed = { kind: 'task-failed', task: 'test', exitCode: 1 } as const;

/** A world in which every run writes a file, and all that follows from it is told to the triggers. */
async function worldOfWriters(t: TestContext, path: string, after: (tell: Tell, runId: string) => void = () => {}) {
  let n = 0;
  let changedByOthers = 0;
  const world: Awaited<ReturnType<typeof openTriggers>> = await openTriggers(t, eager, {
    work: async (_input, runId) => {
      const { store, host, clock } = world;
      const text = `Planwright’s ${n++}`;
      store.own.wrote(path, textHash(text), runId, `${BY_TRIGGER}save`);
      host.occurred(saved(path, text), changedByOthers);
      const tell: Tell = (occurrence, delay = 0) => {
        clock.pass(delay);
        host.occurred(occurrence, changedByOthers);
      };
      after(tell, runId);
    },
  });
  return {
    ...world,
    /** The developer does something. */
    developer(occurrence: Parameters<typeof world.host.occurred>[0]) {
      if (occurrence.kind === 'file-saved') changedByOthers = world.clock.now();
      world.host.occurred(occurrence, changedByOthers);
    },
  };
}
type Tell = (
  occurrence: Parameters<Awaited<ReturnType<typeof openTriggers>>['host']['occurred']>[0],
  delay?: number,
) => void;

describe('What Planwright did', () => {
  it('does not trigger it when it is a file that was accepted, however much later it is seen', async (t) => {
    const { host, store, clock, started, memory } = await openTriggers(t, eager);
    store.own.wrote('src/a.ts', textHash('accepted'), null, 'developer');
    clock.pass(30 * 86_400_000);
    host.occurred(saved('src/a.ts', 'accepted'));
    assert.equal(started().length, 0);
    assert.equal(memory.firings('save', 1)[0]?.reason, 'Planwright wrote this src/a.ts');
    host.occurred(saved('src/a.ts', 'accepted, and changed by the developer'));
    assert.equal(started().length, 1);
  });

  it('does not trigger it when a formatter changes the file a moment later', async (t) => {
    const { host, store, clock, started } = await openTriggers(t, eager);
    store.own.wrote('src/a.ts', textHash('accepted'), null, 'developer');
    clock.pass(ECHO_MS - 1);
    host.occurred(saved('src/a.ts', 'formatted'));
    assert.equal(started().length, 0);
    clock.pass(1);
    host.occurred(saved('src/a.ts', 'typed by the developer'));
    assert.equal(started().length, 1, 'whose own changes count soon after');
  });

  it('does not trigger it when it is its own folder, its own branch, or a branch that it made', async (t) => {
    const { host, store, started } = await openTriggers(t, eager);
    host.occurred(saved('.planwright/plans/a.md', 'exported'));
    host.occurred({ kind: 'branch', change: 'created', branch: 'planwright/run-1' });
    store.own.began('topic', 'run-1');
    host.occurred({ kind: 'branch', change: 'created', branch: 'topic' });
    host.occurred({ kind: 'branch', change: 'switched', branch: 'topic' });
    assert.equal(started().length, 0);
    host.occurred({ kind: 'branch', change: 'created', branch: 'mine' });
    assert.equal(started().length, 1);
  });

  it('does not trigger it by the errors and failing tasks that follow from a triggered run', async (t) => {
    const world = await worldOfWriters(t, 'a.ts', (tell) => {
      tell(errors, 1000);
      tell(failed, 1000);
    });
    world.developer(saved('b.ts', 'the developer’s'));
    await world.quiet();
    assert.deepEqual(
      world.started().map((event) => event?.trigger?.id),
      ['save'],
    );
    for (const id of ['errors', 'task']) assert.match(world.memory.firings(id, 1)[0]?.reason ?? '', /triggers nothing/);
    world.clock.pass(1000);
    world.developer(saved('c.ts', 'the developer’s, too'));
    await world.quiet();
    assert.equal(world.started().length, 2);
  });

  it('does not trigger it by a branch that a hook makes of what a triggered run committed', async (t) => {
    const world = await worldOfWriters(t, 'a.ts', (tell, runId) => {
      tell({ kind: 'branch', change: 'created', branch: `review/${runId}` }, 1000);
    });
    world.developer(saved('b.ts', 'the developer’s'));
    await world.quiet();
    assert.equal(world.started().length, 1);
    assert.match(world.memory.firings('branch', 1)[0]?.reason ?? '', /triggers nothing/);
    world.clock.pass(ECHO_MS);
    world.developer({ kind: 'branch', change: 'created', branch: 'mine' });
    await world.quiet();
    assert.equal(world.started().length, 2);
  });

  it('is not taken for somebody else’s change when a formatter was at it', async (t) => {
    const { store, clock } = await openTriggers(t, eager);
    const isOthers = (text: string, path = 'a.ts') => isByOthers(path, textHash(text), store.own, clock.now());
    store.own.wrote('a.ts', textHash('accepted'), 'run-1', 'developer');
    store.own.wrote('c.ts', textHash('accepted'), 'run-1', `${BY_TRIGGER}save`);
    clock.pass(ECHO_MS - 1);
    assert.deepEqual([isOthers('accepted'), isOthers('formatted'), isOthers('typed', 'b.ts')], [false, false, true]);
    clock.pass(1);
    assert.deepEqual([isOthers('accepted'), isOthers('typed')], [false, true]);
    store.own.wrote('c.ts', textHash('again'), 'run-1', `${BY_TRIGGER}save`);
    clock.pass(CHAIN_MS);
    assert.equal(isOthers('typed', 'c.ts'), true);
  });

  it('is no request of a batch', async (t) => {
    const batch = { folder: 'requests' };
    const definition = { id: 'nightly', kind: 'schedule', cron: '0 3 * * *', timeZone: 'UTC', batch, limits };
    const files = { 'requests/1.md': 'Asked for', 'requests/2.md': 'Made by a run' };
    const { store, clock, host, started, quiet } = await openTriggers(t, [definition], { files });
    store.own.wrote('requests/2.md', textHash('Made by a run'), null, `${BY_TRIGGER}nightly`);
    for (let day = 0; day < 3; day++) {
      clock.pass(86_400_000);
      await host.use(host.definitions);
      await quiet();
    }
    assert.deepEqual(
      started().map((event) => event?.input.request),
      ['Asked for'],
    );
  });

  it('never makes more runs than a developer caused, whatever happens in whatever order', {
    timeout: 60_000,
  }, async (t) => {
    const paths = ['a.ts', 'b.ts', 'src/c.ts'] as const;
    const path = fc.constantFrom(...paths);
    const act = fc.oneof(
      fc.record({ by: fc.constant('developer' as const), path }),
      fc.record({ by: fc.constant('developer-task' as const) }),
      // Whatever else runs here answers what was written, sooner or later than an echo would be.
      fc.record({ by: fc.constant('tool' as const), path, delay: fc.integer({ min: 0, max: CHAIN_MS / 10 }) }),
      fc.record({ by: fc.constant('restart' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), path, async (acts, written) => {
        const world = await worldOfWriters(t, written, (tell) => {
          tell(errors, 500);
          tell(failed, 500);
          tell(saved(written, `formatted ${world.clock.now()}`), 500);
        });
        let caused = 0;
        let n = 0;
        try {
          for (const one of acts) {
            if (one.by === 'developer') {
              caused += 1;
              world.developer(saved(one.path, `typed ${n++}`));
            } else if (one.by === 'developer-task') {
              caused += 1;
              world.developer(failed);
            } else if (one.by === 'tool') {
              // A tool that acts on its own accord is somebody else; it counts only where Planwright wrote nothing.
              if (world.store.own.lastOf(one.path) === undefined) continue;
              world.clock.pass(one.delay);
              world.host.occurred(saved(one.path, `tool ${n++}`));
            } else {
              await world.host.use(world.host.definitions);
            }
            await world.quiet();
          }
          assert.ok(world.started().length <= caused, `${world.started().length} runs of ${caused} causes`);
          for (const event of world.started()) assert.equal(event?.trigger?.depth, 1);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 40 },
    );
  });
});
