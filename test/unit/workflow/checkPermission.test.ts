import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkDecision } from '../../../src/hosts/http/gateDecision.ts';
import type { Gate } from '../../../src/workflow/engine/events.ts';
import { type CheckedOptions, checkedRun, decideAll, done, tasksAreDone, untilDone, write } from './checkedRun.ts';

const task = { id: 'T1', requirements: ['R1'], files: [{ path: 'README.md', action: 'modify' }] };
const scripts = (scripts: object) => ({ 'package.json': JSON.stringify({ type: 'module', scripts }) });
const noting = `node -e "require('fs').appendFileSync(process.env.RAN, 'x')"`;
const turns = { T1: [[write('README.md', '# Shop\n'), done()]] };
const start = (t: Parameters<typeof checkedRun>[0], over: CheckedOptions = {}) =>
  checkedRun(t, 'shop', [task], turns, {
    more: scripts({ test: noting, lint: noting }),
    ...over,
  });

test('the developer chooses among the commands; the others never run, and the choice is kept', async (t) => {
  const run = start(t);
  const first = await untilDone(run, { names: ['npm run lint'] });
  const gate = run.store
    .events(first.id, 0)
    .flatMap(({ event }) => (event.type === 'gate.opened' && event.gate.kind === 'checks' ? [event.gate] : []));
  assert.deepEqual(
    gate[0]?.checks?.map(({ name, command }) => [name, command]),
    [
      ['npm test', 'npm test'],
      ['npm run lint', 'npm run lint'],
    ],
  );
  assert.deepEqual(first.view.checks[0]?.names, ['npm run lint']);
  assert.equal(readFileSync(run.ran, 'utf8'), 'xx');
  await decideAll(run, first.id, first.done, 'reject');

  // Asked once for the workspace.
  const again = await untilDone(run);
  assert.ok(!again.view.decisions.some(({ gateId }) => gateId.includes('checks')));
  assert.deepEqual(again.view.checks[0]?.names, ['npm run lint']);
  await decideAll(run, again.id, again.done, 'reject');

  // Other commands are another question.
  writeFileSync(
    join(run.folder, 'package.json'),
    scripts({ test: noting, lint: noting, typecheck: noting })['package.json'],
  );
  const other = await untilDone(run, { choice: 'never' });
  assert.ok(other.view.decisions.some(({ gateId }) => gateId.includes('checks')));
  assert.match(other.view.checks[0]?.reason ?? '', /You chose to run none/);
  await decideAll(run, other.id, other.done, 'reject');
  const last = await untilDone(run);
  assert.match(last.view.checks[0]?.reason ?? '', /You chose earlier to run none/);
});

test('“not this time” is not remembered', async (t) => {
  const run = start(t);
  const { view } = await untilDone(run, { choice: 'later' });
  assert.match(view.checks[0]?.reason ?? '', /this time/);
  assert.ok(!existsSync(join(run.root, 'checks.json')));
  assert.ok(!existsSync(run.ran));
});

test('nothing runs in a workspace that is not trusted, though it was allowed before', async (t) => {
  const run = start(t, { refusal: 'No command runs in a workspace that is not trusted.', checks: { run: 'always' } });
  const { id, done: end, view } = await untilDone(run);
  assert.deepEqual(
    view.checks.map(({ state, reason }) => [state, reason]),
    [['skipped', 'No command runs in a workspace that is not trusted.']],
  );
  const ended = await decideAll(run, id, end);
  assert.ok(!existsSync(run.ran));
  assert.equal(ended.output?.metrics.testCoverage, null);
  assert.match(ended.coverage?.reason ?? '', /not trusted/);
});

for (const [mode, reason] of [
  ['never', /switched off/],
  ['remembered', /Nobody has allowed/],
  [['npm run tset'], /None of the checks named.*“npm test”/],
] as const) {
  test(`with “${mode}” nothing is asked and nothing runs, and the run says why`, async (t) => {
    const run = start(t, { checks: { run: mode } });
    const { view } = await untilDone(run);
    assert.match(view.checks[0]?.reason ?? '', reason);
    assert.ok(!existsSync(run.ran));
  });
}

test('the question stays open over a restart of the process, and keeps no agent from working', async (t) => {
  const run = start(t);
  const { id } = run.runner.start({ request: 'x', requirements: ['y'] }, { model: 'scripted', workspace: 'shop' });
  const approval = await run.until(id, ({ openGates }) => openGates.length > 0);
  run.runner.decide(id, approval.openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  await run.until(
    id,
    ({ openGates, activity }) => openGates.length > 0 && activity.some(({ tool }) => tool === 'write_file'),
  );
  await run.close();

  const later = run.reopen();
  t.after(() => later.close());
  later.runner.resume(id);
  const gate = later.view(id).openGates[0];
  assert.equal(gate?.kind, 'checks');
  assert.ok(later.runner.decide(id, gate?.id ?? '', { choice: 'allow', by: 'another process' }));
  const view = await later.until(id, tasksAreDone);
  assert.deepEqual(view.checks[0]?.names, ['npm test', 'npm run lint']);
});

test('a program cannot name a check that is not offered', () => {
  const gate: Gate = {
    id: 'g',
    kind: 'checks',
    title: '',
    question: '',
    choices: [{ id: 'allow', label: 'Run', takesNames: true }],
    defaultChoice: 'allow',
    checks: [{ name: 'npm test', command: 'npm test', cwd: '.' }],
  };
  checkDecision(gate, { choice: 'allow', by: 'api' }, []);
  checkDecision(gate, { choice: 'allow', data: { names: 'npm test' }, by: 'api' }, []);
  assert.throws(() => checkDecision(gate, { choice: 'allow', data: { names: 'rm -rf /' }, by: 'api' }, []), {
    code: 'INVALID_INPUT',
  });
});
