import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planChanges } from '../../../media/plan/planChanges.ts';
import { diffWords, type TextPart } from '../../../media/plan/wordDiff.ts';
import { firstPlan } from '../../../src/models/demo/planning.ts';
import type { Plan } from '../../../src/workflow/schemas.ts';

const plan: Plan = { ...firstPlan, requirements: [{ id: 'R1', text: 'Works', source: 'given' }] };

const without = (parts: readonly TextPart[], kind: TextPart['kind']) =>
  parts.filter((part) => part.kind !== kind).map(({ text }) => text);

test('words that were taken out or put in are told apart from those that stay', () => {
  assert.deepEqual(diffWords('fold the Latin letters', 'fold all letters'), [
    { kind: 'same', text: 'fold' },
    { kind: 'removed', text: ' the Latin' },
    { kind: 'added', text: ' all' },
    { kind: 'same', text: ' letters' },
  ]);
});

test('the parts of a text diff are both texts, whatever they are', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', 'شكرا', '👩‍👩‍👧', 'x y '), { maxLength: 30 })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const parts = diffWords(before, after);
      assert.equal(without(parts, 'added').join(''), before);
      assert.equal(without(parts, 'removed').join(''), after);
    }),
  );
});

test('a plan differs from itself in nothing', () => {
  assert.deepEqual(planChanges(plan, structuredClone(plan)), { tasks: [], parts: [] });
});

test('tasks that are new, gone and changed are each named, and the other parts of the plan too', () => {
  const [first, second, ...others] = plan.tasks;
  assert.ok(first && second);
  const fresh = { ...second, id: 'T9', title: 'Say it in the README' };
  const after = {
    ...plan,
    summary: `${plan.summary} It is fast.`,
    assumptions: [...plan.assumptions, 'Nobody depends on the old slugs'],
    tasks: [{ ...first, size: 'L' as const, doneWhen: [...first.doneWhen, 'It is fast'] }, ...others, fresh],
  };
  const { tasks, parts } = planChanges(plan, after);
  assert.deepEqual(
    tasks.map(({ kind, task, parts: own }) => [kind, task.id, own.map(({ name }) => name)]),
    [
      ['changed', first.id, ['doneWhen', 'size']],
      ['added', 'T9', []],
      ['removed', second.id, []],
    ],
  );
  assert.deepEqual(tasks[0]?.parts[0]?.lines, [[{ kind: 'added', text: 'It is fast' }]]);
  assert.deepEqual(
    parts.map(({ name }) => name),
    ['summary', 'assumptions'],
  );
  assert.deepEqual(parts[0]?.lines[0]?.at(-1), { kind: 'added', text: ' It is fast.' });
});

test('lines in another order are a change', () => {
  const [first, ...others] = plan.tasks;
  assert.ok(first);
  const before = { ...plan, tasks: [{ ...first, doneWhen: ['a', 'b'] }, ...others] };
  const after = { ...plan, tasks: [{ ...first, doneWhen: ['b', 'a'] }, ...others] };
  const [change] = planChanges(before, after).tasks;
  assert.equal(change?.parts[0]?.name, 'doneWhen');
  assert.ok(change?.parts[0]?.lines[0]?.some(({ kind }) => kind === 'added'));
});
