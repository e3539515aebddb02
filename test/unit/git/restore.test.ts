import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { canUndo, MOST_EDITS } from '../../../src/hosts/node/git/restore.ts';
import { RunCheckpoints } from '../../../src/hosts/node/git/runCheckpoints.ts';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import type { Checkpoint } from '../../../src/workflow/ports.ts';
import { addSubmodule, git, put, repository, scratch, untouched } from './repository.ts';

const pixels = Buffer.from([0, 137, 80, 255, 0, 1]);

/** A repository with a run in it, whose checkpoints are made and restored as the hosts do. */
function prepared(t: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const root = scratch(t);
  const repo = repository(root, files);
  const { db } = openDatabase(join(root, 'planwright.db'));
  const store = new Store(db, systemClock);
  const run = store.createRun({ request: 'x', requirements: [] }, { model: 'demo', workspace: 'repo' });
  const temp = join(root, 'temp');
  let enabled = true;
  const workspace = new NodeWorkspace(repo);
  const checkpoints = new RunCheckpoints({
    workspace,
    store,
    temp,
    restricted: () => null,
    enabled: () => enabled,
  });
  t.after(async () => {
    await checkpoints.dispose();
    db.close();
  });
  const make = async (): Promise<Checkpoint> => {
    const made = await checkpoints.make(run, 'now');
    assert.ok(made);
    return made;
  };
  const switchOff = () => {
    enabled = false;
  };
  const disk = (path: string) => readFileSync(join(repo, path));
  return { root, repo, run, store, temp, workspace, checkpoints, make, switchOff, disk };
}

test('a restore says what it will do and shows it, does it byte for byte, and touches neither index nor refs', async (t) => {
  const files = {
    'a.txt': 'a\n',
    'bom.txt': '\ufeffa\r\nb\n',
    'pixels.png': pixels,
    'src/c.ts': 'c\n',
    'run.sh': 'x\n',
  };
  const { root, repo, run, temp, checkpoints, make, disk } = prepared(t, files);
  symlinkSync('a.txt', join(repo, 'link'));
  put(repo, { 'a.txt': 'not committed\n' });
  chmodSync(join(repo, 'run.sh'), 0o755);
  const then = await make();
  put(repo, { 'a.txt': 'changed\n', 'bom.txt': 'a\nb\n', 'pixels.png': Buffer.from([0, 1]), 'added/one.txt': 'x\n' });
  rmSync(join(repo, 'src'), { recursive: true });
  put(repo, { src: 'a file where a folder was\n' });
  rmSync(join(repo, 'link'));
  put(repo, { link: 'no link any more\n' });
  chmodSync(join(repo, 'run.sh'), 0o644);

  const plan = await checkpoints.planRestore(run, then);
  assert.deepEqual(
    plan.steps.map(({ path, action, then: entry }) => `${action} ${path} ${entry?.kind ?? ''}`.trim()),
    [
      'modify a.txt file',
      'delete added/one.txt',
      'modify bom.txt file',
      'modify link link',
      'modify pixels.png file',
      'modify run.sh executable',
      'delete src',
      'create src/c.ts file',
    ],
  );
  const patch = await plan.patch(plan.steps);
  assert.match(patch, /-changed\n\+not committed/);
  assert.match(patch, /old mode 100644\nnew mode 100755/);
  assert.match(patch, /Binary files .* differ/);
  assert.deepEqual(readFileSync(await plan.fileOf('pixels.png')), pixels);

  const { status: _status, ...before } = untouched(repo, root);
  assert.deepEqual((await plan.apply(plan.steps)).failed, []);
  await plan.drop();
  const { status, ...after } = untouched(repo, root);
  assert.deepEqual(after, before);
  assert.deepEqual(disk('a.txt').toString(), 'not committed\n');
  assert.deepEqual(disk('bom.txt').toString(), files['bom.txt']);
  assert.deepEqual(disk('pixels.png'), pixels);
  assert.deepEqual(disk('src/c.ts').toString(), 'c\n');
  assert.equal(readlinkSync(join(repo, 'link')), 'a.txt');
  assert.equal(lstatSync(join(repo, 'run.sh')).mode & 0o777, 0o755);
  assert.equal(existsSync(join(repo, 'added')), false, 'no empty folder is left');
  assert.match(status, /^1 \.M .* a\.txt$/m);
  assert.doesNotMatch(status, /bom|pixels|c\.ts|added/);
  assert.equal(existsSync(join(temp, 'index')), false);
});

