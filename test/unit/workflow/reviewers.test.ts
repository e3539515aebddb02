import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consensus } from '../../../src/workflow/review/consensus.ts';
import type { GivenCriterion } from '../../../src/workflow/review/scoring.ts';
import { criterionIds } from '../../../src/workflow/schemas.ts';
import { plan, said, start, task } from './greeter.ts';

const given = (score: number, over: Partial<GivenCriterion> = {}): GivenCriterion => ({
  id: 'architecture',
  score,
  rationale: `worth ${score}`,
  evidence: [],
  droppedEvidence: 0,
  improvements: [],
  ...over,
});

test('the median counts, with the rationale of the reviewer nearest to it', () => {
  const [merged] = consensus([[given(9)], [given(3)], [given(6)]]);
  assert.equal(merged?.score, 6);
  assert.equal(merged?.rationale, 'worth 6');
  assert.deepEqual(merged?.givenBy, [9, 3, 6]);
});

test('of an even number it is the mean of the middle two', () => {
  assert.equal(consensus([[given(9)], [given(4)], [given(6)], [given(8)]])[0]?.score, 7);
});

test('a criterion that one reviewer left out counts 0 for them', () => {
  assert.deepEqual(consensus([[given(9)], [], [given(7)]])[0]?.givenBy, [9, 0, 7]);
});

test('the same improvement or evidence from two reviewers appears once', () => {
  const improvement = (what: string) => ({ id: 'I1', what, why: '', severity: 'minor' as const });
  const [merged] = consensus([
    [given(5, { evidence: [{ taskId: 'T1' }], improvements: [improvement('Name the index.')] })],
    [
      given(5, {
        evidence: [{ taskId: 'T1' }],
        improvements: [improvement('name the index. '), improvement('Test it.')],
      }),
    ],
  ]);
  assert.equal(merged?.evidence.length, 1);
  assert.deepEqual(
    merged?.improvements.map(({ what }) => what),
    ['Name the index.', 'Test it.'],
  );
});

test('three reviewers judge apart from one another; their disagreement is in the review', async (t) => {
  const prompts: string[] = [];
  const run = start(
    t,
    {
      planner: () => said(plan(task({}))),
      reviewer: (n, { prompt }) => {
        prompts.push(JSON.stringify(prompt));
        const score = [10, 4, 9][n - 1] ?? 0;
        const evidence = [{ taskId: 'T1' }];
        return said({
          criteria: criterionIds.map((id) => ({ id, score, rationale: `${score}`, evidence, improvements: [] })),
        });
      },
    },
    {},
    { settings: { reviewers: 3 } },
  );
  const { reviews } = await run.until(run.id, (view) => view.reviews.length > 0);
  assert.equal(reviews[0]?.review.score, 90);
  assert.deepEqual([...(reviews[0]?.review.criteria[0]?.givenBy ?? [])].sort(), [10, 4, 9]);
  assert.equal(new Set(prompts).size, 1, 'each is asked the same and sees nothing of the others');
});
