import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { refinedPlan } from './refinedPlan.ts';
import { startRun, tasksDone } from './startRun.ts';

/** A developer who edits the plan before approving it. */

let workbench: Workbench;
let panel: Frame;

before(async () => {
  workbench = await Workbench.launch();
  await workbench.open();
});
after(() => workbench.close());

/** As another program would: the editor, which shows the file, follows. */
async function write(text: string): Promise<void> {
  const folder = join(dirname(workbench.database()), 'plans');
  const [name] = readdirSync(folder);
  assert.ok(name);
  writeFileSync(join(folder, name), text);
  await workbench.page.waitForTimeout(2000);
}

test('the plan opens as JSON, and the linter speaks as one types', async () => {
  await startRun(workbench);
  panel = await workbench.panel();
  await panel.click('[data-testid="gate-choice-edit"]', { timeout: 60_000 });
  await workbench.page.locator('.tab', { hasText: '.planwright-plan.json' }).waitFor({ timeout: 20_000 });
  const plan = refinedPlan(workbench.database());
  plan.tasks[0].doneWhen = [];
  plan.title = 'Slugs, as I want them';
  await write(JSON.stringify(plan, null, 1));
  await workbench.runCommand('Go to Next Problem (Error, Warning, Info)');
  const problem = workbench.page.locator('.marker-widget', { hasText: 'T1 does not say when it is done' });
  await problem.waitFor({ timeout: 20_000 });
  await workbench.screenshot('edit-plan');
});

test('half a plan is refused with what is wrong, and nothing is lost', async () => {
  const plan = refinedPlan(workbench.database());
  const { summary: _summary, ...half } = plan;
  await write(JSON.stringify(half));
  await workbench.runCommand('Planwright: Use this plan');
  assert.match(await workbench.notification('not a whole plan'), /summary/);
});

test('the edited plan takes the place of the reviewed one: linted, marked, and implemented once approved', async () => {
  const plan = refinedPlan(workbench.database());
  plan.tasks[0].doneWhen = [];
  plan.title = 'Slugs, as I want them';
  await write(JSON.stringify(plan));
  await workbench.runCommand('Planwright: Use this plan');
  panel = await workbench.panel(); // It was made anew when it came to the front.
  await panel.waitForSelector('h1:has-text("Slugs, as I want them")', { timeout: 20_000 });
  await panel.waitForSelector('text=You edited it');
  await panel.click('[data-testid="tab-review"]');
  assert.match((await panel.textContent('[data-testid="score"]')) ?? '', /83\.5/);
  assert.match((await panel.textContent('body')) ?? '', /does not say when it is done/);
  assert.match((await panel.textContent('body')) ?? '', /before your edit/);
  await workbench.screenshot('edited-plan-review');
  await panel.click('[data-testid="gate-choice-approve"]');
  await tasksDone(panel);
});

test('the plan is exported into the repository, as Markdown and as JSON', async () => {
  await workbench.runCommand('Planwright: Export plan into the repository');
  await workbench.page.locator('.tab', { hasText: 'slugs-as-i-want-them' }).waitFor({ timeout: 20_000 });
  const folder = join(workbench.folder, '.planwright/plans');
  const names = readdirSync(folder).sort();
  assert.deepEqual(
    names.map((name) => extname(name)),
    ['.json', '.md'],
  );
  const [json = '', markdown = ''] = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  assert.equal(JSON.parse(json).plan.title, 'Slugs, as I want them');
  assert.equal(JSON.parse(json).review.score, 83.5);
  assert.match(markdown, /## Score 83\.5 of 100/);
  assert.match(markdown, /## T1 /);
});
