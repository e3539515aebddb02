import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callTool } from '../agents/scriptedModel.ts';
import { plan, review, said, start, type Turn, task } from './greeter.ts';

/** The planner may ask, once and at most three things; whatever is not answered is assumed in writing. */

const questions = [
  { question: 'Which greeting?', suggestions: ['Hello', 'Hi'], default: 'Hello' },
  { question: 'Where is the count kept?', suggestions: ['memory', 'file'], default: 'memory' },
];
const good = plan(task({}));
const asking: Turn = (n) => (n === 1 ? callTool('ask_developer', { questions }) : said(good));
const agents = { planner: asking, reviewer: () => said(review(10, [{ taskId: 'T1' }])) };

test('the run waits at a gate with the questions, and goes on with the answers', async (t) => {
  const run = start(t, agents);
  const waiting = await run.until(run.id, ({ openGates }) => openGates.length > 0);
  const [gate] = waiting.openGates;
  assert.equal(gate?.kind, 'questions');
  assert.deepEqual(
    gate?.questions?.map(({ id, default: fallback }) => [id, fallback]),
    [
      ['Q1', 'Hello'],
      ['Q2', 'memory'],
    ],
  );
  run.runner.decide(run.id, gate?.id ?? '', { choice: 'answer', data: { Q1: 'Good day' }, by: 'developer' });
  const planned = await run.until(run.id, (view) => view.plan !== null);
  assert.deepEqual(planned.plan?.assumptions, [
    'Which greeting? You answered: Good day',
    'Where is the count kept? Assumed: memory',
  ]);
});

test('without anybody to ask, the defaults are taken and listed', async (t) => {
  const run = start(t, agents, {}, { settings: { askQuestions: false } });
  const planned = await run.until(run.id, (view) => view.plan !== null);
  assert.deepEqual(planned.plan?.assumptions, [
    'Which greeting? Assumed: Hello',
    'Where is the count kept? Assumed: memory',
  ]);
  assert.equal(
    planned.decisions.some(({ gateId }) => gateId.endsWith('questions')),
    false,
  );
});

test('an open question outlives the process', async (t) => {
  const run = start(t, agents);
  await run.until(run.id, ({ openGates }) => openGates.length > 0);
  await run.runner.stop();
  run.runner.resume(run.id);
  const again = await run.until(run.id, ({ openGates }) => openGates.length > 0);
  run.runner.decide(run.id, again.openGates[0]?.id ?? '', { choice: 'defaults', by: 'developer' });
  await run.until(run.id, (view) => view.plan !== null);
});

test('a planner that asks again is told to decide itself', async (t) => {
  const run = start(
    t,
    {
      ...agents,
      planner: (n, { prompt }) => {
        if (n < 3) return callTool('ask_developer', { questions }, `call-${n}`);
        assert.match(JSON.stringify(prompt), /You have asked already/);
        return said(good);
      },
    },
    {},
    { settings: { askQuestions: false } },
  );
  const planned = await run.until(run.id, (view) => view.plan !== null);
  assert.equal(planned.plan?.assumptions.length, 2);
});
