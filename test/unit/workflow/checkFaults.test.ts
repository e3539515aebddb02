import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive } from '../checks/processes.ts';
import { checkedRun, done, tasksAreDone, testedByMake, untilDone, write } from './checkedRun.ts';

/** Checks and hooks that hang, flood, or are cut off, inside a run. */

const task = { id: 'T1', requirements: ['R1'], files: [{ path: 'check.cjs', action: 'modify' }] };
const withScript = (script: string) => ({ ...testedByMake(script), 'check.cjs': '// passes\n' });
const starting = { request: 'x', requirements: ['y'] };

/** A process of its own that says its number and never ends, and neither does the one it starts. */
const hanging = `require('fs').appendFileSync(process.env.RAN, process.pid + ' ');
if (!process.argv[2]) require('child_process').spawn(process.execPath, [__filename, 'child'], { detached: true, stdio: 'inherit' });
setInterval(() => {}, 1000);
`;

const started = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').map(Number) : []);

test('a check that hangs is cut with a clear message, leaves no process, and goes back to the agent', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [task],
    {
      T1: [
        [write('check.cjs', hanging), done()],
        [write('check.cjs', '// passes again\n'), done()],
      ],
    },
    { more: withScript('node check.cjs'), limits: { timeoutMs: 8000 } },
  );
  const { view } = await untilDone(run);
  const [first, second] = view.checks;
  assert.equal(first?.results[0]?.outcome, 'timed-out');
  assert.match(first?.results[0]?.reason ?? '', /It was stopped: it took longer than 8 s\./);
  assert.equal(second?.results[0]?.outcome, 'passed');
  const pids = started(run.ran);
  assert.equal(pids.length, 2);
  assert.deepEqual(pids.filter(isAlive), []);
  assert.deepEqual(readdirSync(run.temp), []);
});

test('a check that would print a gigabyte is cut at its limit with a clear message', async (t) => {
  // It ends well if nobody stops it: a check that was not cut would pass.
  const flood = [
    "const line = 'x'.repeat(65_535).concat('\\n');",
    'let left = 16_384;',
    "const more = () => { while (left-- > 0) if (!process.stdout.write(line)) return process.stdout.once('drain', more); };",
    'more();',
    '',
  ].join('\n');
  const run = checkedRun(
    t,
    'shop',
    [task],
    { T1: [[write('check.cjs', flood), done()]] },
    { more: withScript('node check.cjs'), checks: { mendings: 0 } },
  );
  const { view } = await untilDone(run);
  assert.match(view.checks[0]?.results[0]?.reason ?? '', /It was stopped: it printed more than 64 MB\./);
  assert.ok((view.checks[0]?.results[0]?.output.length ?? 0) <= 6000);
});

test('cancelling a run ends its checks with all their processes', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [task],
    { T1: [[write('check.cjs', hanging), done()]] },
    {
      more: withScript('node check.cjs'),
      checks: { run: 'always' },
    },
  );
  const { id } = run.runner.start(starting, { model: 'scripted', workspace: 'shop' });
  const approval = await run.until(id, ({ openGates }) => openGates.length > 0);
  run.runner.decide(id, approval.openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  await run.until(id, () => started(run.ran).length === 2);
  const pids = started(run.ran);
  assert.deepEqual(pids.filter(isAlive), pids);
  const begun = performance.now();
  await run.runner.cancel(id);
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
  t.diagnostic(`gone after ${Math.round(performance.now() - begun)} ms`);
  while (readdirSync(run.temp).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(run.view(id).status, 'cancelled');
});

test('cancelling a run ends a commit whose hook does not end, and blames no hook', async (t) => {
  const script = { T1: [[write('check.cjs', '// passes still\n'), done()]] };
  const options = { more: withScript('node check.cjs'), checks: { run: 'never' as const }, commits: true };
  const run = checkedRun(t, 'shop', [task], script, options);
  run.git('config', 'user.name', 'Dev');
  run.git('config', 'user.email', 'dev@example.com');
  const hook = `#!/bin/sh\nsleep 1000 &\nprintf "$! $$ " > '${run.ran}'\nwait\n`;
  mkdirSync(join(run.folder, '.git/hooks'), { recursive: true });
  writeFileSync(join(run.folder, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
  const { id, done: end } = await untilDone(run);
  await run.book.acceptAll(id, 1, run.book.latest(id)[0]?.state.id ?? '', 'test');
  await run.until(id, () => started(run.ran).length === 2);
  await run.runner.cancel(id);
  await end;
  while (started(run.ran).some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(run.view(id).status, 'cancelled');
  assert.ok(!run.store.events(id, 0).some(({ event }) => event.type === 'task.uncommitted'));
  while (existsSync(join(run.folder, '.git/index.lock'))) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a process that dies between a check and its mending goes on without running or paying twice', async (t) => {
  const noting = `node -e "require('fs').appendFileSync(process.env.RAN, 'x')" && node check.cjs`;
  const script = {
    T1: [
      [write('check.cjs', 'process.exit(1);\n'), done()],
      [write('check.cjs', '// mended\n'), done({ summary: 'Mended.' })],
    ],
  };
  const options = { more: withScript(noting), checks: { run: 'always' as const } };
  const straight = checkedRun(t, 'shop', [task], script, options);
  await untilDone(straight);
  const whole = { checks: readFileSync(straight.ran, 'utf8'), calls: straight.calls.length };
  assert.equal(whole.checks, 'xxx');

  const run = checkedRun(t, 'shop', [task], script, options);
  const { id } = run.runner.start(starting, { model: 'scripted', workspace: 'shop' });
  const approval = await run.until(id, ({ openGates }) => openGates.length > 0);
  run.runner.decide(id, approval.openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  await run.until(id, ({ checks }) => checks[0]?.state === 'done');
  await run.close();

  const later = run.reopen();
  t.after(() => later.close());
  later.runner.resume(id);
  const view = await later.until(id, tasksAreDone);
  assert.equal(view.tasks.T1?.summary, 'Mended.');
  assert.equal(readFileSync(run.ran, 'utf8').length, 3);
  // A call that was made and not yet committed may be made again; one more at the most.
  assert.ok(run.calls.length <= whole.calls + 1, `${run.calls.length} of ${whole.calls}`);
  assert.deepEqual(
    view.checks.map(({ results }) => results[0]?.verdict),
    ['new failure', 'passes'],
  );
});
