import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import type { CheckCommand, CheckRun } from '../../../src/workflow/checks/checks.ts';
import { compareRuns } from '../../../src/workflow/checks/compare.ts';
import { addingProject, Folders, hasProgram, never, noFiles, pytestAlone, pythonWithPytest } from './folders.ts';

let folders: Folders;
afterEach(() => folders.dispose());

const npmTest: CheckCommand = { name: 'npm test', kind: 'test', command: ['npm', 'test'], cwd: '.' };
/** As npm would run it, and sooner. */
const nodeTest: CheckCommand = { ...npmTest, command: ['node', '--test'] };
/** In one process, sooner still; a file that cannot be read ends all of it. */
const quickTest: CheckCommand = { ...npmTest, command: ['node', '--test', '--test-isolation=none'] };
const script = (source: string, more: Partial<CheckCommand> = {}): CheckCommand => ({
  name: 'script',
  kind: 'lint',
  command: ['node', '-e', source],
  cwd: '.',
  ...more,
});
const only = ([run]: readonly CheckRun[]): CheckRun => {
  assert.ok(run);
  return run;
};

/** What must be as it was, whatever the checks do. */
function repositoryState() {
  // Hooks and the monitor of this repository would run for the looking, too.
  const look = (...args: string[]) =>
    folders.git('--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args);
  const gitFile = (path: string) => {
    const file = join(folders.workspace, '.git', path);
    return existsSync(file) ? readFileSync(file).toString('base64') : null;
  };
  // The bytes first: looking at the status may rewrite the index.
  const index = gitFile('index');
  return {
    index,
    head: gitFile('HEAD'),
    logs: gitFile('logs/HEAD'),
    config: gitFile('config'),
    refs: look('for-each-ref'),
    stash: look('stash', 'list'),
    worktrees: look('worktree', 'list', '--porcelain'),
    status: look('status', '--porcelain=v2', '--untracked-files=all'),
    ignored: existsSync(join(folders.workspace, '.git', 'worktrees'))
      ? readdirSync(join(folders.workspace, '.git', 'worktrees'))
      : [],
  };
}

describe('checks of a git repository', () => {
  it('tells a breaking proposal from a mended one, test by test', async () => {
    folders = new Folders(addingProject);
    folders.commitAll();
    const checks = folders.checks();
    assert.deepEqual(
      (await checks.detect()).map(({ name }) => name),
      ['npm test'],
    );

    const before = only(await checks.baseline([npmTest], never));
    assert.equal(before.outcome, 'passed', before.output);
    const broken = only(await checks.run([npmTest], new Map([['add.js', 'export const add = (a) => a;\n']]), never));
    assert.equal(broken.outcome, 'failed');
    assert.deepEqual(broken.failures, ['add.test.js: adds']);
    const comparison = compareRuns(before, broken);
    assert.equal(comparison.verdict, 'new failure');
    assert.deepEqual(comparison.newFailures, ['add.test.js: adds']);

    const mended = only(
      await checks.run([quickTest], new Map([['add.js', 'export const add = (a, b) => b + a;\n']]), never),
    );
    assert.equal(compareRuns(broken, mended).verdict, 'mended');
    assert.equal(folders.read('add.js'), addingProject['add.js']);
  });

  it('does not blame a proposal for what failed from the start', async () => {
    folders = new Folders({
      ...addingProject,
      'old.test.js': "import { test } from 'node:test';\ntest('was broken', () => { throw new Error('x'); });\n",
    });
    folders.commitAll();
    const checks = folders.checks();
    const before = only(await checks.baseline([quickTest], never));
    assert.deepEqual(before.failures, ['old.test.js: was broken']);

    const unrelated = only(await checks.run([quickTest], new Map([['README.md', '# Adding\n']]), never));
    assert.equal(compareRuns(before, unrelated).verdict, 'already failing');
    const breaking = only(await checks.run([quickTest], new Map([['add.js', 'export const add = () => 1;\n']]), never));
    const comparison = compareRuns(before, breaking);
    assert.equal(comparison.verdict, 'new failure');
    assert.deepEqual(comparison.newFailures, ['add.test.js: adds']);
    assert.deepEqual(comparison.stillFailing, ['old.test.js: was broken']);
  });

  it('sees what the developer has not committed, and proposals over that', async () => {
    folders = new Folders({
      'kept.txt': 'kept',
      'changed.txt': 'old',
      'gone.txt': '',
      'staged.txt': 'old',
      '.gitignore': 'out\n',
    });
    folders.commitAll();
    folders.write('changed.txt', 'changed');
    folders.write('staged.txt', 'staged');
    folders.git('add', 'staged.txt');
    folders.write('new/untracked.txt', 'untracked');
    folders.write('out', 'ignored');
    rmSync(join(folders.workspace, 'gone.txt'));
    const list = script(`
      const { readdirSync, readFileSync, statSync } = require('node:fs');
      for (const name of readdirSync('.', { recursive: true }).sort()) {
        if (!name.startsWith('.git') && statSync(name).isFile()) console.log(name + '=' + readFileSync(name));
      }`);
    const files = new Map([
      ['changed.txt', 'proposed'],
      ['kept.txt', null],
      ['made/deep/er.txt', 'made'],
    ]);
    const { output } = only(await folders.checks().run([list], files, never));
    assert.deepEqual(output.trim().split('\n'), [
      'changed.txt=proposed',
      'made/deep/er.txt=made',
      'new/untracked.txt=untracked',
      'staged.txt=staged',
    ]);
  });

  it('leaves the index, the branches, the stash and the working tree as they were', async () => {
    folders = new Folders({ ...addingProject, '.gitattributes': '*.js filter=loud\n' });
    folders.commitAll();
    const marker = join(folders.base, 'marker');
    const loud = `touch '${marker}'`;
    folders.git('config', 'filter.loud.smudge', loud);
    folders.git('config', 'core.fsmonitor', `${loud} #`);
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction']) {
      writeFileSync(join(folders.workspace, '.git', 'hooks', hook), `#!/bin/sh\n${loud}\n`, { mode: 0o755 });
    }
    folders.git('config', 'filter.loud.clean', 'cat');
    const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
    folders.write('add.js', 'export const add = (a, b) => a + b; // stashed\n');
    folders.git(...quiet, 'stash');
    folders.write('add.js', 'export const add = (a, b) => b + a;\n');
    folders.git(...quiet, 'add', 'add.js');
    folders.write('add.js', 'export const add = (a, b) => a - -b;\n');
    folders.write('notes.txt', 'untracked');
    rmSync(marker, { force: true });

    const before = repositoryState();
    const checks = folders.checks();
    const broken = new Map([['add.js', 'export const add = () => 0;\n']]);
    assert.equal(only(await checks.run([quickTest], broken, never)).outcome, 'failed');
    await checks.baseline([quickTest], never);
    assert.deepEqual(repositoryState(), before);
    assert.equal(existsSync(marker), false, 'neither a hook nor a filter of the repository has run');
    assert.deepEqual(readdirSync(folders.temp), []);
  });

  it('gives a check an index of its own, where new files are known', async () => {
    folders = new Folders(addingProject);
    folders.commitAll();
    const before = repositoryState();
    const list = { ...script(''), command: ['git', 'ls-files'] };
    const add = { ...script(''), name: 'add', command: ['git', 'add', '-A'] };
    const runs = await folders.checks().run([list, add], new Map([['new.js', '']]), never);
    assert.deepEqual(runs[0]?.output.trim().split('\n'), ['add.js', 'add.test.js', 'new.js', 'package.json']);
    assert.equal(runs[1]?.outcome, 'passed');
    assert.deepEqual(repositoryState(), before);
  });

  it('keeps whatever a check does with git in the copy: stash, tags, branches, commits, configuration', async () => {
    folders = new Folders({ ...addingProject, 'sub/x.txt': 'x' });
    folders.commitAll();
    folders.git('tag', 'v1');
    folders.git('branch', 'other');
    folders.git('remote', 'add', 'origin', 'https://example.com/x.git');
    const before = repositoryState();
    const steps: readonly (readonly string[])[] = [
      ['describe', '--tags'],
      ['log', '-1', '--format=%s', 'other'],
      ['stash'],
      ['tag', 'theirs'],
      ['tag', '-d', 'v1'],
      ['branch', '-D', 'other'],
      ['-c', 'user.name=X', '-c', 'user.email=x@example.com', 'commit', '-q', '--allow-empty', '-m', 'Theirs'],
      ['config', 'core.pager', 'theirs'],
      ['update-ref', '-d', 'refs/heads/main'],
      ['-c', 'gc.pruneExpire=now', 'gc', '--quiet', '--prune=now'],
      ['remote'],
    ];
    const commands = steps.map((args, index) => ({ ...script(''), name: `${index}`, command: ['git', ...args] }));
    const env = { ...process.env, GIT_AUTHOR_NAME: 'X', GIT_AUTHOR_EMAIL: 'x@example.com' };
    const committer = { GIT_COMMITTER_NAME: 'X', GIT_COMMITTER_EMAIL: 'x@example.com' };
    const checks = folders.checks({ env: { ...env, ...committer } });
    const runs = await checks.run(commands, new Map([['add.js', '// changed\n']]), never);
    assert.deepEqual(
      runs.map(({ name, outcome, output }) => [name, outcome, outcome === 'passed' ? '' : output]),
      commands.map(({ name }) => [name, 'passed', '']),
    );
    assert.equal(runs[0]?.output.trim(), 'v1');
    assert.equal(runs[1]?.output.trim(), 'All');
    assert.equal(runs.at(-1)?.output.trim(), '');
    assert.deepEqual(repositoryState(), before);
    assert.equal(folders.git('fsck', '--full', '--strict').trim(), '');
  });

  it('works on a folder inside a repository, with what is around it', async () => {
    folders = new Folders({ 'shared/a.txt': 'shared', 'app/b.txt': 'own' });
    folders.commitAll();
    const checks = folders.checks({ workspace: join(folders.workspace, 'app') });
    const read = script(
      "console.log(require('fs').readFileSync('../shared/a.txt') + '+' + require('fs').readFileSync('b.txt'))",
    );
    const { output } = only(await checks.run([read], new Map([['b.txt', 'proposed']]), never));
    assert.equal(output.trim(), 'shared+proposed');
  });

  it('works on a repository without a commit', async () => {
    folders = new Folders(addingProject);
    folders.git('init', '-q');
    assert.equal(only(await folders.checks().run([quickTest], noFiles, never)).outcome, 'passed');
  });

  it('runs the baseline once for one state of the workspace', async () => {
    folders = new Folders(addingProject);
    folders.commitAll();
    const ran = join(folders.base, 'ran');
    const count = script(`require('fs').appendFileSync(${JSON.stringify(ran)}, '.')`);
    const checks = folders.checks();
    await checks.baseline([count], never);
    await checks.baseline([count], never);
    assert.equal(readFileSync(ran, 'utf8'), '.');
    folders.write('add.js', '// dirty\n');
    await checks.baseline([count], never);
    folders.write('add.js', '// worse\n');
    await checks.baseline([count], never);
    folders.git('commit', '-q', '-a', '-m', 'Worse');
    await checks.baseline([count], never);
    assert.equal(readFileSync(ran, 'utf8'), '....');
  });
});

