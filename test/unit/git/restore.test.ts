import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { GitCheckpoints } from '../../../src/hosts/node/git/checkpoints.ts';
import { restore, restoreSteps } from '../../../src/hosts/node/git/restore.ts';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { git, put, repository, scratch, untouched } from './repository.ts';

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'src/c.ts': 'c\n' };

async function changedSince(t: TestContext) {
  const root = scratch(t);
  const repo = repository(root, files);
  put(repo, { 'b.txt': 'not committed\n' });
  const checkpoints = new GitCheckpoints({ workspace: repo, temp: join(root, 'temp') });
  t.after(() => checkpoints.dispose());
  const then = await checkpoints.make('run1', 'then');
  put(repo, { 'a.txt': 'changed\n', 'b.txt': 'changed\n', 'added.txt': 'added\n' });
  rmSync(join(repo, 'src/c.ts'));
  const now = await checkpoints.make('run1', 'now');
  assert.ok(then && now);
  const steps = await restoreSteps(checkpoints, then, now);
  return { root, repo, checkpoints, then, now, steps, workspace: new NodeWorkspace(repo) };
}

test('a restore says what it will do, does it, and touches neither index nor branches', async (t) => {
  const { root, repo, checkpoints, then, steps, workspace } = await changedSince(t);
  assert.deepEqual(steps, [
    { path: 'a.txt', action: 'modify' },
    { path: 'added.txt', action: 'delete' },
    { path: 'b.txt', action: 'modify' },
    { path: 'src/c.ts', action: 'create' },
  ]);
  const { status: _status, ...before } = untouched(repo, root);
  const restored = await restore(checkpoints, workspace, then, steps);
  assert.deepEqual(restored, { paths: steps.map(({ path }) => path), failed: [] });
  const { status, ...after } = untouched(repo, root);
  assert.deepEqual(after, before);
  assert.equal(readFileSync(join(repo, 'b.txt'), 'utf8'), 'not committed\n');
  assert.equal(existsSync(join(repo, 'added.txt')), false);
  assert.match(status, /^1 \.M .* b\.txt$/m);
  assert.doesNotMatch(status, /a\.txt|c\.ts|added/);
});

test('one file alone can be brought back, and the restore can be undone by the checkpoint before it', async (t) => {
  const { repo, checkpoints, then, now, steps, workspace } = await changedSince(t);
  await restore(
    checkpoints,
    workspace,
    then,
    steps.filter(({ path }) => path === 'src/c.ts'),
  );
  assert.equal(readFileSync(join(repo, 'src/c.ts'), 'utf8'), 'c\n');
  assert.equal(readFileSync(join(repo, 'a.txt'), 'utf8'), 'changed\n');
  const present = await checkpoints.make('run1', 'present');
  assert.ok(present);
  await restore(checkpoints, workspace, now, await restoreSteps(checkpoints, now, present));
  assert.equal(existsSync(join(repo, 'src/c.ts')), false);
  const after = await checkpoints.make('run1', 'after');
  assert.equal(
    after && git(repo, 'rev-parse', `${after.commit}^{tree}`),
    git(repo, 'rev-parse', `${now.commit}^{tree}`),
  );
});

test('a file that cannot be brought back stays as it is, is named, and does not keep the others from it', async (t) => {
  const root = scratch(t);
  const repo = repository(root, files);
  writeFileSync(join(repo, 'pixels.bin'), Buffer.from([0, 1, 2, 0, 255]));
  const checkpoints = new GitCheckpoints({ workspace: repo, temp: join(root, 'temp') });
  t.after(() => checkpoints.dispose());
  const then = await checkpoints.make('run1', 'then');
  rmSync(join(repo, 'pixels.bin'));
  put(repo, { 'a.txt': 'changed\n' });
  const now = await checkpoints.make('run1', 'now');
  assert.ok(then && now);
  const done = await restore(checkpoints, new NodeWorkspace(repo), then, await restoreSteps(checkpoints, then, now));
  assert.deepEqual(done.paths, ['a.txt']);
  assert.deepEqual(
    done.failed.map(({ path }) => path),
    ['pixels.bin'],
  );
});
