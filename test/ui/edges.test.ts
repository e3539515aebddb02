import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { type Script, type ScriptedServer, startScriptedServer } from '../fixtures/openaiServer.ts';
import { openStart, startRun } from './startRun.ts';

/** What goes wrong for people on their first day: each has a message that says what to do, and nothing is lost. */

let workbench: Workbench;
let server: ScriptedServer;
let script: Script = () => ({ kind: 'hang' });
const overHttp = () => ({ 'planwright.model': 'openai-compatible:any', 'planwright.baseUrl': server.url });

before(async () => {
  server = await startScriptedServer((request) => script(request));
  workbench = await Workbench.launch({ settings: { 'planwright.model': '' } });
});
after(async () => {
  await workbench.close();
  await server.close();
});

async function cancelRun(): Promise<void> {
  await workbench.runCommand('Planwright: Cancel workflow');
  await workbench.runCommand('Planwright: Show workflow');
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="status"]:has-text("Cancelled")', { timeout: 20_000 });
}

test('no folder open: says so, and what to do', async () => {
  await workbench.open({ folder: null });
  await workbench.runCommand('Planwright: Start implementation workflow');
  assert.match(await workbench.notification('No folder is open'), /Open the folder you want to change/);
});

test('no folder and no model: the sample opens in one click from the sidebar, with its request suggested', async () => {
  await workbench.page.locator('.activitybar a[aria-label^="Planwright"]').first().click();
  await workbench.page.locator('.welcome-view-content a', { hasText: 'Open the sample' }).click({ timeout: 20_000 });
  await workbench.page.waitForURL(/folder=[^&]*samples/, { timeout: 60_000 });
  await workbench.page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
  assert.equal(await openStart(workbench), sampleInput.request);
  await workbench.page.keyboard.press('Escape');
  await workbench.setSettings({ 'planwright.model': '' });
});

test('no model chosen: offers the models that there are', async () => {
  await workbench.open();
  await workbench.runCommand('Planwright: Start implementation workflow');
  const widget = workbench.page.locator('.quick-input-widget', { hasText: 'Choose a model for Planwright' });
  await widget.waitFor({ state: 'visible', timeout: 30_000 });
  for (const name of ['OpenAI', 'OpenAI-compatible server', 'Demo'])
    await widget.locator('.monaco-list-row', { hasText: name }).first().waitFor();
  await workbench.page.keyboard.press('Escape');
});

test('an empty request: says so beside the box and stays there', async () => {
  await workbench.setSettings(overHttp());
  await openStart(workbench);
  await workbench.page.keyboard.press('Enter');
  const message = workbench.page.locator('.quick-input-message', {
    hasText: /what shall be built|say what|empty|type/i,
  });
  await message.waitFor({ state: 'visible', timeout: 10_000 });
  await workbench.inputBox('1 of 3');
  await workbench.page.keyboard.press('Escape');
});

test('a second start while one runs: points to the one that runs', async () => {
  script = () => ({ kind: 'hang' });
  await startRun(workbench);
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="status"]');
  await workbench.runCommand('Planwright: Start implementation workflow');
  assert.match(await workbench.notification('A workflow is running'), /Finish or cancel it/);
  await cancelRun();
});

test('a wrong key: names the address and how to set another, and Resume goes on', async () => {
  script = () => ({
    kind: 'status',
    status: 401,
    error: { message: 'Incorrect API key provided', code: 'invalid_api_key' },
  });
  await startRun(workbench);
  assert.match(await workbench.notification('key'), /Set API key/);
  script = () => ({ kind: 'hang' });
  const panel = await workbench.panel();
  await panel.click('button:has-text("Resume")');
  await panel.waitForSelector('[data-testid="status"]:has-text("Planning")', { timeout: 20_000 });
  await cancelRun();
});

test('a server that is not there: waits, says which address refused, and goes on once that is mended', async () => {
  const port = await closedPort();
  await workbench.setSettings({ 'planwright.baseUrl': `http://127.0.0.1:${port}/v1` });
  await startRun(workbench);
  assert.match(await workbench.notification(`127.0.0.1:${port}`), /Check that the server at .* runs/);
  const before = server.calls().length;
  await workbench.setSettings(overHttp());
  const panel = await workbench.panel();
  await panel.click('[data-testid="gate-choice-retry"]');
  await panel.waitForSelector('[data-testid="status"]:has-text("Planning")', { timeout: 20_000 });
  for (let turn = 0; turn < 100 && server.calls().length === before; turn++) await workbench.page.waitForTimeout(100);
  assert.ok(server.calls().length > before, 'the mended address is asked');
  await cancelRun();
});

test('a model that answers nonsense: says so after its chances, and the run can be resumed', async () => {
  await workbench.setSettings(overHttp());
  const before = server.calls().length;
  script = () => ({ kind: 'text', text: 'lorem ipsum dolor' });
  await startRun(workbench);
  await workbench.notification('Resume');
  assert.equal(server.calls().length - before, 3, 'asked once and repaired twice');
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="status"]:has-text("Failed")');
  await workbench.screenshot('edge-nonsense');
});

test('a restricted workspace: plans, and writes nothing', async () => {
  const restricted = await Workbench.launch({
    workspaceTrust: true,
    settings: { 'planwright.plan.approve': false, 'security.workspace.trust.startupPrompt': 'never' },
  });
  try {
    await restricted.open();
    const before = readFileSync(join(restricted.folder, 'src/slug.ts'), 'utf8');
    await startRun(restricted);
    const panel = await restricted.panel();
    await panel.click('[data-testid="tab-edits"]');
    await panel.waitForSelector('[data-testid^="proposal-"]', { timeout: 60_000 });
    await restricted.runCommand('Planwright: Next pending hunk');
    await restricted.page.locator('.codelens-decoration a', { hasText: 'Accept' }).first().click({ timeout: 30_000 });
    assert.match(await restricted.notification('restricted'), /Trust the workspace/);
    assert.equal(readFileSync(join(restricted.folder, 'src/slug.ts'), 'utf8'), before);
  } finally {
    await restricted.close();
  }
});

/** A port of the loopback where nobody listens. */
async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
