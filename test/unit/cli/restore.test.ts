import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { git } from '../git/repository.ts';
import { jsonLines, ofType, openPlace, sampleRun } from './cliProcess.ts';

test('a run in a repository leaves checkpoints, and one of them brings back what was there before it', async (t) => {
  const { cli, folder } = await openPlace(t);
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

  const listed = await cli(['restore', result.id]);
  assert.equal(listed.stdout.trim().split('\n').length, made.length);
  const accepted = readFileSync(join(folder, 'src/slug.ts'), 'utf8');
  const dry = await cli([...checkpoint, '--dry-run']);
  assert.match(dry.stdout, /^modify src\/slug\.ts$/m);
  assert.equal(readFileSync(join(folder, 'src/slug.ts'), 'utf8'), accepted);

  const one = await cli([...checkpoint, '--file', 'src/slug.ts']);
  assert.equal(one.code, 0, one.stderr);
  assert.equal(readFileSync(join(folder, 'src/slug.ts'), 'utf8'), git(folder, 'show', 'HEAD:src/slug.ts'));
  assert.notEqual(status(), clean, 'the other files stay');
  assert.equal((await cli(checkpoint)).code, 0);
  assert.equal(status(), clean);
  assert.equal(git(folder, 'for-each-ref', 'refs/heads'), heads);

  const unknown = await cli(['restore', result.id, '--checkpoint', '99']);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /no checkpoint 99/);
});
