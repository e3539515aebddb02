import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lintPlan } from '../../../src/workflow/review/planLinter.ts';
import type { Plan, Task } from '../../../src/workflow/schemas.ts';
import { goodFiles, goodPlan } from './planFixture.ts';

const task = (plan: Plan, index: number): Task => {
  const found = plan.tasks[index];
  assert.ok(found);
  return found;
};

const mutations: readonly { rule: string; what: string; mutate: (plan: Plan) => void }[] = [
  {
    rule: 'requirement-without-task',
    what: 'a given requirement no task serves',
    mutate: (plan) => {
      task(plan, 1).requirements = ['R1'];
    },
  },
  {
    rule: 'unknown-requirement',
    what: 'a requirement id the plan does not have',
    mutate: (plan) => void task(plan, 0).requirements.push('R9'),
  },
  {
    rule: 'repeated-task-id',
    what: 'two tasks with one id',
    mutate: (plan) => {
      task(plan, 1).id = 'T1';
    },
  },
  {
    rule: 'unknown-dependency',
    what: 'a dependency that does not exist',
    mutate: (plan) => void task(plan, 0).dependsOn.push('T7'),
  },
  { rule: 'dependency-cycle', what: 'a cycle', mutate: (plan) => void task(plan, 0).dependsOn.push('T2') },
  {
    rule: 'missing-file',
    what: 'modifying a file that does not exist',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'src/none.ts', action: 'modify' }),
  },
  {
    rule: 'missing-file',
    what: 'deleting a file that does not exist',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'src/none.ts', action: 'delete' }),
  },
  {
    rule: 'missing-file',
    what: 'a rename from nowhere',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'src/b.ts', action: 'rename' }),
  },
  {
    rule: 'existing-file',
    what: 'creating a file that exists',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'README.md', action: 'create' }),
  },
  {
    rule: 'outside-workspace',
    what: 'a path that climbs out',
    mutate: (plan) => void task(plan, 0).files.push({ path: '../up.ts', action: 'create' }),
  },
  {
    rule: 'outside-workspace',
    what: 'an absolute path',
    mutate: (plan) => void task(plan, 0).files.push({ path: '/etc/hosts', action: 'create' }),
  },
  {
    rule: 'unordered-writers',
    what: 'two unordered tasks on one file',
    mutate: (plan) => {
      task(plan, 1).dependsOn = [];
    },
  },
  {
    rule: 'no-done-when',
    what: 'a task with no doneWhen',
    mutate: (plan) => {
      task(plan, 0).doneWhen = [' '];
    },
  },
  {
    rule: 'unmeasured-metric',
    what: 'a metric that nothing measures',
    mutate: (plan) =>
      plan.successMetrics.forEach((metric) => {
        metric.measuredBy = '';
      }),
  },
];

describe('plan linter', () => {
  it('has nothing to say about a good plan', () => {
    assert.deepEqual(lintPlan(goodPlan(), goodFiles), []);
  });

  for (const { rule, what, mutate } of mutations) {
    it(`finds ${what}`, () => {
      const plan = goodPlan();
      mutate(plan);
      const found = lintPlan(plan, goodFiles);
      assert.ok(
        found.some((finding) => finding.rule === rule),
        JSON.stringify(found),
      );
    });
  }

  it('lets a task modify what an earlier task creates', () => {
    const plan = goodPlan();
    plan.tasks.push({
      ...task(plan, 1),
      id: 'T3',
      dependsOn: ['T2'],
      files: [{ path: 'src/registry.ts', action: 'modify' }],
    });
    assert.deepEqual(lintPlan(plan, goodFiles), []);
  });
});