test('one file alone can be brought back, and a restore is undone by the checkpoint made before it', async (t) => {
  const { repo, run, store, checkpoints, make, disk } = prepared(t, { 'a.txt': 'a\n', 'b.bin': pixels });
  const then = await make();
  put(repo, { 'a.txt': 'changed\n' });
  rmSync(join(repo, 'b.bin'));
  const plan = await checkpoints.planRestore(run, then);
  await plan.apply(plan.steps.filter(({ path }) => path === 'b.bin'));
  await plan.drop();
  assert.deepEqual([disk('a.txt').toString(), disk('b.bin')], ['changed\n', pixels]);
  const created = store.events(run, 0).flatMap(({ event }) => (event.type === 'checkpoint.created' ? [event] : []));
  const [before] = created;
  assert.ok(before);
  const back = await checkpoints.planRestore(run, before);
  assert.deepEqual((await back.apply(back.steps)).paths, ['b.bin']);
  await back.drop();
  assert.equal(existsSync(join(repo, 'b.bin')), false);
});

test('looking at a restore leaves nothing behind; switched off, a run makes none and the old ones can be restored', async (t) => {
  const { repo, run, checkpoints, make, switchOff, disk } = prepared(t, { 'a.txt': 'a\n' });
  const then = await make();
  put(repo, { 'a.txt': 'changed\n' });
  const refs = git(repo, 'for-each-ref');
  await (await checkpoints.planRestore(run, then)).drop();
  assert.equal(git(repo, 'for-each-ref'), refs);
  switchOff();
  assert.equal(await checkpoints.make(run, 'now'), null);
  const plan = await checkpoints.planRestore(run, then);
  await plan.apply(plan.steps);
  await plan.drop();
  assert.equal(disk('a.txt').toString(), 'a\n');
});

test('what can be undone in the editor goes through it, and of more files it is said beforehand that it does not', async (t) => {
  const names = Array.from({ length: MOST_EDITS + 1 }, (_none, n) => `f${n}.txt`);
  const all = (text: string) => Object.fromEntries(names.map((name) => [name, text]));
  const { repo, run, checkpoints, workspace, make, disk } = prepared(t, all('then\n'));
  const edited = t.mock.method(workspace, 'apply');
  const then = await make();
  put(repo, all('now\n'));
  const plan = await checkpoints.planRestore(run, then);
  assert.equal(canUndo(plan.steps), false);
  assert.deepEqual((await plan.apply(plan.steps)).failed, []);
  assert.equal(edited.mock.callCount(), 0);
  await plan.drop();
  assert.ok(names.every((name) => disk(name).toString() === 'then\n'));

  put(repo, all('now\n'));
  const again = await checkpoints.planRestore(run, then);
  const fewer = again.steps.slice(1);
  assert.equal(canUndo(fewer), true);
  assert.deepEqual((await again.apply(fewer)).failed, []);
  assert.equal(edited.mock.callCount(), MOST_EDITS);
  await again.drop();
});

test('what no checkpoint keeps, has changed meanwhile or lies behind a link is not overwritten, and is named', async (t) => {
  const { root, repo, run, checkpoints, make, disk } = prepared(t, {
    'a.txt': 'a\n',
    'b.txt': 'b\n',
    'gone.txt': 'x\n',
    'lib/x.txt': 'x\n',
    'read.txt': 'r\n',
  });
  const then = await make();
  put(repo, { 'a.txt': 'changed\n', 'b.txt': 'changed\n', 'read.txt': 'changed\n', '.gitignore': 'gone.txt\n' });
  chmodSync(join(repo, 'read.txt'), 0o444);
  git(repo, 'rm', '-q', '--cached', 'gone.txt');
  put(repo, { 'gone.txt': 'ignored by now, and nowhere else\n' });
  rmSync(join(repo, 'lib'), { recursive: true });
  mkdirSync(join(root, 'outside'));
  symlinkSync(join(root, 'outside'), join(repo, 'lib'));
  const plan = await checkpoints.planRestore(run, then);
  put(repo, { 'b.txt': 'changed again\n' });
  const { paths, failed } = await plan.apply(plan.steps.filter(({ path }) => path !== 'lib'));
  await plan.drop();
  assert.deepEqual(paths, ['.gitignore', 'a.txt']);
  const why = Object.fromEntries(failed.map((one) => [one.path, one.why]));
  assert.deepEqual(Object.keys(why).sort(), ['b.txt', 'gone.txt', 'lib/x.txt', 'read.txt']);
  assert.match(why['b.txt'] ?? '', /changed since you looked/);
  assert.match(why['gone.txt'] ?? '', /no checkpoint keeps it/);
  assert.match(why['lib/x.txt'] ?? '', /lib is not a folder now/);
  assert.match(why['read.txt'] ?? '', /read-only/);
  assert.equal(disk('b.txt').toString(), 'changed again\n');
  assert.equal(disk('gone.txt').toString(), 'ignored by now, and nowhere else\n');
  assert.equal(existsSync(join(root, 'outside/x.txt')), false);
});

