import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GitCommits } from '../../../src/hosts/node/git/commits.ts';
import { branchName, commitMessage } from '../../../src/workflow/phases/commit.ts';
import { git, put, repository, scratch } from './repository.ts';

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'src/c.ts': 'c\n' };

function prepared(t: Parameters<typeof scratch>[0]) {
  const root = scratch(t);
  const repo = repository(root, files);
  git(repo, 'config', 'user.name', 'Dev');
  git(repo, 'config', 'user.email', 'dev@example.org');
  return { root, repo, commits: new GitCommits(repo) };
}

const changedBy = (repo: string, commit: string | null) =>
  git(repo, 'show', '--format=', '--name-status', '--no-renames', commit ?? '')
    .trim()
    .split('\n')
    .sort();

test('a commit has just the files named, new, moved and deleted ones too; what else is staged stays staged', async (t) => {
  const { repo, commits } = prepared(t);
  put(repo, { 'b.txt': 'staged by hand\n', 'own.txt': 'staged by hand\n' });
  git(repo, 'add', 'b.txt', 'own.txt');
  put(repo, { 'a.txt': 'accepted\n', 'new [x]*.txt': 'accepted\n', 'unrelated.txt': 'x\n' });
  renameSync(join(repo, 'src/c.ts'), join(repo, 'src/moved.ts'));
  const made = await commits.commit(
    ['a.txt', 'new [x]*.txt', 'src/c.ts', 'src/moved.ts'],
    'Greet people\n\nPlanwright-Task: T1\n',
  );
  assert.deepEqual(changedBy(repo, made), ['A\tnew [x]*.txt', 'A\tsrc/moved.ts', 'D\tsrc/c.ts', 'M\ta.txt']);
  assert.equal(git(repo, 'status', '--porcelain'), 'M  b.txt\nA  own.txt\n?? unrelated.txt\n');
  assert.equal(
    git(repo, 'log', '-1', '--format=%an %s %(trailers:key=Planwright-Task,valueonly)').trim(),
    'Dev Greet people T1',
  );
});

test('a hook that refuses is heard, and index and files are as before', async (t) => {
  const { repo, commits } = prepared(t);
  writeFileSync(join(repo, '.git/hooks/pre-commit'), '#!/bin/sh\necho "no tests, no commit" >&2\nexit 1\n', {
    mode: 0o755,
  });
  put(repo, { 'b.txt': 'staged by hand\n', 'a.txt': 'accepted\n', 'new.txt': 'accepted\n' });
  git(repo, 'add', 'b.txt');
  const before = [git(repo, 'status', '--porcelain'), git(repo, 'rev-parse', 'HEAD')];
  await assert.rejects(commits.commit(['a.txt', 'new.txt'], 'x'), { code: 'CONFLICT', message: /no tests, no commit/ });
  assert.deepEqual([git(repo, 'status', '--porcelain'), git(repo, 'rev-parse', 'HEAD')], before);
});

test('with nothing changed there is no commit', async (t) => {
  const { repo, commits } = prepared(t);
  assert.equal(await commits.commit(['a.txt'], 'x'), null);
  assert.equal(git(repo, 'rev-list', '--count', 'HEAD').trim(), '1');
});

test('in a folder of a repository paths are those of the folder', async (t) => {
  const { repo } = prepared(t);
  put(repo, { 'src/c.ts': 'accepted\n', 'src/n.ts': 'accepted\n', 'c.ts': 'not meant\n' });
  const made = await new GitCommits(join(repo, 'src')).commit(['c.ts', 'n.ts'], 'x');
  assert.deepEqual(changedBy(repo, made), ['A\tsrc/n.ts', 'M\tsrc/c.ts']);
});

test('a branch begins where the developer is, with their changes; a bad or known name is refused', async (t) => {
  const { repo, commits } = prepared(t);
  put(repo, { 'a.txt': 'in the middle of something\n' });
  assert.equal(await commits.startBranch('planwright/greet'), true);
  assert.equal(git(repo, 'branch', '--show-current').trim(), 'planwright/greet');
  assert.equal(git(repo, 'status', '--porcelain'), ' M a.txt\n');
  for (const name of ['main', '--orphan', 'a b', 'x..y', '-']) {
    await assert.rejects(commits.startBranch(name), { code: 'CONFLICT' });
  }
  assert.equal(git(repo, 'branch', '--show-current').trim(), 'planwright/greet');
});

test('messages name task, requirements and run; a branch is named after the plan', () => {
  const task = { id: 'T2', title: 'Greet\npeople', requirements: ['R1', 'R3'] };
  assert.equal(
    commitMessage({ ...task, description: '', dependsOn: [], files: [], tests: [], doneWhen: [], size: 'S' }, 'run7'),
    'Greet people\n\nPlanwright-Requirements: R1, R3\nPlanwright-Task: T2\nPlanwright-Run: run7\n',
  );
  assert.equal(branchName('planwright/{title}', 'run7', 'Grüße, für alle!'), 'planwright/gru-e-fur-alle');
  assert.equal(branchName('p/{title}', 'run7', '日本'), 'p/run7');
});
