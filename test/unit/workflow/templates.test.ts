import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkWeights, defaultWeights } from '../../../src/workflow/review/criteria.ts';
import { builtInTemplates } from '../../../src/workflow/templates/builtIn.ts';
import { templateLibrary } from '../../../src/workflow/templates/library.ts';
import { parseTemplate, templateOf } from '../../../src/workflow/templates/parse.ts';
import { goodPlan } from '../review/planFixture.ts';
import { plan, review, said, start, task } from './greeter.ts';

test('there are six built-in templates; the weights of each sum to 100', () => {
  const all = [...builtInTemplates().values()];
  assert.equal(all.length, 6);
  for (const { name, weights, description, skeleton } of all) {
    assert.doesNotThrow(() => checkWeights({ ...defaultWeights, ...weights }), name);
    assert.ok(description.length > 20 && /^## /m.test(skeleton), name);
  }
});

test('a file without front matter is a template that has its file’s name', () => {
  assert.deepEqual(parseTemplate('## Do it\n', 'my-kind'), { name: 'my-kind', description: '', skeleton: '## Do it' });
});

for (const [what, text, problem] of [
  ['broken YAML', '---\nname: [\n---\nx', /cannot be used/],
  ['a field nobody knows', '---\ncolour: red\n---\nx', /colour/],
  ['an unknown criterion', '---\nweights: { beauty: 100 }\n---\nx', /weights/],
  ['nothing for the planner', '---\nname: Empty\n---\n', /says something to the planner/],
] as const) {
  test(`a file with ${what} is refused with its reason`, () => {
    assert.throws(() => parseTemplate(text, 'mine'), problem);
  });
}

test('a workspace’s file replaces the built-in template of its name, and a broken one is listed with its problem', async () => {
  const files = new Map([
    ['.planwright/templates/bug-fix.md', '---\nname: Our bug fix\n---\nAsk Ada first.'],
    ['.planwright/templates/broken.md', '---\nthreshold: high\n---\nx'],
  ]);
  const library = await templateLibrary({
    listFiles: async () => [...files.keys()],
    read: async (path) => ({ path, text: files.get(path) ?? '', hash: '', readOnly: false, dirty: false }),
  });
  assert.equal(library.length, 7);
  const of = (id: string) => library.find((entry) => entry.id === id)?.template;
  assert.equal((of('bug-fix') as { name: string }).name, 'Our bug fix');
  assert.match((of('broken') as { problem: string }).problem, /threshold/);
});

test('a plan saved as a template can be read again, with its tasks and weights', () => {
  const text = templateOf(goodPlan(), 'Ours: "quoted"', { weights: defaultWeights, threshold: 85 });
  const template = parseTemplate(text, 'file');
  assert.equal(template.name, 'Ours: "quoted"');
  assert.equal(template.threshold, 85);
  assert.deepEqual(template.weights, defaultWeights);
  assert.match(template.skeleton, /## T2 Registry/);
  assert.match(template.skeleton, /After T1\./);
});

test('a template gives the planner its skeleton and the review its weights', async (t) => {
  const weights = {
    requirementsCoverage: 50,
    architecture: 0,
    feasibility: 20,
    taskBreakdown: 10,
    testability: 10,
    riskAndSecurity: 10,
  };
  const run = start(
    t,
    {
      planner: (_n, { prompt }) => {
        assert.match(JSON.stringify(prompt), /of the kind “Ours”.*Ask Ada first/);
        return said(plan(task({})));
      },
      reviewer: () => said(review(10, [{ taskId: 'T1' }])),
    },
    {},
    { over: { template: { name: 'Ours', description: '', skeleton: 'Ask Ada first.', weights, threshold: 95 } } },
  );
  const { reviews } = await run.until(run.id, (view) => view.reviews.length > 0);
  assert.equal(reviews[0]?.review.criteria[0]?.weight, 50);
  assert.equal(reviews[0]?.review.threshold, 95);
});

test('a template cannot switch the approval off that the developer wants', async (t) => {
  const run = start(
    t,
    { planner: () => said(plan(task({}))), reviewer: () => said(review(10, [{ taskId: 'T1' }])) },
    {},
    { over: { template: { name: 'Hasty', description: '', skeleton: 'Go.', approvePlan: false } } },
  );
  const waiting = await run.until(run.id, ({ openGates }) => openGates.length > 0);
  assert.equal(waiting.openGates[0]?.kind, 'plan-approval');
});
