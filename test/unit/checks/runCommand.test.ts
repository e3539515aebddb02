import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { checkEnvironment } from '../../../src/hosts/node/checks/environment.ts';
import { type CommandOptions, defaultLimits, runCommand } from '../../../src/hosts/node/checks/runCommand.ts';
import { Folders, never } from './folders.ts';

let folders: Folders;
beforeEach(() => {
  folders = new Folders();
});
afterEach(() => folders.dispose());

const env = checkEnvironment(process.env);
const run = (command: string[], options: Partial<CommandOptions> = {}) =>
  runCommand({ command, cwd: folders.workspace, env, limits: defaultLimits, signal: never, ...options });
const node = (source: string, options: Partial<CommandOptions> = {}) => run(['node', '-e', source], options);

/** One that has ended and waits for its parent to notice is gone. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !'ZX'.includes(stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3));
  } catch {
    return false;
  }
}

/** The source of a script that writes its own number down, starts `children`, each a script, and stays. */
const staying = (file: string, ...children: string[]): string =>
  `require('fs').appendFileSync(${JSON.stringify(file)}, process.pid + '\\n');
   for (const [source, detached] of ${JSON.stringify(children.map((child, index) => [child, index % 2 === 1]))}) {
     require('child_process').spawn(process.execPath, ['-e', source], { stdio: 'inherit', detached });
   }
   process.on('SIGTERM', () => {});
   setInterval(() => {}, 1000);`;

