import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkWeights, defaultWeights } from '../../../src/workflow/review/criteria.ts';
import { checkEvidence } from '../../../src/workflow/review/evidence.ts';
import { lintPlan } from '../../../src/workflow/review/planLinter.ts';
import { computeReview } from '../../../src/workflow/review/scoring.ts';
import { criterionIds, type Finding } from '../../../src/workflow/schemas.ts';
import { goodFiles, goodPlan } from './planFixture.ts';

const giving = (score: number) =>
  criterionIds.map((id) => ({
    id,
    score,
    rationale: '',
    evidence: [{ taskId: 'T1' }],
    droppedEvidence: 0,
    improvements: [],
  }));

describe('score', () => {
  it('is the weighted sum of what was given', () => {
    const given = giving(8).map((criterion) =>
      criterion.id === 'architecture' ? { ...criterion, score: 5 } : criterion,
    );
    const review = computeReview(given, [], defaultWeights, 80);
    assert.equal(review.score, 74); // 0.8 × 80 + 0.5 × 20
    assert.equal(review.verdict, 'refine');
    assert.match(review.arithmetic, /^74 = 25×0\.8 \+ 20×0\.5/);
  });

  it('passes at the threshold, not under it', () => {
    assert.equal(computeReview(giving(8), [], defaultWeights, 80).verdict, 'pass');
    assert.equal(computeReview(giving(7.99), [], defaultWeights, 80).verdict, 'refine');
  });

  it('changes its verdict with a weight', () => {
    const given = giving(7).map((criterion) =>
      criterion.id === 'feasibility' ? { ...criterion, score: 10 } : criterion,
    );
    assert.equal(computeReview(given, [], defaultWeights, 80).verdict, 'refine');
    const weights = { ...defaultWeights, feasibility: 45, requirementsCoverage: 0 };
    assert.equal(computeReview(given, [], weights, 80).verdict, 'pass');
  });

  it('stays under 80 for an all-10 review of a plan that leaves a given requirement uncovered', () => {
    const plan = goodPlan();
    for (const task of plan.tasks) task.requirements = ['R1'];
    const review = computeReview(giving(10), lintPlan(plan, goodFiles), defaultWeights, 80);
    const coverage = review.criteria.find(({ id }) => id === 'requirementsCoverage');
    assert.equal(coverage?.cappedBy, 'requirement-without-task');
    assert.equal(coverage?.given, 10);
    assert.equal(review.score, 77.5);
    assert.equal(review.verdict, 'refine');
  });

  it('counts at most 8 of 10 where nothing real stands behind it', () => {
    const unsupported = giving(10).map((criterion) => ({ ...criterion, evidence: [], droppedEvidence: 2 }));
    const review = computeReview(unsupported, [], defaultWeights, 80);
    assert.equal(review.score, 80);
    assert.ok(review.criteria.every(({ cappedBy }) => cappedBy === 'no-evidence'));
    const finding = { rule: 'x', severity: 'major', message: '', where: '', criterion: 'testability', cap: 7 } as const;
    assert.equal(computeReview(unsupported, [finding], defaultWeights, 80).verdict, 'refine');
  });

  it('never passes a plan with a blocker, and says why', () => {
    const plan = goodPlan();
    plan.tasks[0]?.dependsOn.push('T2');
    const review = computeReview(giving(10), lintPlan(plan, goodFiles), defaultWeights, 80);
    assert.equal(review.verdict, 'refine');
    assert.equal(review.score, 79);
    assert.match(review.arithmetic, /^84 = .*; at most 79 because of dependency-cycle$/);
  });

  it('counts a criterion the reviewer left out as 0', () => {
    assert.equal(computeReview(giving(10).slice(1), [], defaultWeights, 80).score, 75);
  });

  it('is not raised by a cap', () => {
    const finding: Finding = { rule: 'x', severity: 'minor', message: '', where: '', criterion: 'feasibility', cap: 9 };
    const feasibility = computeReview(giving(3), [finding], defaultWeights, 80).criteria.find(
      ({ id }) => id === 'feasibility',
    );
    assert.equal(feasibility?.score, 3);
    assert.equal(feasibility?.cappedBy, undefined);
  });

  it('refuses weights that do not sum to 100', () => {
    assert.throws(() => checkWeights({ ...defaultWeights, architecture: 21 }), /sum to 101/);
  });
});

describe('evidence', () => {
  const sources = { plan: goodPlan(), files: goodFiles, texts: ['export function slug(text: string)\n  return text'] };
  const real = [
    { taskId: 'T1' },
    { requirementId: 'R2' },
    { path: 'README.md' },
    { path: 'src/registry.ts' },
    { quote: 'Adds a registry.' },
    { quote: 'slug(text: string) return text' },
  ];
  const invented = [
    { taskId: 'T9' },
    { requirementId: 'R9' },
    { path: 'src/none.ts' },
    { quote: 'nobody wrote this' },
    {},
    { taskId: 'T1', path: 'src/none.ts' },
  ];

  it('keeps what names something real', () => {
    assert.deepEqual(checkEvidence(real, sources), { kept: real, dropped: 0 });
  });

  it('drops what names nothing real', () => {
    assert.deepEqual(checkEvidence(invented, sources), { kept: [], dropped: invented.length });
  });
});
