import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelId } from '../../../src/models/modelId.ts';

test('reads the demo', () => {
  assert.deepEqual(parseModelId(' demo '), { provider: 'demo' });
});

test('reads a provider and a model', () => {
  assert.deepEqual(parseModelId('openai:gpt-5'), { provider: 'openai', model: 'gpt-5' });
});

test('keeps the colons and slashes of a model’s own name', () => {
  assert.deepEqual(parseModelId('openai-compatible:hf.co/acme/llama3:8b'), {
    provider: 'openai-compatible',
    model: 'hf.co/acme/llama3:8b',
  });
});

test('reads a model of the editor, whose own name may have slashes too', () => {
  assert.deepEqual(parseModelId('vscode:copilot/gpt-5'), { provider: 'vscode', vendor: 'copilot', model: 'gpt-5' });
  assert.deepEqual(parseModelId('vscode:acme/team/large:2'), {
    provider: 'vscode',
    vendor: 'acme',
    model: 'team/large:2',
  });
});

for (const [text, says] of [
  [null, /No model is chosen/],
  ['  ', /No model is chosen/],
  ['anthropic:claude', /“anthropic:claude” names no model/],
  ['gpt-5', /“gpt-5” names no model/],
  ['openai', /does not say which model/],
  ['openai-compatible: ', /does not say which model/],
  ['demo:1', /names no model/],
  ['vscode', /does not say which model/],
  ['vscode:copilot', /does not say which model/],
  ['vscode:/gpt-5', /does not say which model/],
  ['vscode:copilot/', /does not say which model/],
] as const) {
  test(`refuses ${JSON.stringify(text)} and says what to do`, () => {
    assert.throws(
      () => parseModelId(text),
      (error: { code: string; message: string; hint?: string }) =>
        error.code === 'NO_MODEL' && says.test(error.message) && /<model>/.test(error.hint ?? ''),
    );
  });
}