describe('checks of a folder without git', () => {
  it('runs in a copy without what is ignored', async () => {
    folders = new Folders({ ...addingProject, '.gitignore': 'secret.txt\n', 'secret.txt': 'x' });
    const checks = folders.checks();
    assert.equal(only(await checks.run([quickTest], noFiles, never)).outcome, 'passed');
    const broken = only(await checks.run([nodeTest], new Map([['add.js', 'syntax error']]), never));
    assert.deepEqual(broken.failures, ['add.test.js']);
    const look = script("console.log(require('fs').existsSync('secret.txt'))");
    assert.equal(only(await checks.run([look], noFiles, never)).output.trim(), 'false');
    assert.equal(existsSync(join(folders.workspace, '.git')), false);
    assert.deepEqual(readdirSync(folders.temp), []);
  });

  it('keeps links and modes', { skip: process.platform === 'win32' && 'links need a right on Windows' }, async () => {
    folders = new Folders({ 'a.txt': 'a' });
    symlinkSync('a.txt', join(folders.workspace, 'link.txt'));
    writeFileSync(join(folders.workspace, 'tool.sh'), '#!/bin/sh\ncat link.txt\n', { mode: 0o755 });
    const run = only(await folders.checks().run([{ ...script(''), command: ['./tool.sh'] }], noFiles, never));
    assert.equal(run.output, 'a');
  });

  it('refuses one that is too large, and leaves nothing', async () => {
    folders = new Folders({ 'a.txt': 'a'.repeat(2000), 'b.txt': '' });
    const checks = folders.checks({ copyLimits: { files: 10, bytes: 1000 } });
    await assert.rejects(checks.run([nodeTest], noFiles, never), { code: 'TOO_LARGE' });
    assert.deepEqual(readdirSync(folders.temp), []);
  });
});