async function pidsIn(file: string, count: number): Promise<number[]> {
  for (;;) {
    const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
    if (pids.length >= count) return pids;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a command', () => {
  it('passes or fails by its exit code, with what it printed', async () => {
    const passed = await node("console.log('out'); console.error('err')");
    assert.equal(passed.outcome, 'passed');
    assert.deepEqual(passed.output.trim().split('\n').sort(), ['err', 'out']);
    const failed = await node('process.exitCode = 3');
    assert.deepEqual([failed.outcome, failed.exitCode], ['failed', 3]);
    const killed = await node("process.kill(process.pid, 'SIGSEGV')");
    assert.deepEqual([killed.outcome, killed.exitCode], ['failed', null]);
    if (process.platform !== 'win32') assert.match(killed.cut ?? '', /SIGSEGV/);
  });

  it('gets its arguments as they are, whatever a shell would make of them', async () => {
    const args = ['$HOME', '`id`', '; exit 1', '*', 'a b', '"', "'", ''];
    const { output } = await run(['node', '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...args]);
    assert.deepEqual(JSON.parse(output), args);
  });

  it('that is not installed is not run, and says so', async () => {
    const missing = await run(['no-such-tool', '--version']);
    assert.deepEqual([missing.outcome, missing.exitCode], ['not-run', null]);
    assert.match(missing.cut ?? '', /“no-such-tool” is not installed/);
    const byShell = await run(['sh', '-c', 'no-such-tool']);
    assert.deepEqual([byShell.outcome, byShell.cut], ['not-run', '“no-such-tool” is not installed.']);
    const module = await run(['python', '-m', 'no_such_module']);
    assert.equal(module.outcome, 'not-run');
    writeFileSync(join(folders.workspace, 'plain'), '#!/bin/sh\n', { mode: 0o644 });
    assert.match((await run(['./plain'])).cut ?? '', /not an executable file/);
    assert.match((await run(['./gone'])).cut ?? '', /There is no/);
    assert.match((await node('', { cwd: join(folders.workspace, 'gone') })).cut ?? '', /folder/);
  });

  it('that merely speaks of a missing tool has failed', async () => {
    const run = await node("console.log('sh: 1: x: not found'); process.exitCode = 1");
    assert.equal(run.outcome, 'failed');
  });
});

describe('a command that goes on for too long', () => {
  it('is stopped when the run is cancelled, with all it started: also what left its group and does not listen', async () => {
    const file = join(folders.base, 'pids');
    const grandchild = staying(file);
    // The second child of each leads a group of its own.
    const source = staying(file, staying(file, grandchild, grandchild), staying(file, grandchild, grandchild));
    const controller = new AbortController();
    const running = node(source, { signal: controller.signal, limits: { ...defaultLimits, graceMs: 100 } });
    const pids = await pidsIn(file, 7);
    assert.ok(pids.every(isRunning));
    controller.abort();
    await assert.rejects(running, { code: 'CANCELLED' });
    assert.deepEqual(pids.filter(isRunning), []);
    await assert.rejects(node('', { signal: controller.signal }), { code: 'CANCELLED' });
  });

  it('is stopped when its time is up, and says so', async () => {
    const limits = { ...defaultLimits, timeoutMs: 300, graceMs: 100 };
    const run = await node("console.log('hanging'); setInterval(() => {}, 1000)", { limits });
    assert.deepEqual([run.outcome, run.exitCode], ['timed-out', null]);
    assert.equal(run.cut, 'It was stopped: it took longer than 0.3 s.');
  });

  it('leaves nothing running when it ends by itself', async () => {
    const file = join(folders.base, 'pids');
    const source = `${staying(file, staying(file), staying(file))}
      setInterval(() => { if (require('fs').readFileSync(${JSON.stringify(file)}, 'utf8').split('\\n').length > 3) process.exit(0); }, 10);`;
    const run = await node(source, { limits: { ...defaultLimits, graceMs: 100 } });
    assert.equal(run.outcome, 'passed');
    const pids = await pidsIn(file, 3);
    assert.deepEqual(pids.filter(isRunning), []);
  });
});

describe('a command that prints too much', () => {
  it('is stopped after some of a gigabyte, and takes little memory', async () => {
    const before = process.memoryUsage().rss;
    const source = `
      const chunk = Buffer.alloc(1 << 20, 'lots of text\\n');
      let left = 1024;
      const more = () => { while (left-- > 0) if (!process.stdout.write(chunk)) return process.stdout.once('drain', more); };
      process.stdout.write('the beginning\\n');
      more();`;
    const run = await node(source);
    assert.equal(run.outcome, 'failed');
    assert.match(run.cut ?? '', /printed more than 64 MB/);
    assert.ok(run.output.startsWith('the beginning\n'));
    assert.ok(run.output.length < 100 * 1024);
    assert.match(run.output, /\n… \d+ bytes left out\n/);
    assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024);
  });

  it('keeps its beginning and its end, and counts what is between', async () => {
    const source = "process.stdout.write('first\\n' + 'ä'.repeat(100_000) + '\\nlast\\n')";
    const { outcome, output } = await node(source);
    assert.equal(outcome, 'passed');
    const [, start, left, end] = /^(.*)\n… (\d+) bytes left out\n(.*)$/s.exec(output) ?? [];
    assert.ok(start?.startsWith('first\n') && end?.endsWith('\nlast\n'));
    assert.equal(Number(left), 200_012 - 96 * 1024);
    assert.ok(!output.includes('\uFFFD'));
  });

  it('hands on every line, also those left out, but no endless one', async () => {
    const lines: string[] = [];
    const source =
      "for (let i = 0; i < 30_000; i++) console.log('line ' + i); console.log('x'.repeat(1e6)); console.log('end\\r')";
    await node(source, { onLine: (line) => lines.push(line) });
    assert.equal(lines.length, 30_001);
    assert.equal(lines[15_000], 'line 15000');
    assert.equal(lines.at(-1), 'end');
  });
});

describe('the environment of a command', () => {
  const secrets = {
    OPENAI_API_KEY: 'x',
    PLANWRIGHT_ANY: 'x',
    ANTHROPIC_BASE_URL: 'x',
    AWS_PROFILE: 'x',
    AZURE_X: 'x',
    GH_HOST: 'x',
    GITHUB_ACTIONS: 'x',
    NPM_CONFIG_USERCONFIG: 'x',
    npm_config__authtoken: 'x',
    MY_SERVICE_TOKEN: 'x',
    db_password: 'x',
    SOME_SECRET_THING: 'x',
    GOOGLE_APPLICATION_CREDENTIALS: 'x',
    SSH_AUTH_SOCK: 'x',
    SIGNING_KEY: 'x',
    DATABASE_URL: 'postgres://me:pw@localhost/db',
    GIT_DIR: '/somewhere/.git',
    NODE_OPTIONS: '--require /x/bootloader.js --inspect-publish-uid=http',
    ELECTRON_RUN_AS_NODE: '1',
  };
  const plain = {
    PATH: process.env.PATH ?? '',
    HOME: '/home/dev',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    JAVA_HOME: '/opt/java',
  };

  it('has no secret in it, and what programs need', async () => {
    const clean = checkEnvironment({ ...plain, ...secrets });
    const { output } = await node('console.log(JSON.stringify(process.env))', { env: clean });
    const seen = JSON.parse(output) as Record<string, string>;
    for (const [name, value] of Object.entries(secrets)) assert.notEqual(seen[name], value, name);
    for (const [name, value] of Object.entries(plain)) assert.equal(seen[name], value, name);
    assert.equal(seen.CI, '1');
  });

  it('inherits nothing from this process', async () => {
    process.env.CHECKS_TEST_INHERITED = 'x';
    try {
      const { output } = await node('console.log(process.env.CHECKS_TEST_INHERITED)', { env: checkEnvironment(plain) });
      assert.equal(output.trim(), 'undefined');
    } finally {
      delete process.env.CHECKS_TEST_INHERITED;
    }
  });
});
