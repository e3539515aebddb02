import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { GitCommits } from '../../../src/hosts/node/git/commits.ts';
import type { PlanwrightError } from '../../../src/workflow/errors.ts';
import { branchName, commitMessage } from '../../../src/workflow/phases/commit.ts';
import { isAlive } from '../checks/processes.ts';
import { git, put, repository, scratch, untouched } from './repository.ts';

const never = new AbortController().signal;
const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'src/c.ts': 'c\n' };

function prepared(t: Parameters<typeof scratch>[0]) {
  const root = scratch(t);
  const repo = repository(root, files);
  git(repo, 'config', 'user.name', 'Dev');
  git(repo, 'config', 'user.email', 'dev@example.org');
  return {
    root,
    repo,
    commits: new GitCommits(
      repo,
      () => {},
      async () => {},
    ),
  };
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
    never,
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
  await assert.rejects(commits.commit(['a.txt', 'new.txt'], 'x', never), {
    code: 'CONFLICT',
    message: /no tests, no commit/,
  });
  assert.deepEqual([git(repo, 'status', '--porcelain'), git(repo, 'rev-parse', 'HEAD')], before);
});

/** Says its process and that of what it has started, and never ends; what Git tells it to end with it does not hear. */
const endlessHook = (pids: string) =>
  `#!/bin/sh\ntrap '' TERM\nsleep 1000 &\necho $! >> '${pids}'\necho $$ >> '${pids}'\nwhile :; do wait; sleep 1; done\n`;

