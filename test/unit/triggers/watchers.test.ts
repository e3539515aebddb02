import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { watchBranches } from '../../../src/hosts/node/branchWatch.ts';
import { watchSaves } from '../../../src/hosts/node/saveWatch.ts';
import type { Occurrence } from '../../../src/workflow/triggers/occurrence.ts';
import { openTriggers } from './triggerWorld.ts';

/** What `planwright serve` sees without an editor, in a real repository. */

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function repository(t: TestContext) {
  const world = await openTriggers(t, [], { files: { 'src/a.ts': 'a\n', '.gitignore': 'out/\n', 'out/b.ts': 'b\n' } });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: world.folder,
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const seen: Occurrence[] = [];
  return {
    ...world,
    git,
    seen,
    until: async (n: number) => {
      for (let turn = 0; seen.length < n; turn++) {
        assert.ok(turn < 300, `only ${JSON.stringify(seen)}`);
        await wait(50);
      }
    },
  };
}

test('branches that are created and switched to are told once, though two processes look', async (t) => {
  const { folder, store, memory, git, seen, until } = await repository(t);
  const stops = [1, 2].map(() => watchBranches(folder, { store, memory }, (one) => seen.push(one)));
  while (memory.recall('', 'branches') === undefined) await wait(20);
  await wait(500); // Both have begun: what is there then is no news.
  git('branch', 'feature/x');
  await until(1);
  git('checkout', '-q', 'feature/x');
  await until(2);
  git('commit', '-q', '--allow-empty', '-m', 'second');
  git('branch', 'end');
  await until(3);
  for (const stop of stops) stop();
  assert.deepEqual(seen, [
    { kind: 'branch', change: 'created', branch: 'feature/x' },
    { kind: 'branch', change: 'switched', branch: 'feature/x' },
    { kind: 'branch', change: 'created', branch: 'end' },
  ]);
});

test('files that are written are told with their content; ignored ones and what a checkout writes are not', async (t) => {
  const { folder, workspace, git, seen, until } = await repository(t);
  git('checkout', '-q', '-b', 'other');
  writeFileSync(join(folder, 'src/a.ts'), 'other\n');
  git('commit', '-qam', 'other');
  const stop = watchSaves(
    workspace,
    (one) => seen.push(one),
    () => {},
  );
  const paths = () => [...new Set(seen.map((one) => (one.kind === 'file-saved' ? one.path : '')))];
  // Until the folders are watched.
  for (let turn = 0; paths().length === 0; turn++) {
    assert.ok(turn < 100);
    appendFileSync(join(folder, 'src/a.ts'), 'more\n');
    await wait(400);
  }
  assert.deepEqual(paths(), ['src/a.ts']);
  git('checkout', '-q', '-f', 'main');
  writeFileSync(join(folder, 'out/b.ts'), 'built\n');
  await wait(1000);
  const before = seen.length;
  appendFileSync(join(folder, '.gitignore'), '# more\n');
  await until(before + 1);
  stop();
  assert.deepEqual(paths().sort(), ['.gitignore', 'src/a.ts']);
  const last = await workspace.read('.gitignore');
  assert.ok(seen.some((one) => one.kind === 'file-saved' && one.hash === last?.hash));
});