describe('a scratch copy', () => {
  it('uses the installed packages, but the workspace’s own ones as they are proposed', async () => {
    folders = new Folders({
      'package.json': JSON.stringify({ workspaces: ['packages/*'] }),
      'packages/own/package.json': JSON.stringify({ name: 'own', main: 'index.js' }),
      'packages/own/index.js': "module.exports = 'as it is';\n",
      'node_modules/lib/index.js': "module.exports = 'lib';\n",
      'node_modules/@scope/lib/index.js': "module.exports = 'scoped';\n",
      'node_modules/.cache/x': '',
      '.gitignore': 'node_modules/\n',
    });
    symlinkSync('../packages/own', join(folders.workspace, 'node_modules', 'own'), 'junction');
    folders.commitAll();
    const use = script(`
      console.log(require('own'), require('lib'), require('@scope/lib'));
      require('fs').mkdirSync('node_modules/.cache');
      require('fs').rmSync('node_modules', { recursive: true });`);
    const files = new Map([['packages/own/index.js', "module.exports = 'as proposed';\n"]]);
    const run = only(await folders.checks().run([use], files, never));
    assert.equal(run.output.trim(), 'as proposed lib scoped');
    assert.equal(folders.read('node_modules/lib/index.js'), "module.exports = 'lib';\n");
    assert.deepEqual(readdirSync(join(folders.workspace, 'node_modules', '.cache')), ['x']);
  });

  it('writes no proposal through a link to the outside', async () => {
    folders = new Folders({ 'a.txt': 'a', 'node_modules/lib/index.js': 'lib', '.gitignore': 'node_modules\n' });
    const outside = join(folders.base, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'x.txt'), 'theirs');
    symlinkSync(outside, join(folders.workspace, 'link'), 'junction');
    folders.commitAll();
    const checks = folders.checks();
    for (const path of ['link/x.txt', 'link/new/y.txt', '../x.txt']) {
      await assert.rejects(
        checks.run([nodeTest], new Map([[path, 'ours']]), never),
        { code: 'OUTSIDE_WORKSPACE' },
        path,
      );
    }
    await assert.rejects(checks.run([nodeTest], new Map([['link/x.txt', null]]), never), { code: 'OUTSIDE_WORKSPACE' });
    await assert.rejects(checks.run([nodeTest], new Map([['.git/config', 'x']]), never), { code: 'DENIED_PATH' });
    await checks.run([script('')], new Map([['node_modules/lib/index.js', 'ours']]), never);
    assert.equal(readFileSync(join(outside, 'x.txt'), 'utf8'), 'theirs');
    assert.deepEqual(readdirSync(outside), ['x.txt']);
    assert.equal(folders.read('node_modules/lib/index.js'), 'lib');
    assert.deepEqual(readdirSync(folders.temp), []);
  });

  it('of a killed process is removed at the next start, one of a living process is not', async () => {
    folders = new Folders(addingProject);
    folders.commitAll();
    // Numbers are not given out that high.
    for (const name of ['scratch-99999999-dead', `scratch-${process.ppid}-alive`, 'something-else']) {
      mkdirSync(join(folders.temp, name, 'inner'), { recursive: true });
    }
    await folders.checks().run([script('')], noFiles, never);
    assert.deepEqual(readdirSync(folders.temp).sort(), [`scratch-${process.ppid}-alive`, 'something-else']);
  });

  it('is removed when the run is cancelled', async () => {
    folders = new Folders(addingProject);
    folders.commitAll();
    const controller = new AbortController();
    const started = join(folders.base, 'started');
    const wait = script(`require('fs').writeFileSync(${JSON.stringify(started)}, ''); setInterval(() => {}, 1000)`);
    const running = folders.checks().run([wait], noFiles, controller.signal);
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    await assert.rejects(running, { code: 'CANCELLED' });
    assert.deepEqual(readdirSync(folders.temp), []);
    assert.ok(!folders.git('worktree', 'list').includes('scratch-'));
  });
});

