import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { demoScript, type ScriptedServer, startScriptedServer } from '../fixtures/openaiServer.ts';
import { startRun, tasksDone } from './startRun.ts';

/** The same job over HTTP, through planwright.baseUrl, with the window reloaded in each phase. */

let workbench: Workbench;
let server: ScriptedServer;
let panel: Frame;
/** Bodies of the calls that were answered to the end, in order. */
const answered: string[] = [];
/** One call of each phase is left unanswered, the first that has this in it: the window is reloaded instead. */
const held = new Map(
  ['Write the plan.', 'Review round: 0', 'Refinement round: 1', 'Task: T1'].map((marker) => [
    marker,
    Promise.withResolvers<void>(),
  ]),
);
const toHold = new Set(held.keys());
const script = demoScript();

before(async () => {
  server = await startScriptedServer(async (request) => {
    const body = JSON.stringify(request.body);
    const marker = [...toHold].find((text) => body.includes(text));
    if (marker) {
      toHold.delete(marker);
      held.get(marker)?.resolve();
      return { kind: 'hang' };
    }
    answered.push(body);
    return script(request);
  });
  workbench = await Workbench.launch({
    settings: { 'planwright.model': 'openai-compatible:recorded', 'planwright.baseUrl': server.url },
  });
  await workbench.open();
});
after(async () => {
  await workbench.close();
  await server.close();
});

async function reloadDuring(marker: string): Promise<void> {
  await held.get(marker)?.promise;
  panel = await workbench.reload();
}

test('a run over an OpenAI-compatible server, reloaded in each phase, makes no finished call twice', async () => {
  await startRun(workbench);
  for (const marker of ['Write the plan.', 'Review round: 0', 'Refinement round: 1']) await reloadDuring(marker);
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.click('[data-testid="gate-choice-approve"]');
  await reloadDuring('Task: T1');
  await tasksDone(panel);
  assert.equal(new Set(answered).size, answered.length, 'no call that was answered is made again');
  assert.equal(server.calls().length, answered.length + held.size, 'only the calls cut by a reload came again');
});
