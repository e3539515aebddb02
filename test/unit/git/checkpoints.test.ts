import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { GitCheckpoints } from '../../../src/hosts/node/git/checkpoints.ts';
import { checkOut, differences } from '../../../src/hosts/node/git/checkpointTree.ts';
import { addSubmodule, git, put, repository, scratch, untouched } from './repository.ts';

const files = {
  'a.txt': 'a\n',
  'b.txt': 'b\n',
  'src/c.ts': 'c\n',
  '.gitignore': 'ignored/\n',
  'other/d.txt': 'd\n',
};

/** Each arranges the developer's work in a repository and answers the folder they have open. */
const situations: Readonly<Record<string, (repo: string, root: string) => string>> = {
  'nothing changed': (repo) => repo,
  'staged, unstaged, untracked, deleted and intent-to-add': (repo) => {
    put(repo, { 'a.txt': 'staged\n', 'new.txt': 'new\n', 'later.txt': 'later\n', 'ignored/x': 'x' });
    git(repo, 'add', 'a.txt');
    put(repo, { 'a.txt': 'staged and more\n', 'b.txt': 'unstaged\n' });
    rmSync(join(repo, 'src/c.ts'));
    git(repo, 'add', '-N', 'later.txt');
    return repo;
  },
  'a merge with conflicts': (repo) => {
    git(repo, 'checkout', '-q', '-b', 'side');
    put(repo, { 'a.txt': 'theirs\n', 'other/d.txt': 'theirs\n' });
    git(repo, 'commit', '-qam', 'side');
    git(repo, 'checkout', '-q', 'main');
    put(repo, { 'a.txt': 'ours\n', 'other/d.txt': 'ours\n' });
    git(repo, 'commit', '-qam', 'main');
    assert.throws(() => git(repo, 'merge', 'side'));
    return repo;
  },
  'a folder of the repository, conflicts outside it': (repo) => {
    git(repo, 'checkout', '-q', '-b', 'side');
    put(repo, { 'a.txt': 'theirs\n' });
    git(repo, 'commit', '-qam', 'side');
    git(repo, 'checkout', '-q', 'main');
    put(repo, { 'a.txt': 'ours\n', 'src/c.ts': 'changed\n' });
    git(repo, 'commit', '-qam', 'main');
    assert.throws(() => git(repo, 'merge', 'side'));
    return join(repo, 'src');
  },
  'a submodule with changes of its own': (repo, root) => {
    addSubmodule(repo, root);
    put(repo, { 'sub/i.txt': 'changed\n' });
    return repo;
  },
  'a linked worktree': (repo, root) => {
    git(repo, 'worktree', 'add', '-q', '-b', 'linked', join(root, 'linked'));
    put(join(root, 'linked'), { 'a.txt': 'changed\n' });
    return join(root, 'linked');
  },
  'a sparse checkout': (repo) => {
    git(repo, 'sparse-checkout', 'set', '--cone', 'src');
    put(repo, { 'src/c.ts': 'changed\n' });
    return repo;
  },
  'a sparse index': (repo) => {
    git(repo, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'src');
    put(repo, { 'src/c.ts': 'changed\n' });
    return repo;
  },
  'a split index': (repo) => {
    git(repo, 'update-index', '--split-index');
    put(repo, { 'src/c.ts': 'changed\n' });
    return repo;
  },
  'line ends converted': (repo) => {
    git(repo, 'config', 'core.autocrlf', 'true');
    put(repo, { 'a.txt': 'one\r\ntwo\r\n' });
    return repo;
  },
  'no commit yet': (_repo, root) => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    git(empty, 'init', '-q', '-b', 'main');
    put(empty, { 'a.txt': 'a\n' });
    return empty;
  },
};

function checkpointsOf(t: TestContext, workspace: string, root: string): GitCheckpoints {
  const checkpoints = new GitCheckpoints({ workspace, temp: join(root, 'temp') });
  t.after(() => checkpoints.dispose());
  return checkpoints;
}

describe('a checkpoint leaves index, status, stash, hooks, HEAD and branches as they are', () => {
  for (const [name, arrange] of Object.entries(situations)) {
    test(name, async (t) => {
      const root = scratch(t);
      const folder = arrange(repository(root, files), root);
      const before = untouched(folder, root);
      const checkpoints = checkpointsOf(t, folder, root);
      const first = await checkpoints.make('run1', 'before the first edit');
      assert.ok(first);
      assert.deepEqual(untouched(folder, root), before);
      put(folder, { 'made later.txt': 'x\n' });
      const later = untouched(folder, root);
      const second = await checkpoints.make('run1', 'after');
      assert.ok(second);
      assert.deepEqual(untouched(folder, root), later);
      const found = await differences(folder, first, second);
      assert.deepEqual(
        found.map(({ path, from, to }) => [path, from, to?.kind]),
        [['made later.txt', null, 'file']],
      );
      const checkedOut = await checkOut(folder, second, ['made later.txt'], scratch(t));
      assert.match(readFileSync(await checkedOut.fileOf('made later.txt'), 'utf8'), /^x\r?\n$/);
      await checkpoints.forget('run1');
      assert.equal(git(folder, 'for-each-ref', 'refs/planwright'), '');
      assert.deepEqual(untouched(folder, root), later);
    });
  }
});

