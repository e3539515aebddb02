import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addTask, changeTask, dropTask, moveTask, splitTask } from '../../../src/workflow/planEdits.ts';
import { lintPlan } from '../../../src/workflow/review/planLinter.ts';
import { type Plan, planSchema } from '../../../src/workflow/schemas.ts';
import { goodFiles, goodPlan } from '../review/planFixture.ts';

test('moving a task swaps it with its neighbour, and stops at either end', () => {
  const ids = (plan: Plan) => plan.tasks.map(({ id }) => id);
  assert.deepEqual(ids(moveTask(goodPlan(), 'T2', -1)), ['T2', 'T1']);
  assert.deepEqual(ids(moveTask(goodPlan(), 'T1', -1)), ['T1', 'T2']);
  assert.deepEqual(ids(moveTask(goodPlan(), 'T2', 1)), ['T1', 'T2']);
});

test('what came after a dropped task comes after what that one came after', () => {
  const { plan } = splitTask(goodPlan(), 'T1');
  assert.deepEqual(plan.tasks.find(({ id }) => id === 'T2')?.dependsOn, ['T3']);
  const dropped = dropTask(plan, 'T3');
  assert.deepEqual(dropped.tasks.find(({ id }) => id === 'T2')?.dependsOn, ['T1']);
});

test('the last task cannot be dropped: a plan has at least one', () => {
  const one = dropTask(goodPlan(), 'T1');
  assert.equal(dropTask(one, 'T2'), one);
});

test('the second half of a split task changes what the first creates', () => {
  const { plan, id } = splitTask(goodPlan(), 'T2');
  const second = plan.tasks.find((task) => task.id === id);
  assert.deepEqual(second?.files, [
    { path: 'src/registry.ts', action: 'modify' },
    { path: 'src/slug.ts', action: 'modify' },
  ]);
  assert.deepEqual(
    lintPlan(plan, goodFiles).filter(({ severity }) => severity === 'blocker'),
    [],
  );
});

test('a new task has an id that no task has had, and the linter asks for the rest at once', () => {
  const { plan, id } = addTask(dropTask(goodPlan(), 'T1'), 'Measure it');
  assert.equal(id, 'T3');
  const rules = lintPlan(plan, goodFiles).flatMap(({ rule, where }) => (where === id ? [rule] : []));
  assert.ok(rules.includes('no-done-when'), rules.join());
});

const edit = fc.record({
  kind: fc.constantFrom('up', 'down', 'drop', 'add', 'split', 'retitle'),
  at: fc.nat({ max: 30 }),
});

test('whatever is done in whatever order: a whole plan without cycles, unknown tasks or ids used twice', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
      let plan = goodPlan();
      for (const { kind, at } of edits) {
        const id = plan.tasks[at % plan.tasks.length]?.id ?? '';
        if (kind === 'up') plan = moveTask(plan, id, -1);
        else if (kind === 'down') plan = moveTask(plan, id, 1);
        else if (kind === 'drop') plan = dropTask(plan, id);
        else if (kind === 'add') plan = addTask(plan, 'Another').plan;
        else if (kind === 'split') plan = splitTask(plan, id).plan;
        else plan = changeTask(plan, id, { title: `${id}, again` });
      }
      planSchema.parse(plan);
      const wrong = lintPlan(plan, goodFiles).filter(({ rule }) =>
        ['repeated-task-id', 'unknown-dependency', 'dependency-cycle'].includes(rule),
      );
      assert.deepEqual(wrong, []);
    }),
    { numRuns: 300 },
  );
});
