import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitCodeOf } from '../../../src/hosts/cli/exitCodes.ts';
import { keysOf } from '../../../src/hosts/cli/keys.ts';
import { nodeProblem } from '../../../src/hosts/cli/nodeVersion.ts';
import { parse } from '../../../src/hosts/cli/options.ts';
import { refuseKeys } from '../../../src/hosts/cli/refuseKeys.ts';
import { asPlanwrightError } from '../../../src/workflow/errors.ts';
import { startScriptedServer } from '../../fixtures/openaiServer.ts';
import { jsonLines, ofType, openPlace, requestFile, sampleRun, written } from './cliProcess.ts';

const key = 'sk-test-0123456789abcdefghijklmn';

function refused(work: () => unknown) {
  try {
    work();
  } catch (thrown) {
    const error = asPlanwrightError(thrown);
    return { code: exitCodeOf(error), text: `${error.message} ${error.hint}` };
  }
  return undefined;
}

test('a run that fails exits 1 and says what to do', async (t) => {
  const { cli } = await openPlace(t);
  const { code, stdout, stderr } = await cli(['run', '--request', 'Paint it pink', '--model', 'demo', '--json']);
  assert.equal(code, 1);
  const { result } = jsonLines(stdout);
  assert.equal(result.status, 'failed');
  assert.equal(result.error?.code, 'DEMO_ONLY_SAMPLE');
  assert.match(stderr, /--model/);
});

test('wrong use exits 2', async (t) => {
  const { cli, folder } = await openPlace(t);
  await writeFile(join(folder, 'typo.json'), JSON.stringify({ request: 'x', requirments: [] }));
  for (const [args, says] of [
    [['run', '--request', 'x'], /No model is chosen/],
    [['run', '--request', 'x', '--model', 'openai:gpt'], /OPENAI_API_KEY/],
    [['run', '--input', 'typo.json', '--model', 'demo'], /requirments/],
    [['status', 'nope'], /no run nope/],
    [['run', '--request', `Use ${key}`, '--model', 'demo'], /looks like an API key/],
  ] as const) {
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, says);
    assert.ok(!stderr.includes(key));
  }
});

test('arguments that no command takes are wrong use', () => {
  for (const argv of [
    [],
    ['frob'],
    ['run', '--wat'],
    ['run', 'extra'],
    ['list', '--accept', 'all'],
    ['resume'],
    ['status', 'a', 'b'],
    ['export', 'a', '--model', 'demo'],
  ])
    assert.equal(refused(() => parse(argv))?.code, 2, argv.join(' '));
  assert.equal(
    refused(() => parse(['status', 'a', '--json'])),
    undefined,
  );
});

test('a key as an argument is refused and not repeated, however it is given', () => {
  const env = { PLANWRIGHT_API_KEY: 'correct horse battery' };
  for (const argv of [
    ['run', '--api-key', 'x'],
    ['run', `--key=${key}`],
    ['run', '--model', key],
    ['run', '--base-url', `https://x.example/?key=${key}`],
    ['run', '--requirement', `the key is ${key}.`],
    ['run', '--request', 'say correct horse battery twice'],
  ]) {
    const found = refused(() => refuseKeys(argv, env));
    assert.equal(found?.code, 2, argv.join(' '));
    assert.ok(!found?.text.includes(key) && !found?.text.includes('battery'));
  }
  const harmless = ['run', '--request', 'Add a task-list-with-many-words-and-2-columns', '--workspace', '/a/desk-1'];
  assert.equal(
    refused(() => refuseKeys(harmless, env)),
    undefined,
  );
});

test('each key goes to its own address only', async () => {
  const env = { OPENAI_API_KEY: 'one', PLANWRIGHT_API_KEY: 'two' };
  assert.equal(await keysOf(env, undefined)('https://api.openai.com'), 'one');
  assert.equal(await keysOf(env, 'https://other.example/v1')('https://other.example'), 'two');
  assert.equal(await keysOf(env, 'https://other.example/v1')('https://third.example'), undefined);
  assert.equal(await keysOf({ OPENAI_API_KEY: 'one' }, 'https://other.example/v1')('https://other.example'), undefined);
});

test('an old Node is told so', () => {
  assert.match(nodeProblem('20.20.2') ?? '', /needs Node 22\.13/);
  assert.match(nodeProblem('22.12.0') ?? '', /this is Node 22\.12\.0/);
  for (const version of ['22.13.0', '24.0.0', '25.1.0']) assert.equal(nodeProblem(version), undefined);
});

test('a provider that is down leaves the run waiting: 3', async (t) => {
  const { cli } = await openPlace(t);
  const server = await startScriptedServer(() => ({ kind: 'status', status: 429, headers: { 'retry-after': '0' } }));
  t.after(server.close);
  const model = ['--model', 'openai-compatible:m', '--base-url', server.url];
  const { code, stdout } = await cli(['run', '--input', requestFile, ...model, '--accept', 'all', '--json']);
  assert.equal(code, 3);
  assert.equal(jsonLines(stdout).result.waitsFor[0]?.gate?.kind, 'provider-down');
});

test('Ctrl-C cancels the run and exits 130; it can be resumed', async (t) => {
  const { start, cli } = await openPlace(t);
  const { child, ended } = start([...sampleRun, '--demo-speed', '1', '--accept', 'all', '--json']);
  await written(child.stdout, /"phase\.started"/);
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.equal(code, 130);
  const { result, events } = jsonLines(stdout);
  assert.equal(result.status, 'cancelled');
  assert.equal(ofType(events, 'workflow.cancelled').length, 1);
  assert.equal((await cli(['resume', result.id, '--accept', 'all'])).code, 0);
});

test('cancel ends a run that another command line works on, which then exits 130', async (t) => {
  const { start, cli, events } = await openPlace(t);
  const { child, ended } = start([...sampleRun, '--demo-speed', '1', '--accept', 'all', '--json']);
  await written(child.stdout, /"phase\.started"/);
  const id = events()[0]?.runId ?? '';
  const busy = await cli(['resume', id]);
  assert.equal(busy.code, 1);
  assert.match(busy.stderr, new RegExp(`Process ${child.pid} works on run ${id}`));
  assert.equal((await cli(['cancel', id])).code, 0);
  assert.equal((await ended).code, 130);
  assert.equal(events().at(-1)?.event.type, 'workflow.cancelled');
});

test('being told to end lets go of the run, so that it can be resumed', async (t) => {
  const { start, cli, events } = await openPlace(t);
  const { child, ended } = start([...sampleRun, '--demo-speed', '1', '--accept', 'all', '--json']);
  await written(child.stdout, /"phase\.started"/);
  child.kill('SIGTERM');
  assert.equal((await ended).code, 143);
  const id = events()[0]?.runId ?? '';
  assert.equal(ofType(events(), 'workflow.cancelled').length, 0);
  assert.equal((await cli(['resume', id, '--accept', 'all'])).code, 0);
});