for (const hook of ['pre-commit', 'post-commit']) {
  for (const how of ['takes too long', 'is there when the run is cancelled']) {
    test(`a ${hook} hook that ${how} is ended with all that it started, and Git is left as it can be used`, async (t) => {
      const { root, repo } = prepared(t);
      const pids = join(root, 'pids');
      const started = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []);
      const hasBegun = async () => {
        while (started().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      put(repo, { 'b.txt': 'staged by hand\n', 'a.txt': 'accepted\n', 'new.txt': 'accepted\n' });
      git(repo, 'add', 'b.txt');
      const before = git(repo, 'status', '--porcelain');
      writeFileSync(join(repo, '.git/hooks', hook), endlessHook(pids), { mode: 0o755 });
      const cancel = new AbortController();
      // The time is over as soon as the hook is at work, or never.
      const limit = () => (how === 'takes too long' ? hasBegun() : new Promise(() => {}));
      const commits = new GitCommits(repo, () => {}, undefined, limit);
      const committed = commits.commit(['a.txt', 'new.txt'], 'x', cancel.signal).then(
        (commit) => ({ commit }),
        (error: PlanwrightError) => ({ error }),
      );
      await hasBegun();
      if (how !== 'takes too long') cancel.abort();
      const came = await committed;
      assert.deepEqual(started().filter(isAlive), []);
      assert.equal(existsSync(join(repo, '.git/index.lock')), false);
      rmSync(join(repo, '.git/hooks', hook));
      if (hook === 'post-commit') {
        const made = 'commit' in came ? came.commit : null;
        assert.deepEqual(changedBy(repo, made), ['A\tnew.txt', 'M\ta.txt'], 'the commit was made before it');
      } else {
        assert.ok('error' in came);
        const { code, message, hint = '' } = came.error;
        assert.equal(code, how === 'takes too long' ? 'CONFLICT' : 'CANCELLED');
        if (how === 'takes too long') {
          assert.match(message, /not committed. It took longer than 10 minutes and was stopped: a hook/);
          assert.match(hint, /Nothing is lost.*commit the files yourself/);
        }
        assert.equal(git(repo, 'status', '--porcelain'), before);
        // Whoever goes on with the run finds nothing in the way.
        assert.ok(await new GitCommits(repo, () => {}).commit(['a.txt', 'new.txt'], 'x', never));
      }
      assert.equal(git(repo, 'status', '--porcelain'), 'M  b.txt\n');
    });
  }
}

test('what a hook leaves running is not waited for, and not ended', async (t) => {
  const { root, repo, commits } = prepared(t);
  const pids = join(root, 'pids');
  const hook = `#!/bin/sh\nsleep 1000 &\necho $! > '${pids}'\n`;
  writeFileSync(join(repo, '.git/hooks/post-commit'), hook, { mode: 0o755 });
  put(repo, { 'a.txt': 'accepted\n' });
  const made = await commits.commit(['a.txt'], 'x', never);
  assert.deepEqual(changedBy(repo, made), ['M\ta.txt']);
  const left = Number(readFileSync(pids, 'utf8'));
  assert.equal(isAlive(left), true);
  process.kill(left);
});

/** Each brings a repository into a state in which no commit is made, and says what is told. */
const states: Readonly<Record<string, (repo: string, t: TestContext) => RegExp>> = {
  'on no branch': (repo) => {
    git(repo, 'checkout', '-q', '--detach');
    return /HEAD is detached/;
  },
  'in a rebase': (repo) => {
    put(repo, { 'b.txt': 'second\n' });
    git(repo, 'commit', '-qam', 'second');
    assert.throws(() => git(repo, '-c', 'core.editor=true', 'rebase', '-q', '--exec', 'false', 'HEAD~1'));
    return /A rebase is under way/;
  },
  'in a merge with conflicts': (repo) => {
    git(repo, 'checkout', '-q', '-b', 'side');
    put(repo, { 'b.txt': 'theirs\n' });
    git(repo, 'commit', '-qam', 'side');
    git(repo, 'checkout', '-q', 'main');
    put(repo, { 'b.txt': 'ours\n' });
    git(repo, 'commit', '-qam', 'main');
    assert.throws(() => git(repo, 'merge', 'side'));
    return /A merge is under way/;
  },
  'with a conflict left by the stash': (repo) => {
    put(repo, { 'b.txt': 'stashed\n' });
    git(repo, 'stash', '-q');
    put(repo, { 'b.txt': 'committed\n' });
    git(repo, 'commit', '-qam', 'second');
    assert.throws(() => git(repo, 'stash', 'pop'));
    return /b\.txt is in conflict/;
  },
  'by nobody': (repo, t) => {
    for (const name of ['user.name', 'user.email']) git(repo, 'config', '--unset', name);
    git(repo, 'config', 'user.useConfigOnly', 'true');
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = '/dev/null';
    t.after(() => {
      if (before === undefined) delete process.env.GIT_CONFIG_GLOBAL;
      else process.env.GIT_CONFIG_GLOBAL = before;
    });
    return /does not know who you are/;
  },
  'while another command has the index': (repo) => {
    put(repo, { '.git/index.lock': '' });
    return /Another Git command is at work/;
  },
};

for (const [state, arrange] of Object.entries(states)) {
  test(`no commit is made ${state}; that is said, and files, index and refs stay`, async (t) => {
    const { root, repo, commits } = prepared(t);
    const said = arrange(repo, t);
    put(repo, { 'a.txt': 'accepted\n', 'new.txt': 'accepted\n' });
    const before = untouched(repo, root);
    await assert.rejects(commits.commit(['a.txt', 'new.txt'], 'x', never), (error: PlanwrightError) => {
      assert.equal(error.code, 'CONFLICT');
      assert.match(error.message, said);
      assert.match(error.hint ?? '', /Nothing is lost.*commit (the files|them) yourself/);
      return true;
    });
    assert.deepEqual(untouched(repo, root), before);
    assert.equal(readFileSync(join(repo, 'a.txt'), 'utf8'), 'accepted\n');
  });
}

test('a commit waits for a moment for another command that has the index', async (t) => {
  const { repo } = prepared(t);
  put(repo, { 'a.txt': 'accepted\n', '.git/index.lock': '' });
  const commits = new GitCommits(
    repo,
    () => {},
    async () => rmSync(join(repo, '.git/index.lock')),
  );
  const made = await commits.commit(['a.txt'], 'x', never);
  assert.deepEqual(changedBy(repo, made), ['M\ta.txt']);
});

test('the first commit of a repository can be one of a task, and hooks may change what is committed', async (t) => {
  const root = scratch(t);
  const repo = join(root, 'empty');
  mkdirSync(repo);
  git(repo, 'init', '-q', '-b', 'main');
  git(repo, 'config', 'user.name', 'Dev');
  git(repo, 'config', 'user.email', 'dev@example.org');
  put(repo, { '.git/hooks/pre-commit': '#!/bin/sh\necho formatted > a.txt && git add a.txt\n', 'a.txt': 'accepted\n' });
  chmodSync(join(repo, '.git/hooks/pre-commit'), 0o755);
  const commits = new GitCommits(repo, () => {});
  assert.equal(await commits.startBranch('planwright/first', 'run-1', never), true);
  const made = await commits.commit(['a.txt'], 'x', never);
  assert.equal(git(repo, 'show', `${made}:a.txt`), 'formatted\n');
  assert.equal(git(repo, 'status', '--porcelain'), '');
  assert.equal(git(repo, 'branch', '--show-current').trim(), 'planwright/first');
});

test('with nothing changed there is no commit', async (t) => {
  const { repo, commits } = prepared(t);
  assert.equal(await commits.commit(['a.txt'], 'x', never), null);
  assert.equal(git(repo, 'rev-list', '--count', 'HEAD').trim(), '1');
});

test('in a folder of a repository paths are those of the folder', async (t) => {
  const { repo } = prepared(t);
  put(repo, { 'src/c.ts': 'accepted\n', 'src/n.ts': 'accepted\n', 'c.ts': 'not meant\n' });
  const made = await new GitCommits(join(repo, 'src'), () => {}).commit(['c.ts', 'n.ts'], 'x', never);
  assert.deepEqual(changedBy(repo, made), ['A\tsrc/n.ts', 'M\tsrc/c.ts']);
});

test('a branch begins where the developer is, with their changes; a bad or known name is refused', async (t) => {
  const { repo } = prepared(t);
  put(repo, { 'a.txt': 'in the middle of something\n' });
  const begun: string[] = [];
  const commits = new GitCommits(repo, (branch, runId) => {
    assert.equal(git(repo, 'branch', '--list', branch), '', 'heard of before it is there');
    begun.push(`${branch} of ${runId}`);
  });
  assert.equal(await commits.startBranch('planwright/greet', 'run-1', never), true);
  assert.equal(git(repo, 'branch', '--show-current').trim(), 'planwright/greet');
  assert.equal(git(repo, 'status', '--porcelain'), ' M a.txt\n');
  assert.equal(
    await commits.startBranch('planwright/greet', 'run-1', never),
    true,
    'a run that was killed begins it again',
  );
  for (const name of ['main', '--orphan', 'a b', 'x..y', '-']) {
    await assert.rejects(commits.startBranch(name, 'run-1', never), { code: 'CONFLICT' });
  }
  assert.equal(git(repo, 'branch', '--show-current').trim(), 'planwright/greet');
  assert.deepEqual(begun, ['planwright/greet of run-1'], 'somebody’s own branch is not taken for a run’s');
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
