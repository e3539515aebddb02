import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { readTriggers } from '../../../src/workflow/triggers/definition.ts';
import { openApi } from '../http/apiServer.ts';

/** A triggered run writes nothing that nobody accepted. The whole workflow, on the sample. */

const { request, requirements, constraints } = sampleInput;
const definition = (accept?: 'all') => ({
  id: 'slugs',
  kind: 'manual',
  input: { request, requirements, ...(constraints ? { constraints } : {}) },
  ...(accept ? { accept } : {}),
});
const files = ['src/slug.ts', 'README.md'];

test('a triggered run waits at its gates, and no file is written until somebody accepts', async (t) => {
  const { host, folder, runner, store, until, view } = await openApi(t, { triggers: [definition()] });
  const read = () => files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const before = read();
  const answer = await host.run('slugs');
  assert.ok(answer.outcome === 'started' && answer.run !== null);
  const id = answer.run;
  const { openGates } = await until(id, ({ openGates }) => openGates.some(({ kind }) => kind === 'plan-approval'));
  runner.decide(id, openGates[0]?.id ?? '', { choice: 'approve', by: 'developer' });
  await until(id, ({ tasks }) => {
    const states = Object.values(tasks);
    return states.length === 4 && states.every(({ state }) => state === 'done');
  });
  await until(id, ({ status }) => status === 'waiting');
  assert.deepEqual(read(), before);
  assert.ok(view(id).pendingHunks > 0);
  const decided = store.events(id, 0).filter(({ event }) => event.type === 'hunk.decided');
  assert.deepEqual(decided, []);
});

test('a trigger that says "accept": "all" is accepted for, by its name, and what it wrote is known as its own', async (t) => {
  const { host, folder, store, until } = await openApi(t, { triggers: [definition('all')] });
  const answer = await host.run('slugs');
  assert.ok(answer.outcome === 'started' && answer.run !== null);
  const { proposals } = await until(answer.run, ({ status }) => status === 'completed');
  const decided = store.events(answer.run, 0).flatMap(({ event }) => (event.type === 'hunk.decided' ? [event] : []));
  assert.ok(decided.length > 0);
  assert.deepEqual([...new Set(decided.map(({ by }) => by))], ['trigger slugs']);
  for (const { path } of proposals) {
    assert.ok(readFileSync(join(folder, path), 'utf8').length > 0);
    assert.deepEqual([store.own.lastOf(path)?.unattended, store.own.lastOf(path)?.depth], [true, 1]);
  }
});

test('accepting unattended ends with the definition that allowed it', async (t) => {
  const { host, until, view, folder } = await openApi(t, { triggers: [definition('all')] });
  const before = readFileSync(join(folder, 'src/slug.ts'), 'utf8');
  const answer = await host.run('slugs');
  assert.ok(answer.outcome === 'started' && answer.run !== null);
  await host.use(readTriggers([definition()]).triggers);
  const { openGates } = await until(answer.run, (now) => now.openGates.some(({ kind }) => kind === 'plan-approval'));
  assert.equal(openGates.length, 1);
  assert.equal(view(answer.run).trigger?.accept, 'all');
  assert.equal(readFileSync(join(folder, 'src/slug.ts'), 'utf8'), before);
});
