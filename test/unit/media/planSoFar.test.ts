import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSoFar } from '../../../media/plan/planSoFar.ts';
import { goodPlan } from '../review/planFixture.ts';

const whole = `Let me look at {the code} first.\n${JSON.stringify(goodPlan(), null, 1)}`;

test('nothing is shown while the planner only talks', () => {
  assert.equal(planSoFar('Let me look at {the code} first.'), null);
  assert.equal(planSoFar(''), null);
});

test('the plan grows as it is written, and no beginning of it makes it fail or shrink', () => {
  let [tasks, title] = [0, ''];
  for (let length = 0; length <= whole.length; length += 7) {
    const written = planSoFar(whole.slice(0, length));
    if (!written) continue;
    assert.ok(written.tasks.length >= tasks && written.title.length >= title.length);
    [tasks, title] = [written.tasks.length, written.title];
  }
  assert.equal(tasks, goodPlan().tasks.length);
  assert.equal(title, goodPlan().title);
});

test('what is not a plan is not shown as one', () => {
  assert.equal(planSoFar('{"path": "src/a.ts"}'), null);
  assert.equal(planSoFar('{"title": 3, "tasks": {"id": 1}}')?.title, '');
});
