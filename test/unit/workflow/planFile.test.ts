import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlanFile } from '../../../src/workflow/planFile.ts';
import { planSchema } from '../../../src/workflow/schemas.ts';
import { goodPlan } from '../review/planFixture.ts';
import { review, said, start } from './greeter.ts';

const input = { request: 'Slugs', requirements: ['Fold accents', 'Unique slugs'], constraints: ['No dependency'] };

test('an exported plan comes back with its request', () => {
  const read = readPlanFile(`\uFEFF${JSON.stringify({ version: 1, input, plan: goodPlan(), review: null })}`);
  assert.deepEqual(read, { ...input, plan: goodPlan() });
});

test('a bare plan’s title and given requirements are the request', () => {
  const read = readPlanFile(JSON.stringify(goodPlan()));
  assert.equal(read.request, 'Unique slugs');
  assert.deepEqual(read.requirements, ['Fold accents', 'Unique slugs']);
});

for (const [what, text, problem] of [
  ['no JSON', 'hello', /not JSON/],
  ['half a plan', JSON.stringify({ plan: { title: 'x' } }), /summary/],
  [
    'a plan without a requirement of its request',
    JSON.stringify({ input: { ...input, requirements: ['Sing'] }, plan: goodPlan() }),
    /leaves out the requirement “Sing”/,
  ],
] as const) {
  test(`a file with ${what} is refused with its reason`, () => {
    assert.throws(() => readPlanFile(text), problem);
  });
}

test('a run with a plan plans nothing, and has it reviewed', async (t) => {
  const given = planSchema.parse({
    ...goodPlan(),
    tasks: [
      { ...goodPlan().tasks[0], files: [{ path: 'src/greet.ts', action: 'modify' }], requirements: ['R1', 'R2'] },
    ],
  });
  const run = start(t, { reviewer: () => said(review(10, [{ taskId: 'T1' }])) }, {}, { over: { plan: given } });
  const view = await run.until(run.id, ({ openGates }) => openGates.length > 0);
  assert.deepEqual(view.plan, given);
  assert.equal(view.phases.planning.state, 'skipped');
  assert.equal(view.reviews.length, 1);
});
