import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { usageText } from '../../../src/hosts/cli/budgetFlags.ts';
import { jsonLines, ofType, openPlace, sampleRun } from './cliProcess.ts';

/** What a run may take on the command line, and what it cost. */

test('a budget stops a run at its gate, and prices say what it cost', async (t) => {
  const { cli, folder } = await openPlace(t);
  const prices = join(folder, 'prices.json');
  await writeFile(prices, JSON.stringify({ demo: { input: 10, output: 100 } }));
  const { code, stdout, stderr } = await cli(
    [...sampleRun, '--accept', 'all', '--json', '--prices', prices, '--budget', 'cost=0.01'],
    {},
  );
  assert.equal(code, 3, stderr);
  const { events, result } = jsonLines(stdout);
  assert.equal(result.status, 'waiting');
  assert.deepEqual(
    result.waitsFor.map(({ gate }) => gate?.kind),
    ['budget'],
    '--accept all accepts hunks, not costs',
  );
  const calls = ofType(events, 'usage');
  const wanted = calls.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens * 10 + outputTokens * 100, 0);
  assert.ok(calls.length > 0 && wanted >= 0.01 * 1_000_000);
  assert.ok(Math.abs((result.usage.cost ?? 0) - wanted / 1_000_000) < 1e-9);
  assert.match(stderr, new RegExp(`tokens in ${calls.length} calls, cost \\d`));
  assert.match((await cli(['status'])).stdout, /, cost \d/);

  const wrong = await cli(['run', '--request', 'x', '--model', 'demo', '--budget', 'beer=2']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /tokens=N, cost=N or minutes=N/);
  await writeFile(prices, '{"demo": {"input": -1, "output": 1}}');
  const odd = await cli(['run', '--request', 'x', '--model', 'demo'], { PLANWRIGHT_PRICES: prices });
  assert.equal(odd.code, 2);
  assert.match(odd.stderr, /demo\.input/);
});

test('what a run took says how much of its input the provider’s cache answered, where it says', () => {
  const usage = { inputTokens: 200, cachedInputTokens: 150, outputTokens: 40, calls: 3, cost: null };
  assert.equal(usageText(usage), '240 tokens in 3 calls (75 % of input cached)');
  assert.equal(usageText({ ...usage, cachedInputTokens: 0 }), '240 tokens in 3 calls');
});