describe('coverage that is measured', () => {
  it('is read from what node:test writes, for the files as proposed', async () => {
    folders = new Folders(addingProject);
    folders.commitAll();
    const checks = folders.checks();
    const proposed = 'export const add = (a, b) => a + b;\nexport function never() {\n  return 1;\n}\n';
    const [measured] = await checks.measure(await checks.detect(), new Map([['add.js', proposed]]), never);
    assert.equal(measured?.run.outcome, 'passed', measured?.run.output);
    const file = measured?.coverage?.files.get('add.js');
    assert.deepEqual([...(file?.total ?? [])], [1, 2, 3, 4]);
    assert.ok(file?.covered.has(1) && !file.covered.has(3));
  });

  it('is not measured, and says so, where the tool for it is missing; the tests run all the same', async () => {
    folders = new Folders(addingProject);
    const coverage = { command: ['no-such-tool'], report: 'x/lcov.info', format: 'lcov' } as const;
    const check: CheckCommand = { ...quickTest, coverage: { ...coverage, command: [...coverage.command] } };
    const [measured] = await folders.checks().measure([check], noFiles, never);
    assert.equal(measured?.run.outcome, 'passed');
    assert.equal(measured?.coverage?.overall, null);
    assert.match(measured?.coverage?.reason ?? '', /no-such-tool.*not installed/);
  });
});

