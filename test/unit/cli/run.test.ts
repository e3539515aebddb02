import assert from 'node:assert/strict';
import { copyFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDangerousHere } from '../../../src/hosts/node/dangerousHere.ts';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { outputSchema } from '../../../src/workflow/schemas.ts';
import { startScriptedServer } from '../../fixtures/openaiServer.ts';
import { jsonLines, ofType, openPlace, requestFile, sampleRun } from './cliProcess.ts';
import { demoVariant } from './demoVariant.ts';

test('--accept all --json writes the files, tells each event once and the result last, and exits 0', async (t) => {
  const { cli, folder } = await openPlace(t);
  const { code, stdout, stderr } = await cli([...sampleRun, '--accept', 'all', '--json']);
  assert.equal(code, 0, stderr);
  const { events, result } = jsonLines(stdout);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  assert.equal(events[0]?.event.type, 'workflow.started');
  assert.equal(events.at(-1)?.event.type, 'workflow.completed');
  assert.equal(result.type, 'result');
  assert.equal(result.status, 'completed');
  assert.equal(outputSchema.parse(result.output).metrics.planScore, 88);
  const decided = ofType(events, 'hunk.decided');
  assert.ok(decided.length > 8);
  assert.deepEqual(new Set(decided.map(({ by }) => by)), new Set(['cli --accept all']));
  assert.match(await readFile(join(folder, 'src/registry.ts'), 'utf8'), /class SlugRegistry/);
  assert.match(await readFile(join(folder, 'src/slug.ts'), 'utf8'), /maxLength/);
});

test('--accept none approves the plan, leaves the files alone and exits 3; resuming with all completes the run', async (t) => {
  const { cli, folder } = await openPlace(t);
  const before = await readFile(join(folder, 'src/slug.ts'), 'utf8');
  const first = await cli([...sampleRun, '--accept', 'none', '--json']);
  assert.equal(first.code, 3, first.stderr);
  const { result, events } = jsonLines(first.stdout);
  assert.equal(result.status, 'waiting');
  assert.equal(result.output, null);
  assert.ok(result.waitsFor.some(({ path }) => path === 'src/registry.ts'));
  assert.equal(ofType(events, 'task.completed').length, 4);
  assert.equal(await readFile(join(folder, 'src/slug.ts'), 'utf8'), before);

  const second = await cli(['resume', result.id, '--accept', 'all', '--json']);
  assert.equal(second.code, 0, second.stderr);
  const resumed = jsonLines(second.stdout);
  assert.equal(resumed.result.status, 'completed');
  assert.equal(resumed.events[0]?.seq, (events.at(-1)?.seq ?? 0) + 1);
  assert.equal(ofType(resumed.events, 'usage').length, 0);
  assert.notEqual(await readFile(join(folder, 'src/slug.ts'), 'utf8'), before);
});

test('--plan-only prints the plan, pauses the run before anything is implemented and exits 0', async (t) => {
  const { cli, events } = await openPlace(t);
  const { code, stdout } = await cli([...sampleRun, '--plan-only', '--accept', 'all']);
  assert.equal(code, 0);
  assert.match(stdout, /^# Slugs for real-world titles\n/);
  assert.match(stdout, /## Score 88 of 100 \(pass\)/);
  assert.equal(ofType(events(), 'task.started').length, 0);
  assert.equal(events().at(-1)?.event.type, 'workflow.paused');
});

test('a request can be typed, and asking with nobody there waits for approval of the plan', async (t) => {
  const { cli } = await openPlace(t);
  const input = JSON.parse(await readFile(requestFile, 'utf8'));
  const requirements = input.requirements.flatMap((text: string) => ['--requirement', text]);
  const typed = ['--request', input.request, ...requirements, '--constraint', input.constraints[0]];
  const { code, stdout } = await cli(['run', ...typed, '--model', 'demo', '--json']);
  assert.equal(code, 3);
  const { result, events } = jsonLines(stdout);
  assert.equal(result.waitsFor[0]?.gate?.kind, 'plan-approval');
  assert.deepEqual(ofType(events, 'workflow.started')[0]?.input, input);
});

test('--accept all leaves a file that steers agents to the developer and exits 3', async (t) => {
  const { cli, folder } = await openPlace(t);
  await copyFile(join(folder, 'README.md'), join(folder, 'CLAUDE.md'));
  const before = await readFile(join(folder, 'CLAUDE.md'), 'utf8');
  const server = await startScriptedServer(demoVariant('README.md', 'CLAUDE.md'));
  t.after(server.close);
  const args = ['run', '--input', requestFile, '--accept', 'all', '--json', '--base-url', server.url];
  const { code, stdout, stderr } = await cli([...args, '--model', 'openai-compatible:demo']);
  assert.equal(code, 3, stderr);
  const { waitsFor } = jsonLines(stdout).result;
  assert.deepEqual(
    waitsFor.map(({ path }) => path),
    ['CLAUDE.md'],
  );
  assert.match(waitsFor[0]?.reason ?? '', /can run code or steer tools/);
  assert.equal(await readFile(join(folder, 'CLAUDE.md'), 'utf8'), before);
  assert.match(await readFile(join(folder, 'src/registry.ts'), 'utf8'), /class SlugRegistry/);
});

test('a harmless name that is a link to a file that can run code is as dangerous as that file', async (t) => {
  const { folder } = await openPlace(t);
  await symlink('package.json', join(folder, 'notes.txt'));
  const workspace = new NodeWorkspace(folder);
  assert.equal(await isDangerousHere(workspace, { path: 'notes.txt' }), true);
  assert.equal(await isDangerousHere(workspace, { path: 'moved.txt', from: 'notes.txt' }), true);
  assert.equal(await isDangerousHere(workspace, { path: 'src/new.ts' }), false);
});
