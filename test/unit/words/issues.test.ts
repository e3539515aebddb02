import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { readTexts } from '../../../scripts/lib/l10nStrings.ts';
import { readPlanFile } from '../../../src/workflow/planFile.ts';
import { planSchema } from '../../../src/workflow/schemas.ts';
import { readTriggers } from '../../../src/workflow/triggers/definition.ts';
import { firstIssue, forPeople, inOurWords } from '../../../src/workflow/words/issues.ts';
import { Teller } from '../../../src/workflow/words/tell.ts';
import { goodPlan as plan } from '../review/planFixture.ts';

/** What is wrong with a value is said with its place and what it must be, not in the words of the library that found it. */

const schema = z.strictObject({
  text: z.string().min(1).max(5),
  size: z.enum(['S', 'M']),
  level: z.union([z.literal(1), z.literal(2)]),
  only: z.literal('x'),
  count: z.number().int().min(1).max(9),
  share: z.number().gt(0).lt(1),
  list: z.array(z.string()).min(2).max(3),
  yes: z.boolean(),
  by: z.record(z.string(), z.number()),
  id: z.string().regex(/^R\d+$/, 'an id looks like R1'),
});
const fine = {
  text: 'a',
  size: 'S',
  level: 1,
  only: 'x',
  count: 1,
  share: 0.5,
  list: ['a', 'b'],
  yes: true,
  by: {},
  id: 'R1',
};

for (const [over, wanted] of [
  [{ text: undefined }, 'text: it is missing; it must be a text'],
  [{ text: 7 }, 'text: it must be a text'],
  [{ text: '' }, 'text: it must not be empty'],
  [{ text: 'abcdef' }, 'text: it may have 5 characters at most'],
  [{ size: 'XL' }, 'size: it must be one of "S", "M"'],
  [{ level: 3 }, 'level: it must be one of 1, 2'],
  [{ only: 'y' }, 'only: it must be "x"'],
  [{ count: 1.5 }, 'count: it must be a whole number'],
  [{ count: 0 }, 'count: it must be 1 or more'],
  [{ count: 10 }, 'count: it must be 9 or less'],
  [{ share: 0 }, 'share: it must be more than 0'],
  [{ share: 1 }, 'share: it must be less than 1'],
  [{ list: 'a' }, 'list: it must be a list'],
  [{ list: ['a'] }, 'list: it needs 2 entries at least'],
  [{ list: ['a', 'b', 'c', 'd'] }, 'list: it may have 3 entries at most'],
  [{ list: ['a', 1] }, 'list[1]: it must be a text'],
  [{ yes: 'no' }, 'yes: it must be true or false'],
  [{ by: [] }, 'by: it must be an object'],
  [{ extra: 1 }, 'value: there is no "extra" here; check how it is spelled, or take it out'],
  [{ id: 'T1' }, 'id: an id looks like R1'],
] as const) {
  test(wanted, () => {
    const value = { ...fine, ...over };
    const found = schema.safeParse(value, forPeople);
    assert.ok(!found.success);
    const { where, what } = firstIssue(found.error, 'value');
    assert.equal(`${where}: ${what}`, wanted);
    const [unguided] = schema.safeParse(value).error?.issues ?? [];
    assert.equal(unguided && inOurWords(unguided), what, 'also where it was found without');
  });
}

test('a plan, a plan file and triggers are refused in these words, and in German in an editor that speaks it', () => {
  const german = new Teller(readTexts('l10n/bundle.l10n.de.json'));
  const [task] = plan().tasks;
  const odd = { ...plan(), tasks: [{ ...task, size: 'XL' }] };
  assert.throws(
    () => readPlanFile(JSON.stringify(odd)),
    ({ message }: Error) => {
      assert.match(message, /It is not a whole plan: tasks\[0\]\.size: it must be one of "S", "M", "L"\.$/);
      assert.match(german.tell(message), /tasks\[0\]\.size: es muss eines von "S", "M", "L" sein\.$/);
      return true;
    },
  );
  const { title: _, ...untitled } = plan();
  const { error } = planSchema.safeParse(untitled, forPeople);
  assert.equal(german.tell(firstIssue(error!, '').what), 'es fehlt; es muss ein Text sein');
  const { problems } = readTriggers([{ id: 'x', kind: 'manual', input: { request: 7 } }]);
  assert.deepEqual(problems, ['Trigger “x”: input.request: it must be a text.']);
  assert.equal(german.tell(problems[0] ?? ''), 'Auslöser “x”: input.request: es muss ein Text sein.');
});
