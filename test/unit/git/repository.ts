import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, type TestContext } from 'node:test';

const who = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.org', '-c', 'protocol.file.allow=always'];
const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function put(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function scratch(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'planwright-git-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** What a command run on the side could set off. */
const hooks = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'pre-auto-gc',
  'pre-commit',
  'pre-push',
  'prepare-commit-msg',
  'reference-transaction',
];

/** A repository with a commit, hooks that leave a trace when they run, and something in the stash. */
export function repository(root: string, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(root, 'repo');
  cpSync(prepared(files), folder, { recursive: true, verbatimSymlinks: true });
  git(folder, 'update-index', '-q', '--refresh');
  for (const name of hooks) {
    const hook = join(folder, '.git/hooks', name);
    writeFileSync(hook, `#!/bin/sh\necho ${name} >> "${root}/hooks-ran"\n`, { mode: 0o755 });
  }
  return folder;
}

/** Adds a repository of one file to another one, as a submodule named "sub". */
export function addSubmodule(repo: string, root: string): void {
  const inner = join(root, 'inner');
  mkdirSync(inner);
  git(inner, 'init', '-q', '-b', 'main');
  put(inner, { 'i.txt': 'i\n' });
  git(inner, 'add', '-A');
  git(inner, 'commit', '-qm', 'inner');
  git(repo, 'submodule', '--quiet', 'add', inner, 'sub');
  git(repo, 'commit', '-qm', 'sub');
}

const originals = new Map<string, string>();
after(() => {
  for (const original of originals.values()) rmSync(original, { recursive: true, force: true });
});

/** The repository to copy, made once for the same files: Git takes longer to make one than a test takes with it. */
function prepared(files: Readonly<Record<string, string | Buffer>>): string {
  const key = JSON.stringify(files);
  const known = originals.get(key);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'planwright-git-'));
  originals.set(key, folder);
  git(folder, 'init', '-q', '-b', 'main', '--template=');
  mkdirSync(join(folder, '.git/hooks'));
  mkdirSync(join(folder, '.git/info'));
  put(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  put(folder, { 'stashed.txt': 'for later\n' });
  git(folder, 'stash', 'push', '-q', '-u');
  return folder;
}

/** All that a checkpoint must leave as it is. */
export function untouched(folder: string, root: string) {
  const names = ['index', 'HEAD', 'MERGE_HEAD', 'config', 'logs/HEAD', 'logs/refs/stash', 'hooks'];
  const answer = git(folder, 'rev-parse', ...names.flatMap((name) => ['--git-path', name]));
  const [index = '', head = '', merge = '', config = '', reflog = '', stash = '', hooks = ''] = answer
    .split('\n')
    .map((path) => resolve(folder, path));
  const bytes = (file: string) => (existsSync(file) ? readFileSync(file).toString('base64') : null);
  const hook = (name: string) => [name, statSync(join(hooks, name)).mode, bytes(join(hooks, name))];
  return {
    status: git(folder, 'status', '--porcelain=v2', '--branch', '--untracked-files=all'),
    index: bytes(index),
    refs: git(folder, 'for-each-ref')
      .split('\n')
      .filter((line) => !line.includes('refs/planwright/')),
    reflog: bytes(reflog),
    stash: bytes(stash),
    head: bytes(head),
    merge: bytes(merge),
    config: bytes(config),
    hooks: existsSync(hooks) ? readdirSync(hooks).sort().map(hook) : [],
    ran: bytes(join(root, 'hooks-ran')),
  };
}
