import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { demoScript, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { jsonLines, ofType, openPlace, requestFile, sampleRun } from './cliProcess.ts';

test('after SIGKILL a run is resumed at once, and no answered model call is made again', async (t) => {
  const { start, cli, events } = await openPlace(t);
  const demo = demoScript();
  let held = 5;
  let asked = () => {};
  const heldCall = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const answered: string[] = [];
  const server = await startScriptedServer((request) => {
    if (request.n === held) {
      asked();
      return { kind: 'hang' };
    }
    answered.push(JSON.stringify(request.body));
    return demo(request);
  });
  t.after(server.close);
  const model = ['--model', 'openai-compatible:demo', '--base-url', server.url];

  const { child } = start(['run', '--input', requestFile, ...model, '--accept', 'all', '--json']);
  await heldCall;
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(answered.length, 4);
  held = 0;

  const id = events()[0]?.runId ?? '';
  const { code, stdout, stderr } = await cli(['resume', id, ...model.slice(2), '--accept', 'all', '--json']);
  assert.equal(code, 0, stderr);
  assert.equal(jsonLines(stdout).result.status, 'completed');
  assert.ok(answered.length > 15);
  assert.equal(new Set(answered).size, answered.length);
  assert.equal(ofType(events(), 'usage').length, answered.length);
});

test('restarting from a phase makes a second attempt that keeps what came before it', async (t) => {
  const { cli, events } = await openPlace(t);
  const server = await startScriptedServer(demoScript());
  t.after(server.close);
  const model = ['--model', 'openai-compatible:demo', '--base-url', server.url];
  const first = await cli(['run', '--input', requestFile, ...model, '--plan-only', '--json']);
  assert.equal(first.code, 0, first.stderr);
  const before = server.calls().length;
  const { id } = jsonLines(first.stdout).result;
  const second = await cli(['restart', id, '--from', 'refinement', ...model.slice(2), '--plan-only', '--json']);
  assert.equal(second.code, 0, second.stderr);
  const { result, events: told } = jsonLines(second.stdout);
  assert.equal(result.plan?.tasks.length, 4);
  assert.equal(told[0]?.event.type, 'workflow.restarted');
  assert.equal(told[0]?.attempt, 2);
  const again = server.calls().length - before;
  assert.ok(again > 0 && again < before, `${again} of ${before} calls`);
  assert.equal(events().at(-1)?.attempt, 2);
});

test('a lease that an editor left behind is waited for', async (t) => {
  const { cli, data, folder } = await openPlace(t);
  const { result } = jsonLines((await cli([...sampleRun, '--plan-only', '--json'])).stdout);
  const { db } = openDatabase(databasePath(data, folder));
  assert.ok(new Store(db, systemClock).lease(result.id, 'an-editor-0', 6000));
  db.close();
  const { code, stderr } = await cli(['resume', result.id, '--accept', 'all']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /An editor holds run/);
});

test('a completed run is told again and not run again', async (t) => {
  const { cli, events } = await openPlace(t);
  const { result } = jsonLines((await cli([...sampleRun, '--accept', 'all', '--json'])).stdout);
  const before = events().length;
  const { code, stdout } = await cli(['resume', result.id, '--json']);
  assert.equal(code, 0);
  assert.deepEqual(jsonLines(stdout).result.output, result.output);
  assert.equal(events().length, before);
});
