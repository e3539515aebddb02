import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentModelsOf, parametersOf } from '../../../src/hosts/cli/modelFlags.ts';
import { parse } from '../../../src/hosts/cli/options.ts';

const flags = (...argv: string[]) => parse(['run', ...argv]).flags;

test('a model for an agent, whose name may have colons and equals signs', () => {
  assert.deepEqual(agentModelsOf(flags('--models', 'reviewer=openai:o=4', '--models', 'planner=demo')), {
    reviewer: 'openai:o=4',
    planner: 'demo',
  });
});

test('parameters for all agents and for one, in the form of the setting', () => {
  const given = flags(
    '--parameter',
    'temperature=0.2',
    '--parameter',
    'reviewer.reasoningEffort=high',
    '--parameter',
    'topP=1',
  );
  assert.deepEqual(parametersOf(given), { all: { temperature: 0.2, topP: 1 }, reviewer: { reasoningEffort: 'high' } });
});

for (const argv of [
  ['--models', 'writer=demo'],
  ['--models', 'reviewer'],
  ['--models', '=demo'],
  ['--parameter', 'temperature'],
  ['--parameter', 'temperature='],
]) {
  test(`${argv.join(' ')} is wrong use`, () => {
    assert.throws(() => [agentModelsOf(flags(...argv)), parametersOf(flags(...argv))], { code: 'INVALID_INPUT' });
  });
}
