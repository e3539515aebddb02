import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

const who = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.org', '-c', 'protocol.file.allow=always'];
const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function put(folder: string, files: Readonly<Record<string, string>>): void {
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

/** A repository with a commit, hooks that leave a trace when they run, and something in the stash. */
export function repository(root: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, 'repo');
  mkdirSync(folder);
  git(folder, 'init', '-q', '-b', 'main');
  put(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  put(folder, { 'stashed.txt': 'for later\n' });
  git(folder, 'stash', 'push', '-q', '-u');
  for (const name of ['pre-commit', 'post-commit', 'reference-transaction', 'post-index-change', 'post-checkout']) {
    const hook = join(folder, '.git/hooks', name);
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\necho ${name} >> "${root}/hooks-ran"\n`, { mode: 0o755 });
  }
  return folder;
}

/** All that a checkpoint must leave as it is. */
export function untouched(folder: string, root: string) {
  const path = (name: string) => resolve(folder, git(folder, 'rev-parse', '--git-path', name).trim());
  const bytes = (file: string) => (existsSync(file) ? readFileSync(file).toString('base64') : null);
  return {
    status: git(folder, 'status', '--porcelain=v2', '--branch', '--untracked-files=all'),
    index: bytes(path('index')),
    stash: git(folder, 'stash', 'list'),
    heads: git(folder, 'for-each-ref', 'refs/heads', 'refs/tags', 'refs/remotes'),
    head: bytes(path('HEAD')),
    merge: bytes(path('MERGE_HEAD')),
    config: bytes(path('config')),
    hooks: existsSync(path('hooks')) ? readdirSync(path('hooks')).sort() : [],
    ran: bytes(join(root, 'hooks-ran')),
  };
}
