import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NodeChecks, type NodeChecksOptions } from '../../../src/hosts/node/checks/checkRunner.ts';

/** A folder with these files, and one beside it for scratch copies. */
export class Folders {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'planwright-checks-')));
  readonly workspace = join(this.base, 'workspace');
  readonly temp = join(this.base, 'temp');

  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.workspace);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.workspace, path)), { recursive: true });
    writeFileSync(join(this.workspace, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.workspace, path), 'utf8');
  }

  git(...args: string[]): string {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
    const identity = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: this.workspace, env, encoding: 'utf8' });
  }

  /** Makes it a repository with everything committed. */
  commitAll(): void {
    this.git('init', '-q', '-b', 'main');
    this.git('add', '-A');
    this.git('commit', '-q', '-m', 'All');
  }

  checks(options: Partial<NodeChecksOptions> = {}): NodeChecks {
    return new NodeChecks({ workspace: this.workspace, temp: this.temp, ...options });
  }

  dispose(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

export const never = new AbortController().signal;
export const noFiles: ReadonlyMap<string, string | null> = new Map();

/** Is this program here to test with? */
export function hasProgram(name: string, ...args: string[]): boolean {
  try {
    execFileSync(name, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a program prints; nothing when it is not here. */
function outputOf(name: string, ...args: string[]): string {
  try {
    return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/**
 * A Python that has pytest, itself: what chooses between several by the name takes longer than the tests do. Empty
 * without one.
 */
export const pythonWithPytest = () => outputOf('python3', '-c', 'import pytest, sys; print(sys.executable)').trim();

/** What else is installed beside pytest is loaded with it otherwise, and takes most of the time. */
export const pytestAlone = { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' };

/** A small project whose test passes. */
export const addingProject = {
  'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test' } }),
  'add.js': 'export const add = (a, b) => a + b;\n',
  'add.test.js': [
    "import assert from 'node:assert';",
    "import { test } from 'node:test';",
    "import { add } from './add.js';",
    "test('adds', () => assert.equal(add(1, 2), 3));",
    "test('adds nothing', () => assert.equal(add(1, 0), 1));",
    '',
  ].join('\n'),
};
