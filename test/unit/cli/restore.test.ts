import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { git } from '../git/repository.ts';
import { jsonLines, ofType, openPlace, sampleRun } from './cliProcess.ts';
import { noTerminal, onTerminal } from './pseudoTerminal.ts';

test('a run in a repository leaves checkpoints, and one of them brings back what was there before it', async (t) => {
  const place = await openPlace(t);
  const { cli, folder } = place;
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'first');
  const status = () => git(folder, 'status', '--porcelain=v2', '--branch', '--untracked-files=all');
  const [clean, heads] = [status(), git(folder, 'for-each-ref', 'refs/heads')];

  const run = await cli([...sampleRun, '--accept', 'all', '--json']);
  assert.equal(run.code, 0, run.stderr);
  const { events, result } = jsonLines(run.stdout);
  const made = ofType(events, 'checkpoint.created');
  assert.deepEqual(made.map(({ reason }) => reason).sort(), [
    'after implementation',
    'after planning',
    'after refinement',
    'after review',
    'before the first accepted edit',
  ]);
  const first = made.find(({ reason }) => reason === 'before the first accepted edit')?.id;
  const checkpoint = ['restore', result.id, '--checkpoint', String(first)];

  const listed = await cli(['checkpoints', '--json']);
  const refs = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).ref);
  assert.deepEqual(refs.sort(), made.map(({ ref }) => ref).sort());
  const accepted = readFileSync(join(folder, 'src/slug.ts'), 'utf8');
  const dry = await cli([...checkpoint, '--dry-run']);
  assert.match(dry.stdout, /^modify src\/slug\.ts$/m);
  assert.match(dry.stdout, /^delete src\/registry\.ts \(made since\)$/m);
  assert.match(dry.stdout, /^--- a\/src\/slug\.ts$/m);
  const unasked = await cli(checkpoint);
  assert.equal(unasked.code, 3, 'with nobody to ask it waits for --yes');
  assert.match(unasked.stderr, /Nothing was changed/);
  assert.equal(readFileSync(join(folder, 'src/slug.ts'), 'utf8'), accepted);

  const one = await cli([...checkpoint, '--file', 'src/slug.ts', '--yes']);
  assert.equal(one.code, 0, one.stderr);
  assert.equal(readFileSync(join(folder, 'src/slug.ts'), 'utf8'), git(folder, 'show', 'HEAD:src/slug.ts'));
  assert.notEqual(status(), clean, 'the other files stay');
  if (noTerminal === undefined) {
    const refused = await onTerminal(t, place, checkpoint, () => 'n\n');
    assert.equal(refused.code, 0, refused.screen);
    assert.match(refused.screen, /of them, made since, would be removed/);
    assert.notEqual(status(), clean, 'the answer was no');
    assert.equal((await onTerminal(t, place, checkpoint, () => 'y\n')).code, 0);
  } else assert.equal((await cli([...checkpoint, '--yes'])).code, 0);
  assert.equal(status(), clean);
  assert.equal(git(folder, 'for-each-ref', 'refs/heads'), heads);

  const unknown = await cli(['restore', result.id, '--checkpoint', '99']);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /no checkpoint 99/);
});

test('on request a run begins a branch, commits each task and keeps no checkpoints', async (t) => {
  const { cli, folder } = await openPlace(t);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'first');
  for (const [name, value] of [
    ['user.name', 'Dev'],
    ['user.email', 'dev@example.org'],
  ] as const)
    git(folder, 'config', name, value);
  const asked = ['--branch', 'planwright/{run}', '--commit-per-task', '--no-checkpoints'];
  const run = await cli([...sampleRun, '--accept', 'all', '--json', ...asked]);
  assert.equal(run.code, 0, run.stderr);
  const { events, result } = jsonLines(run.stdout);
  assert.deepEqual(ofType(events, 'checkpoint.created'), []);
  assert.equal(git(folder, 'for-each-ref', 'refs/planwright'), '');
  assert.equal(git(folder, 'branch', '--show-current').trim(), `planwright/${result.id}`);
  const trailers =
    '--format=%(trailers:key=Planwright-Run,valueonly,separator=)|%(trailers:key=Planwright-Task,valueonly,separator=)';
  const log = git(folder, 'log', trailers, 'main..').trim().split('\n').sort();
  assert.deepEqual(
    log,
    [1, 2, 3, 4].map((task) => `${result.id}|T${task}`),
  );
  assert.match(git(folder, 'log', '-1', '--format=%B'), /^Planwright-Requirements: R\d/m);
  assert.equal(git(folder, 'status', '--porcelain'), '');
});
