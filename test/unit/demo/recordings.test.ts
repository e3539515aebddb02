import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { changeRequest, demoChangeRequest } from '../../../src/models/demo/changeRequest.ts';
import { implementing } from '../../../src/models/demo/implementing.ts';
import { firstPlan, planning } from '../../../src/models/demo/planning.ts';
import type { RecordedTurn, Recording } from '../../../src/models/demo/recording.ts';
import { refinedPlan, refining } from '../../../src/models/demo/refining.ts';
import { firstReview, reviewing, secondReview } from '../../../src/models/demo/reviewing.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import {
  evidenceOf,
  planDraftSchema,
  planOf,
  refinementDraftSchema,
  reviewDraftSchema,
  taskReportSchema,
} from '../../../src/workflow/agents/drafts.ts';
import { defaultWeights } from '../../../src/workflow/review/criteria.ts';
import { checkEvidence } from '../../../src/workflow/review/evidence.ts';
import { lintPlan } from '../../../src/workflow/review/planLinter.ts';
import { computeReview } from '../../../src/workflow/review/scoring.ts';
import type { Plan, Review } from '../../../src/workflow/schemas.ts';
import { editsOf, sampleFolder } from './sampleCopy.ts';

const THRESHOLD = 80;
const first = planOf(planDraftSchema.parse(firstPlan), sampleInput);
const refined = planOf(planDraftSchema.parse(refinedPlan), sampleInput);

test('every recording looks around first and ends with an answer its agent accepts', () => {
  planDraftSchema.parse(answerOf(planning));
  for (const recording of reviewing) reviewDraftSchema.parse(answerOf(recording));
  for (const recording of refining) refinementDraftSchema.parse(answerOf(recording));
  for (const recording of [...implementing.values(), changeRequest]) taskReportSchema.parse(answerOf(recording));
});

test('the first plan computes to 54.5 and is refined: R4 has no task and T4 no end', async () => {
  const review = await judge(first, firstReview, 0);
  assert.deepEqual(
    review.findings.map(({ rule, where }) => `${rule} ${where}`),
    ['requirement-without-task R4', 'no-done-when T4'],
  );
  assert.equal(review.score, 54.5);
  assert.equal(review.verdict, 'refine');
});

test('the refined plan computes to 88 and passes, with nothing for the linter to find', async () => {
  const review = await judge(refined, secondReview, 1);
  assert.deepEqual(review.findings, []);
  assert.equal(review.score, 88);
  assert.equal(review.verdict, 'pass');
});

test('all evidence points at something real, but for one path that exists nowhere', async () => {
  const before = await judge(first, firstReview, 0);
  const dropped = before.criteria.filter(({ droppedEvidence }) => droppedEvidence > 0);
  assert.deepEqual(
    dropped.map(({ id, droppedEvidence }) => [id, droppedEvidence]),
    [['architecture', 1]],
  );
  const after = await judge(refined, secondReview, 1);
  assert.ok(after.criteria.every(({ droppedEvidence }) => droppedEvidence === 0));
});

test('the refiner answers every improvement once and declines exactly one', async () => {
  const review = await judge(first, firstReview, 0);
  const asked = review.criteria.flatMap(({ improvements }) => improvements.map(({ id }) => id));
  const { addressed, declined } = refinementDraftSchema.parse(answerOf(refining[0] ?? []));
  assert.deepEqual([...addressed, ...declined].map(({ improvementId }) => improvementId).sort(), asked);
  assert.equal(declined.length, 1);
});

test('every task of either plan can be implemented, in just the files the plan names', () => {
  for (const plan of [first, refined]) {
    assert.deepEqual(
      plan.tasks.map(({ id }) => id),
      [...implementing.keys()],
    );
    for (const task of plan.tasks) {
      const edited = new Set(editsOf(implementing.get(task.id) ?? []).map(({ input }) => input.path));
      assert.deepEqual([...edited].sort(), task.files.map(({ path }) => path).sort(), task.id);
    }
  }
});

test('every edit names requirements that either plan has, and only one names none', () => {
  const calls = [...implementing.values(), changeRequest].flatMap(editsOf);
  for (const plan of [first, refined]) {
    const known = new Set(plan.requirements.map(({ id }) => id));
    for (const { input } of calls) {
      for (const id of input.requirements as string[]) assert.ok(known.has(id), id);
    }
  }
  assert.equal(calls.filter(({ input }) => (input.requirements as string[]).length === 0).length, 1);
  const served = new Set(calls.flatMap(({ input }) => input.requirements as string[]));
  assert.deepEqual([...served].sort(), refined.requirements.map(({ id }) => id).sort());
});

test('each implementer says how every doneWhen of the refined plan is met, and names the planned tests', () => {
  for (const task of refined.tasks) {
    const report = taskReportSchema.parse(answerOf(implementing.get(task.id) ?? []));
    assert.deepEqual(
      report.evidence.map(({ doneWhen }) => doneWhen),
      task.doneWhen,
    );
    for (const name of task.tests) assert.ok(report.tests.includes(name), name);
  }
  const { evidence } = taskReportSchema.parse(answerOf(changeRequest));
  const task = refined.tasks.find(({ id }) => id === demoChangeRequest.taskId);
  assert.ok(evidence.every(({ doneWhen }) => task?.doneWhen.includes(doneWhen)));
});

test('every file that a recording reads exists, on disk or from an earlier task', async () => {
  const paths = new Set(await samplePaths());
  const inOrder = [planning, ...reviewing, ...refining, ...implementing.values(), changeRequest];
  for (const turn of inOrder.flat()) {
    if (turn.kind !== 'act') continue;
    for (const { tool, input } of turn.calls) {
      if (tool === 'write_file') paths.add(input.path as string);
      else if (typeof input.path === 'string') assert.ok(paths.has(input.path), `${tool} ${input.path}`);
    }
  }
});

/** Judges a plan as the review phase does, with what the reviewer has read at that time. */
async function judge(plan: Plan, answer: unknown, round: number): Promise<Review> {
  const draft = reviewDraftSchema.parse(answer);
  const files = new Set(await samplePaths());
  const texts = await Promise.all(
    readBy(reviewing[round] ?? []).map((path) => readFile(join(sampleFolder, path), 'utf8')),
  );
  let next = 1;
  const given = draft.criteria.map((criterion) => {
    const { kept, dropped } = checkEvidence(criterion.evidence.map(evidenceOf), { plan, files, texts });
    const improvements = criterion.improvements.map((improvement) => ({ id: `I${next++}`, ...improvement }));
    return { ...criterion, evidence: kept, droppedEvidence: dropped, improvements };
  });
  return computeReview(given, lintPlan(plan, files), defaultWeights, THRESHOLD);
}

function answerOf(recording: Recording): unknown {
  assert.ok(recording.slice(0, -1).every((turn: RecordedTurn) => turn.kind === 'act' && turn.calls.length > 0));
  assert.ok(recording.length > 1);
  const last = recording.at(-1);
  assert.ok(last?.kind === 'answer');
  return JSON.parse(JSON.stringify(last.result));
}

function readBy(recording: Recording): string[] {
  return recording
    .flatMap((turn) => (turn.kind === 'act' ? turn.calls : []))
    .flatMap(({ tool, input }) => (tool === 'read_file' ? [input.path as string] : []));
}

async function samplePaths(): Promise<string[]> {
  const entries = await readdir(sampleFolder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(sampleFolder.length).replaceAll('\\', '/'));
}
