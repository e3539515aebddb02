import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { lintPlan, rules } from '../../../src/workflow/review/planLinter.ts';
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
  {
    rule: 'unmeasured-metric',
    what: 'a metric without a target',
    mutate: (plan) =>
      plan.successMetrics.forEach((metric) => {
        metric.target = '';
      }),
  },
  {
    rule: 'no-success-metric',
    what: 'a plan without a success metric',
    mutate: (plan) => {
      plan.successMetrics = [];
    },
  },
  {
    rule: 'implied-requirement-without-task',
    what: 'an implied requirement no task serves',
    mutate: (plan) => void plan.requirements.push({ id: 'R3', text: 'Fast', source: 'implied' }),
  },
  {
    rule: 'task-without-requirement',
    what: 'a task that serves nothing',
    mutate: (plan) =>
      void plan.tasks.push({
        ...task(plan, 0),
        id: 'T3',
        requirements: [],
        files: [{ path: 'x.ts', action: 'create' }],
      }),
  },
  {
    rule: 'repeated-requirement-id',
    what: 'two requirements with one id',
    mutate: (plan) => void plan.requirements.push({ id: 'R1', text: 'Other', source: 'implied' }),
  },
  {
    rule: 'dependency-cycle',
    what: 'a task that waits for itself',
    mutate: (plan) => void task(plan, 0).dependsOn.push('T1'),
  },
  {
    rule: 'missing-file',
    what: 'modifying what an earlier task deletes',
    mutate: (plan) => {
      task(plan, 0).files = [{ path: 'src/slug.ts', action: 'delete' }];
    },
  },
  {
    rule: 'missing-file',
    what: 'renaming a file that does not exist',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'src/b.ts', action: 'rename', from: 'src/none.ts' }),
  },
  {
    rule: 'existing-file',
    what: 'renaming onto a file that exists',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'README.md', action: 'rename', from: 'src/slug.ts' }),
  },
  {
    rule: 'existing-file',
    what: 'creating what an earlier task creates',
    mutate: (plan) =>
      void plan.tasks.push({
        ...task(plan, 1),
        id: 'T3',
        dependsOn: ['T2'],
        files: [{ path: 'src/registry.ts', action: 'create' }],
      }),
  },
  {
    rule: 'outside-workspace',
    what: 'a drive of its own',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'C:\\secrets.ts', action: 'create' }),
  },
  {
    rule: 'denied-path',
    what: 'a file of secrets',
    mutate: (plan) => void task(plan, 0).files.push({ path: '.env', action: 'create' }),
  },
  {
    rule: 'denied-path',
    what: 'version-control data',
    mutate: (plan) => void task(plan, 0).files.push({ path: '.git/hooks/pre-commit', action: 'create' }),
  },
  {
    rule: 'repeated-file',
    what: 'a file listed twice',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'src/slug.ts', action: 'delete' }),
  },
  {
    rule: 'case-clash',
    what: 'two files that differ in case only',
    mutate: (plan) => void task(plan, 0).files.push({ path: 'src/Slug.ts', action: 'create' }),
  },
  {
    rule: 'unknown-component-file',
    what: 'an architecture of files that are not there',
    mutate: (plan) =>
      void plan.architecture.components.push({ name: 'Cache', responsibility: 'caches', files: ['src/cache.ts'] }),
  },
  {
    rule: 'task-without-files',
    what: 'a task that touches nothing',
    mutate: (plan) => {
      task(plan, 1).files = [];
    },
  },
  {
    rule: 'no-tests',
    what: 'a plan without a test',
    mutate: (plan) =>
      plan.tasks.forEach((each) => {
        each.tests = [];
      }),
  },
  {
    rule: 'large-task-without-tests',
    what: 'a large task without a test',
    mutate: (plan) => {
      task(plan, 1).size = 'L';
      task(plan, 1).tests = [];
    },
  },
];

/** Single faults that need a reader: nothing in the plan's form gives them away. */
const beyondALinter: readonly { what: string; mutate: (plan: Plan) => void }[] = [
  {
    what: 'a test that tests something else',
    mutate: (plan) => {
      task(plan, 0).tests = ['the weather is nice'];
    },
  },
  {
    what: 'the wrong file of two that exist',
    mutate: (plan) => {
      task(plan, 0).files = [{ path: 'README.md', action: 'modify' }];
    },
  },
  {
    what: 'a target nobody can reach',
    mutate: (plan) =>
      plan.successMetrics.forEach((metric) => {
        metric.target = 'all pass in no time';
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

  it('finds at least nine of ten single faults by itself', (t) => {
    const seeded = [...mutations, ...beyondALinter];
    const missed = seeded.filter(({ mutate }) => {
      const plan = goodPlan();
      mutate(plan);
      return lintPlan(plan, goodFiles).length === 0;
    });
    t.diagnostic(`${seeded.length - missed.length} of ${seeded.length} single faults found`);
    for (const { what } of missed) t.diagnostic(`missed: ${what}`);
    assert.ok(seeded.length >= 20);
    assert.ok(missed.length <= seeded.length * 0.1);
  });

  it('has a failing plan here for every rule, and every rule in its documentation', () => {
    const tried = new Set(mutations.map(({ rule }) => rule));
    const documented = readFileSync(new URL('../../../docs/plan-linter.md', import.meta.url), 'utf8');
    for (const { id, severity, criterion, cap } of rules) {
      assert.ok(tried.has(id), `no failing plan for ${id}`);
      const row = documented.split('\n').find((line) => line.startsWith(`| \`${id}\``));
      assert.ok(row, `${id} is not documented`);
      for (const fact of [severity, criterion, ` ${cap} `]) assert.ok(row.includes(fact), `${id}: ${fact}`);
    }
  });

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
