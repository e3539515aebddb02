import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonObjectIn } from '../../../src/workflow/agents/jsonInText.ts';

for (const [name, text, object] of [
  ['the object alone', ' {"a":1} ', { a: 1 }],
  ['a fence', 'Sure!\n```json\n{"a":1}\n```\nHope it helps.', { a: 1 }],
  ['a fence without a language', '```\n{"a":{"b":[1]}}\n```', { a: { b: [1] } }],
  ['a fence inside a string', '{"code":"```js\\n{}\\n```"}', { code: '```js\n{}\n```' }],
  ['prose around it', 'Here {as asked} it is: {"a":"}{"} - done }', { a: '}{' }],
  ['an escaped quote', 'x {"a":"\\"}"} y', { a: '"}' }],
  ['an example before the answer', 'Like {"a":0}: {"a":1,"b":2}', { a: 1, b: 2 }],
  ['an unmatched brace before it', 'if (x) { then {"a":1}', { a: 1 }],
  ['an unmatched quote before it', 'the 5" disk: {"a":1}', { a: 1 }],
  ['an object in an array', '[{"a":1}]', { a: 1 }],
] as const) {
  test(`finds the object with ${name}`, () => {
    assert.deepEqual(jsonObjectIn(text), { object });
  });
}

for (const [text, problem] of [
  ['', /no answer/],
  [' \n', /no answer/],
  ['no object', /no JSON object/],
  ['[1,2]', /no JSON object/],
  ['{like this}', /no JSON object/],
  ["{'a':1}", /no JSON object/],
  ['{"a":1', /not closed/],
  ['{"tasks":[{"id":"T1"},{"id":"T2"', /not closed/],
  ['{"tasks":[{"id":"T1"},]}', /not valid JSON: .*trailing commas/],
  ['```json\n{"a": /* one */ 1, "b": {"c": 2}}\n```', /not valid/],
] as const) {
  test(`finds none in ${JSON.stringify(text)} and says why`, () => {
    const found = jsonObjectIn(text);
    assert.match('problem' in found ? found.problem : 'found one', problem);
  });
}

test('is not slowed down by thousands of braces that never close', () => {
  const text = `${'{"a":'.repeat(20_000)}`;
  assert.deepEqual(jsonObjectIn(text), { problem: 'the JSON object is not closed: the answer breaks off' });
});

test('finds any object among any words', () => {
  const words = fc.string().filter((text) => !/["{}\\]/.test(text));
  fc.assert(
    fc.property(words, fc.dictionary(fc.string(), fc.jsonValue()), words, (before, object, after) => {
      const text = JSON.stringify(object);
      assert.deepEqual(jsonObjectIn(`${before}${text}${after}`), { object: JSON.parse(text) });
    }),
  );
});
