import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceFor } from '../../../src/workflow/phases/evidence.ts';
import { plan, review, said, start, task } from './greeter.ts';

const report = (evidence: readonly object[]) => said({ summary: 'Greets.', documentation: '', tests: [], evidence });

test('finds the evidence of a line though the agent has quoted it loosely', () => {
  const doneWhen = ['It greets by name.', 'Two names, two greetings', 'untold'];
  const evidence = [
    { doneWhen: 'it greets by name', how: ' Tested. ' },
    { doneWhen: '2. “Two names, two greetings”', how: 'Read.' },
    { doneWhen: 'untold', how: '  ' },
  ];
  assert.deepEqual(evidenceFor({ doneWhen }, { evidence }), [
    { doneWhen: 'It greets by name.', how: 'Tested.' },
    { doneWhen: 'Two names, two greetings', how: 'Read.' },
  ]);
});

test('asks once for the lines a report leaves out, and goes on without', async (t) => {
  const asked: string[] = [];
  const run = start(t, {
    planner: () => said(plan(task({ doneWhen: ['it greets', 'it is polite'] }))),
    reviewer: () => said(review(10)),
    implementer: (_n, { prompt }) => {
      const last = JSON.stringify(prompt.at(-1));
      if (last.includes('no evidence')) asked.push(last);
      return report(asked.length === 0 ? [] : [{ doneWhen: 'it greets', how: 'It was read again.' }]);
    },
  });
  const approval = await run.until(run.id, ({ openGates }) => openGates.length > 0);
  run.runner.decide(run.id, approval.openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  await run.done;
  assert.equal(asked.length, 1);
  assert.match(asked[0] ?? '', /it is polite/);
  assert.deepEqual(run.view(run.id).tasks.T1?.evidence, [{ doneWhen: 'it greets', how: 'It was read again.' }]);
});