test('a submodule that moved on and a name that is not UTF-8 are named and stay; the others come back', async (t) => {
  const { root, repo, run, checkpoints, make, disk } = prepared(t, { 'a.txt': 'a\n' });
  addSubmodule(repo, root);
  const odd = Buffer.concat([Buffer.from(`${repo}/caf`), Buffer.from([0xe9])]);
  const isLinux = process.platform === 'linux'; // Others have no such names.
  if (isLinux) writeFileSync(odd, 'one\n');
  const then = await make();
  if (isLinux) {
    const held = git(repo, 'ls-tree', '-r', '--name-only', then.commit);
    assert.match(held, /"caf\\351"/, 'it is in the checkpoint');
    writeFileSync(odd, 'two\n');
  }
  git(join(repo, 'sub'), 'commit', '-q', '--allow-empty', '-m', 'on');
  put(repo, { 'a.txt': 'changed\n', 'sub/i.txt': 'dirty\n' });
  const plan = await checkpoints.planRestore(run, then);
  assert.deepEqual(
    plan.steps.map(({ path }) => path),
    ['a.txt'],
  );
  const why = plan.left.map(({ path, why: text }) => `${path}: ${text}`);
  assert.match(
    why.join('\n'),
    isLinux ? /caf\ufffd: its name is not UTF-8\nsub: it is a submodule; it was at \w{10}/ : /sub:/,
  );
  await plan.apply(plan.steps);
  await plan.drop();
  assert.equal(disk('a.txt').toString(), 'a\n');
  assert.equal(disk('sub/i.txt').toString(), 'dirty\n');
});

/** Keeps content beside the repository and a pointer in it, as Git LFS does. */
const filter = `#!/bin/sh
mkdir -p "$1" && cat > "$1/in.$$"
if [ "$(head -c 16 "$1/in.$$")" != "version fake-lfs" ]; then
  oid=$(git hash-object --no-filters "$1/in.$$")
  cp "$1/in.$$" "$1/$oid" && printf 'version fake-lfs\\noid %s\\n' "$oid"
elif [ "$2" = clean ]; then cat "$1/in.$$"
else cat "$1/$(sed -n 's/^oid //p' "$1/in.$$")"
fi
code=$?
rm "$1/in.$$"
exit $code
`;

test('files behind a filter such as that of Git LFS are kept as pointers and come back as content', async (t) => {
  const { root, repo, run, checkpoints, make, disk } = prepared(t, { 'a.txt': 'a\n' });
  const store = join(root, 'lfs');
  writeFileSync(join(root, 'filter.sh'), filter);
  const command = (what: string) => `sh '${join(root, 'filter.sh')}' '${store}' ${what}`;
  git(repo, 'config', 'filter.fake.clean', command('clean'));
  git(repo, 'config', 'filter.fake.smudge', command('smudge'));
  git(repo, 'config', 'filter.fake.required', 'true');
  put(repo, { '.gitattributes': '*.bin filter=fake -text\n', 'big.bin': pixels, 'same.bin': 'same\n' });
  git(repo, 'add', '-A');
  git(repo, 'commit', '-qm', 'filtered');
  const second = Buffer.from([9, 0, 9]);
  put(repo, { 'big.bin': second });
  const before = untouched(repo, root);
  const then = await make();
  assert.deepEqual(untouched(repo, root), before);
  assert.match(git(repo, 'show', `${then.commit}:big.bin`), /^version fake-lfs\noid \w{40}\n$/);
  assert.equal(disk('big.bin').toString('hex'), second.toString('hex'));

  put(repo, { 'big.bin': Buffer.from([7]), 'lost.bin': 'lost\n', '.gitattributes': '' });
  const plan = await checkpoints.planRestore(run, then);
  assert.equal(readFileSync(await plan.fileOf('big.bin'), 'hex'), second.toString('hex'));
  const { status: _status, ...index } = untouched(repo, root);
  assert.deepEqual((await plan.apply(plan.steps)).failed, []);
  await plan.drop();
  const { status, ...after } = untouched(repo, root);
  assert.deepEqual(after, index);
  assert.equal(status, before.status);
  assert.equal(disk('big.bin').toString('hex'), second.toString('hex'));

  // Content that the filter does not have any more keeps nothing else from coming back.
  put(repo, { 'big.bin': 'third\n', 'a.txt': 'changed\n' });
  rmSync(store, { recursive: true });
  const without = await checkpoints.planRestore(run, then);
  const { paths, failed } = await without.apply(without.steps);
  await without.drop();
  assert.deepEqual(paths, ['a.txt']);
  assert.match(failed.map(({ path, why }) => `${path}: ${why}`).join('\n'), /^big\.bin: .*filter.* smudge' failed/);
  assert.equal(disk('big.bin').toString(), 'third\n');
});
