import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { planSchema } from '../../src/workflow/schemas.ts';
import { demoScript, type Script, type ScriptedServer, startScriptedServer } from '../fixtures/openaiServer.ts';
import { startRun, tasksDone } from './startRun.ts';

/** A developer who changes the plan in the panel, comments on a task, has it refined and approves it. */

let workbench: Workbench;
let server: ScriptedServer;
let panel: Frame;

/** As the demo, but it follows words: what was said about a task becomes what the task is done when. */
function listening(): Script {
  const demo = demoScript();
  const slowly = demoScript({ chunkCharacters: 60, delayMs: 20 });
  return (request) => {
    if (JSON.stringify(request.body).includes('Write the plan.')) return slowly(request);
    const prompt = String(request.body?.messages?.at(-1)?.content ?? '');
    const words = /^The developer asks: (?:On (T\d+): )?(.+)/m.exec(prompt);
    if (words) return { kind: 'text', text: JSON.stringify(refined(prompt, words[1] ?? 'T1', words[2] ?? '')) };
    const known = JSON.stringify(request.body).replace(/Review round: [2-9]/, 'Review round: 1');
    return demo({ ...request, body: JSON.parse(known) });
  };
}

function refined(prompt: string, taskId: string, words: string) {
  const plan = planSchema.parse(JSON.parse(/^Plan, which scored .*:\n(.*)$/m.exec(prompt)?.[1] ?? ''));
  const { requirements, tasks, ...rest } = plan;
  return {
    plan: {
      ...rest,
      impliedRequirements: requirements.filter(({ source }) => source === 'implied').map(({ text }) => ({ text })),
      tasks: tasks.map((task) => (task.id === taskId ? { ...task, doneWhen: [...task.doneWhen, words] } : task)),
    },
  };
}

before(async () => {
  server = await startScriptedServer(listening());
  workbench = await Workbench.launch({
    settings: { 'planwright.model': 'openai-compatible:recorded', 'planwright.baseUrl': server.url },
  });
  await workbench.open();
});
after(async () => {
  await workbench.close();
  await server.close();
});

const draftText = async () => (await panel.textContent('[data-testid="draft"]')) ?? '';

test('the plan is seen while it is written', async () => {
  await startRun(workbench);
  panel = await workbench.panel();
  await panel.click('[data-testid="tab-plan"]');
  await panel.waitForSelector('[data-testid="plan-in-writing"] h2', { timeout: 60_000 });
  await panel.waitForSelector('[data-testid="plan-in-writing"] .task-id:text("T2")', { timeout: 60_000 });
  await workbench.screenshot('plan-in-writing');
});

test('a change of the plan is linted at once, with what it would score', async () => {
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.click('[data-testid="tab-plan"]');
  await panel.click('button[aria-label="Edit T1"]');
  await panel.fill('[data-testid="field-done-when"]', '');
  await panel.waitForSelector('[data-testid="draft"] >> text=T1 does not say when it is done', { timeout: 10_000 });
  assert.match(await draftText(), /would score 83\.5; the linter has 1 finding/);
  await workbench.screenshot('plan-draft-lint');
});

test('tasks are split, moved, added and dropped, and the draft outlives a hidden panel', async () => {
  await panel.click('button[aria-label="Split T2 in two"]');
  await panel.fill('[data-testid="field-title"]', 'The other half');
  await panel.click('[data-testid="task-done"]');
  await panel.click('[data-testid="add-task"]');
  await panel.fill('[data-testid="field-title"]', 'Measure it');
  await panel.click('[data-testid="task-done"]');
  const titles = () => panel.locator('.card-title .task-id').allTextContents();
  const before = await titles();
  assert.deepEqual(before.slice(0, 3), ['T1', 'T2', 'T5']);
  await panel.click('button[aria-label="Move T6 up"]');
  assert.deepEqual((await titles()).at(-2), 'T6');
  await panel.click('button[aria-label="Drop T6"]');
  await workbench.runCommand('New Untitled Text File');
  await workbench.runCommand('Planwright: Show workflow');
  panel = await workbench.panel();
  await panel.waitForSelector('h4 >> text=The other half', { timeout: 20_000 });
  assert.deepEqual((await titles()).slice(0, 3), ['T1', 'T2', 'T5']);
});

test('comments go into the next refinement, whose plan is shown against the one before', async () => {
  await panel.click('[data-testid="draft-discard"]');
  assert.equal(await panel.locator('[data-testid="draft"]').count(), 0);
  await panel.click('button[aria-label="Comment on T2"]');
  await panel.fill('[data-testid="comment-text"]', 'Keep the registry out of slug.ts.');
  await panel.click('[data-testid="comment-keep"]');
  assert.match((await panel.textContent('[data-testid="comment-T2"]')) ?? '', /Keep the registry out/);
  await panel.click('button[aria-label="Edit T1"]');
  await panel.fill('[data-testid="field-done-when"]', '');
  await panel.click('[data-testid="task-done"]');
  await panel.waitForSelector('[data-testid="draft-score"]');
  await workbench.screenshot('plan-draft-comment');
  await panel.click('[data-testid="draft-refine"]');
  await panel.waitForSelector('text=Refinement 3 (current)', { state: 'attached', timeout: 60_000 });
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.waitForSelector('text=/changed: .*done when/', { timeout: 10_000 });
  await workbench.screenshot('plan-refined-with-comments');
});

test('the refined plan is approved and implemented', async () => {
  await panel.click('[data-testid="gate-choice-approve"]');
  await tasksDone(panel);
});
