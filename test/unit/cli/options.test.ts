import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute } from '../../../src/hosts/cli/cli.ts';
import { exitCodeOf } from '../../../src/hosts/cli/exitCodes.ts';
import { Terminal } from '../../../src/hosts/cli/terminal.ts';
import { asPlanwrightError } from '../../../src/workflow/errors.ts';

/** Values that cannot be used are told before anything is opened, and before anything is made. */

test('wrong values of options exit 2 and leave nothing behind', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'planwright-options-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  for (const name of ['OPENAI_API_KEY', 'PLANWRIGHT_MODEL', 'PLANWRIGHT_BASE_URL']) delete process.env[name];
  const file = async (name: string, value: unknown) => {
    await writeFile(join(data, name), JSON.stringify(value));
    return join(data, name);
  };
  const prices = await file('prices.json', { demo: { input: -1, output: 1 } });
  const input = { request: 'x' };
  const triggers = await file('triggers.json', [{ id: 'x', kind: 'schedule', cron: '61 * * * *', input }]);
  const made = readdirSync(data);
  const demo = ['run', '--request', 'x', '--model', 'demo'];
  for (const [args, says] of [
    [[...demo, '--budget', 'beer=2'], /--budget takes tokens=N, cost=N or minutes=N/],
    [[...demo, '--prices', prices], /demo\.input/],
    [[...demo, '--prices', join(data, 'none.json')], /prices in .*none\.json cannot be read/],
    [[...demo, '--parameter', 'temperature=hot'], /all\.temperature/],
    [[...demo, '--models', 'reviewer=gpt'], /“gpt” names no model/],
    [[...demo, '--models', 'reviewer=openai:gpt'], /no API key/],
    [[...demo, '--accept', 'some'], /ask, all, none/],
    [[...demo, '--demo-speed', 'fast'], /--demo-speed is a number/],
    [[...demo, '--base-url', 'ftp://x'], /not an http/],
    [['run', '--request', 'x'], /No model is chosen/],
    [['resume', 'nope', '--model', 'gpt'], /“gpt” names no model/],
    [['resume', 'nope', '--budget', 'beer=2'], /--budget takes/],
    [['restart', 'nope', '--from', 'lunch'], /--from is one of/],
    [['export', 'nope', '--attempt', 'last'], /--attempt is the number/],
    [['restore', 'nope', '--checkpoint', 'first'], /--checkpoint is the number/],
    [['serve', '--prices', prices], /demo\.input/],
    [['serve', '--port', 'http'], /is not a port/],
    [['serve', '--model', 'gpt'], /“gpt” names no model/],
    [['serve', '--triggers', triggers], /“x”: cron: .*61/],
  ] as const) {
    const told = await execute([...args, '--data-dir', data], new Terminal()).then(
      (code) => ({ code, message: '' }),
      (thrown) => {
        const error = asPlanwrightError(thrown);
        return { code: exitCodeOf(error), message: error.message };
      },
    );
    assert.equal(told.code, 2, `${args.join(' ')}: ${told.message}`);
    assert.match(told.message, says);
    assert.deepEqual(readdirSync(data), made, args.join(' '));
  }
});
