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
    assert.deepEqual(jsonObjectIn(text), object);
  });
}

for (const text of ['', 'no object', '[1,2]', '"{}"x', '{"a":1', "{'a':1}", 'null']) {
  test(`finds none in ${JSON.stringify(text)}`, () => {
    const found = jsonObjectIn(text);
    assert.deepEqual(found, text === '"{}"x' ? {} : undefined);
  });
}

test('finds any object among any words', () => {
  const words = fc.string().filter((text) => !/["{}\\]/.test(text));
  fc.assert(
    fc.property(words, fc.dictionary(fc.string(), fc.jsonValue()), words, (before, object, after) => {
      const text = JSON.stringify(object);
      assert.deepEqual(jsonObjectIn(`${before}${text}${after}`), JSON.parse(text));
    }),
  );
});