describe('other toolchains', () => {
  const python = pythonWithPytest();
  it('names the tests that pytest says failed', { skip: python === '' && 'pytest is not installed' }, async () => {
    folders = new Folders({
      'requirements.txt': 'pytest\n',
      'adding.py': 'def add(a, b):\n    return a + b\n',
      'test_adding.py':
        'import pytest\nfrom adding import add\n\n@pytest.mark.parametrize("name", ["a - b", "c"])\ndef test_add(name):\n    assert add(1, 2) == 3\n',
    });
    const PATH = [dirname(python), process.env.PATH].join(delimiter);
    const checks = folders.checks({ env: { ...process.env, ...pytestAlone, PATH } });
    const found = (await checks.detect()).filter(({ kind }) => kind === 'test');
    assert.equal(only(await checks.run(found, noFiles, never)).outcome, 'passed');
    const broken = only(await checks.run(found, new Map([['adding.py', 'def add(a, b):\n    return a\n']]), never));
    assert.deepEqual(broken.failures, ['test_adding.py::test_add[a - b]', 'test_adding.py::test_add[c]']);
  });

  const go = hasProgram('go', 'version');
  it('names the tests that go says failed', { skip: !go && 'go is not installed' }, async () => {
    folders = new Folders({
      'go.mod': 'module example.com/adding\n\ngo 1.20\n',
      'adding.go': 'package adding\n\nfunc Add(a, b int) int { return a + b }\n',
      'adding_test.go':
        'package adding\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fail()\n\t}\n}\n',
    });
    const checks = folders.checks();
    const found = (await checks.detect()).filter(({ kind }) => kind === 'test');
    const [measured] = await checks.measure(found, noFiles, never);
    assert.equal(measured?.coverage?.overall, 100);
    const wrong = 'package adding\n\nfunc Add(a, b int) int { return a }\n';
    const broken = only(await checks.run(found, new Map([['adding.go', wrong]]), never));
    assert.deepEqual(broken.failures, ['example.com/adding: TestAdd']);
  });

  const cargo = hasProgram('cargo', 'version') && hasProgram('cc', '--version');
  it('names the tests that cargo says failed', { skip: !cargo && 'cargo or a linker is not installed' }, async () => {
    folders = new Folders({
      'Cargo.toml':
        '[package]\nname = "adding"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ndoctest = false\n\n[profile.dev]\ndebug = 0\n',
      'src/lib.rs':
        'pub fn add(a: u32, _b: u32) -> u32 { a }\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() { assert_eq!(super::add(1, 2), 3); }\n}\n',
    });
    const checks = folders.checks();
    const found = (await checks.detect()).filter(({ kind }) => kind === 'test');
    const run = only(await checks.run(found, noFiles, never));
    assert.deepEqual(run.failures, ['tests::adds'], run.output);
  });
});