test('it holds untracked files, and nothing that is ignored, denied, huge or another repository', async (t) => {
  const root = scratch(t);
  const repo = repository(root, files);
  put(repo, {
    'new.txt': 'new\n',
    'ignored/x': 'x',
    '.env': 'KEY=1',
    'nested/n.txt': 'n',
    'huge.bin': 'x'.repeat(11e6),
  });
  git(join(repo, 'nested'), 'init', '-q');
  const made = await checkpointsOf(t, repo, root).make('run1', 'now');
  const held = git(repo, 'ls-tree', '-r', '--name-only', made?.commit ?? '')
    .split('\n')
    .filter(Boolean);
  assert.deepEqual(held, ['.gitignore', 'a.txt', 'b.txt', 'new.txt', 'other/d.txt', 'src/c.ts']);
});

test('a file in conflict is held as it is on disk', async (t) => {
  const root = scratch(t);
  const repo = situations['a merge with conflicts']?.(repository(root, files), root) ?? '';
  const made = await checkpointsOf(t, repo, root).make('run1', 'now');
  assert.match(git(repo, 'show', `${made?.commit}:a.txt`), /<<<<<<<.*ours.*theirs/s);
});

test('content comes back with the line ends of the working tree', async (t) => {
  const root = scratch(t);
  const repo = situations['line ends converted']?.(repository(root, files), root) ?? '';
  const checkpoints = checkpointsOf(t, repo, root);
  const made = await checkpoints.make('run1', 'now');
  assert.equal(git(repo, 'cat-file', '-p', `${made?.commit}:a.txt`), 'one\ntwo\n');
  assert.ok(made);
  const checkedOut = await checkOut(repo, made, ['a.txt'], scratch(t));
  assert.equal(readFileSync(await checkedOut.fileOf('a.txt'), 'utf8'), 'one\r\ntwo\r\n');
});

test('no file name reaches a shell or is taken for an option', async (t) => {
  const root = scratch(t);
  const repo = repository(root, files);
  const names = [
    '$(touch pwned)',
    '; touch pwned',
    '--help',
    '-x',
    'a\nb',
    '`touch pwned`',
    '"quoted"',
    ':(top)x',
    'ünïcode',
  ];
  put(repo, Object.fromEntries(names.map((name) => [name, `${name}\n`])));
  const checkpoints = checkpointsOf(t, repo, root);
  const first = await checkpoints.make('run1', 'with them');
  for (const name of names) rmSync(join(repo, name));
  const second = await checkpoints.make('run1', 'without');
  assert.ok(first && second);
  const gone = (await differences(repo, first, second)).map(({ path }) => path);
  assert.deepEqual(gone.sort(), names.toSorted());
  const checkedOut = await checkOut(repo, first, names, scratch(t));
  for (const name of names) assert.equal(readFileSync(await checkedOut.fileOf(name), 'utf8'), `${name}\n`);
  assert.equal(existsSync(join(repo, 'pwned')), false);
});

test('outside a repository there is none, and why is said', async (t) => {
  const root = scratch(t);
  const checkpoints = checkpointsOf(t, root, root);
  assert.equal(await checkpoints.make('run1', 'now'), null);
  assert.match((await checkpoints.unavailable()) ?? '', /not in a Git repository/);
});

test('one that was killed in the middle leaves nothing of the developer’s changed, and the next is made', async (t) => {
  const root = scratch(t);
  const repo = repository(root, files);
  const started = join(root, 'started');
  // It keeps Git from ending until it is killed.
  git(repo, 'config', 'filter.stuck.clean', `sh -c 'touch "${started}"; sleep 600'`);
  put(repo, { '.git/info/attributes': '*.slow filter=stuck\n', 'one.slow': 'x\n', 'a.txt': 'changed\n' });
  const module = new URL('../../../src/hosts/node/git/checkpoints.ts', import.meta.url).href;
  const options = JSON.stringify({ workspace: repo, temp: join(root, 'temp') });
  const code = `import { GitCheckpoints } from '${module}'; await new GitCheckpoints(${options}).make('run1', 'now');`;
  const before = untouched(repo, root);
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  while (!existsSync(started) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
  assert.ok(existsSync(started));
  assert.deepEqual(untouched(repo, root), before);
  git(repo, 'config', '--unset', 'filter.stuck.clean');
  const made = await checkpointsOf(t, repo, root).make('run1', 'now');
  assert.equal(git(repo, 'show', `${made?.commit}:a.txt`), 'changed\n');
});

test('what Git cannot read or would not convert keeps nothing else out', {
  skip: process.platform === 'win32',
}, async (t) => {
  const root = scratch(t);
  const repo = repository(root, files);
  git(repo, 'config', 'core.autocrlf', 'input');
  git(repo, 'config', 'core.safecrlf', 'true');
  rmSync(join(repo, 'b.txt'));
  execFileSync('mkfifo', [join(repo, 'b.txt')]);
  put(repo, { 'a.txt': 'one\r\ntwo\r\n' });
  const made = await checkpointsOf(t, repo, root).make('run1', 'now');
  assert.deepEqual(
    ['a.txt', 'b.txt'].map((path) => git(repo, 'show', `${made?.commit}:${path}`)),
    ['one\ntwo\n', 'b\n'],
  );
});

test('two windows at once each get a checkpoint of their own', async (t) => {
  const root = scratch(t);
  const repo = repository(root, files);
  const both = [checkpointsOf(t, repo, root), checkpointsOf(t, repo, root)];
  const made = await Promise.all(both.map((checkpoints) => checkpoints.make('run1', 'now')));
  assert.deepEqual(made.map((one) => one?.id).sort(), [1, 2]);
});
