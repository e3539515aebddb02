import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { demoScript, type ScriptedServer, startScriptedServer } from '../fixtures/openaiServer.ts';

/** The same job over HTTP, through planwright.baseUrl, with the window reloaded in each phase. */

let workbench: Workbench;
let server: ScriptedServer;
let panel: Frame;
/** Bodies of the calls that were answered to the end, in order. */
const answered: string[] = [];
/** When set, the next call is not answered: the window is reloaded instead. */
let hold: { readonly arrived: () => void } | undefined;
const script = demoScript();

before(async () => {
  server = await startScriptedServer(async (request) => {
    if (hold) {
      hold.arrived();
      hold = undefined;
      return { kind: 'hang' };
    }
    answered.push(JSON.stringify(request.body));
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

/** Waits for a call, leaves it unanswered and reloads the window. */
async function reloadDuringNextCall(trigger: () => Promise<unknown>): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    hold = { arrived: resolve };
  });
  await trigger();
  await arrived;
  panel = await workbench.reload();
}

const answeredBy = (needle: string) => answered.filter((body) => body.includes(needle)).length;
const until = async (condition: () => boolean) => {
  for (let tries = 0; tries < 600 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.ok(condition());
};

test('a run over an OpenAI-compatible server, reloaded in each phase, makes no finished call twice', async () => {
  await reloadDuringNextCall(async () => {
    await workbench.runCommand('Planwright: Start implementation workflow');
    for (const [title, text] of [
      ['1 of 3', sampleInput.request],
      ['2 of 3', sampleInput.requirements.join('; ')],
      ['3 of 3', sampleInput.constraints?.join('; ') ?? ''],
    ] as const) {
      await workbench.inputBox(title);
      await workbench.page.locator('.quick-input-widget input.input').first().fill(text);
      await workbench.page.keyboard.press('Enter');
    }
  });
  for (const marker of ['Write the plan.', 'Review round: 0', 'Refinement round: 1']) {
    await until(() => answeredBy(marker) > 0);
    await reloadDuringNextCall(async () => {});
  }
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  await panel.click('[data-testid="gate-choice-approve"]');
  await until(() => answeredBy('Task: T1') > 0);
  await reloadDuringNextCall(async () => {});
  await panel.click('[data-testid="tab-work"]');
  for (const id of ['T1', 'T2', 'T3', 'T4']) {
    await panel.waitForSelector(`[data-testid="task-${id}"][data-state="done"]`, { timeout: 60_000 });
  }
  assert.equal(new Set(answered).size, answered.length, 'no call that was answered is made again');
  assert.ok(server.calls().length > answered.length, 'some calls were cut by a reload');
});
