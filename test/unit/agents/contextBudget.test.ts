import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelMessage } from 'ai';
import { withinBudget } from '../../../src/workflow/agents/contextBudget.ts';

const result = (n: number, value: string): ModelMessage => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: `c${n}`, toolName: 'read_file', output: { type: 'text', value } }],
});
const long = (n: number) => Array.from({ length: 100 }, (_, line) => `${line}\tresult ${n}`).join('\n');
const conversation = (results: number): ModelMessage[] => [
  { role: 'user', content: 'Write the plan.' },
  ...Array.from({ length: results }, (_, n) => [
    {
      role: 'assistant' as const,
      content: [
        { type: 'tool-call' as const, toolCallId: `c${n}`, toolName: 'read_file', input: { path: `src/${n}.ts` } },
      ],
    },
    result(n, long(n)),
  ]).flat(),
];
const summarised = (messages: readonly ModelMessage[]) =>
  messages.filter((message) => JSON.stringify(message).includes('summarised to save room')).length;
const sizeOf = (messages: readonly ModelMessage[]) =>
  messages.reduce((sum, { content }) => sum + JSON.stringify(content).length, 0);

test('a conversation within the budget stays as it is', () => {
  const messages = conversation(3);
  assert.deepEqual(withinBudget(messages, 100_000), messages);
});

test('the oldest results are summarised first, and the summary says how to see them', () => {
  const messages = conversation(20);
  const tokens = Math.floor(sizeOf(messages) / 4 / 2);
  const kept = withinBudget(messages, tokens);
  assert.ok(sizeOf(kept) <= tokens * 4);
  const flags = kept.filter(({ role }) => role === 'tool').map((message) => summarised([message]));
  assert.deepEqual(
    flags,
    flags.toSorted((a, b) => b - a),
    'no summary after a whole result',
  );
  assert.match(JSON.stringify(kept), /100 lines, \d+ characters in all\. Call the tool again/);
  assert.deepEqual(kept[0], messages[0]);
});

test('the model’s own words and short results are never touched', () => {
  const messages: ModelMessage[] = [
    { role: 'user', content: 'x'.repeat(5000) },
    { role: 'assistant', content: 'y'.repeat(5000) },
    result(0, 'short'),
  ];
  assert.deepEqual(withinBudget(messages, 10), messages);
});

test('as a conversation grows the summarised part changes in strides, so that most prefixes stay the same', () => {
  const tokens = Math.floor(sizeOf(conversation(20)) / 4);
  const counts = Array.from({ length: 20 }, (_, more) => summarised(withinBudget(conversation(20 + more), tokens)));
  const changes = counts.filter((count, index) => index > 0 && count !== counts[index - 1]).length;
  assert.ok(changes >= 1 && changes <= 4, counts.join());
});
