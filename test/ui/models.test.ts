import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { root } from '../../scripts/lib/paths.ts';
import { freePort } from '../../scripts/lib/processes.ts';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { startReadyServer } from '../fixtures/readyServer.ts';

/** Choosing a model: of the editor, found on this computer, or of a server that may want a key or be down. */

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.launch({
    extensions: [join(root, 'test/fixtures/editorModels')],
    settings: { 'planwright.model': '' },
  });
  await workbench.open();
});
after(() => workbench.close());

const row = (text: string) => workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
const input = () => workbench.page.locator('.quick-input-widget input.input').first();
const settings = () => readFileSync(join(workbench.scratch, 'data', 'data', 'Machine', 'settings.json'), 'utf8');

/** Waits until both are saved. The file may be read while it is written. */
async function becomes(model: string, baseUrl?: string): Promise<void> {
  const now = () => {
    try {
      const values = JSON.parse(settings()) as Record<string, unknown>;
      return [values['planwright.model'], values['planwright.baseUrl']];
    } catch {
      return [];
    }
  };
  const isSaved = () => now()[0] === model && now()[1] === baseUrl;
  for (let tries = 0; tries < 300 && !isSaved(); tries++) await workbench.page.waitForTimeout(100);
  assert.deepEqual(now(), [model, baseUrl]);
}

/** Chooses by keys what has `text` in it. */
async function pick(text: string): Promise<void> {
  await row(text).waitFor({ timeout: 20_000 });
  await input().fill(text);
  await row(text).waitFor();
  await workbench.page.keyboard.press('Enter');
}

/** Types into the box with that title, once it is there. */
async function type(title: string, text: string): Promise<void> {
  await workbench.inputBox(title);
  await input().fill(text);
  await workbench.page.keyboard.press('Enter');
}

/** Answers the notification that has `text` in it by the button, and gives back its words. */
async function answer(text: RegExp, button: string, name: string): Promise<string> {
  const item = await workbench.notificationItem(text);
  await workbench.screenshot(name);
  const words = (await item.textContent()) ?? '';
  await item.locator('.monaco-button', { hasText: button }).click();
  return words;
}

async function serve(t: TestContext, ...args: Parameters<typeof startReadyServer>) {
  const server = await startReadyServer(...args);
  t.after(server.close);
  return server;
}

test('lists the models of the editor, and what else there is; one is chosen by one click', async () => {
  await workbench.runCommand('Planwright: Choose model…');
  await row('Model scripted-1').waitFor({ timeout: 20_000 });
  await row('Look for models on this computer').waitFor();
  await workbench.screenshot('choose-model');
  await row('Model scripted-1').click();
  await becomes('vscode:planwright-tests/scripted-1');
});

test('looks for models on this computer once told to, tries the chosen one, and shows which it is', async (t) => {
  const ollama = await serve(t, ['qwen3:8b', 'gemma:2b'], { port: 11434 }).catch(() => null);
  if (!ollama) return t.skip('another server has the port of Ollama');
  await workbench.runCommand('Planwright: Choose model…');
  await row('Look for models on this computer').waitFor({ timeout: 20_000 });
  assert.equal(ollama.seen.length, 0, 'nothing is asked before it is chosen');
  await pick('Look for models');
  await row('8.2B · Q4_K_M · 5.2 GB').waitFor({ timeout: 20_000 });
  await workbench.screenshot('choose-model-local');
  await pick('qwen3');
  await becomes('openai-compatible:qwen3:8b', 'http://127.0.0.1:11434/v1');
  while (!ollama.seen.includes('POST /v1/chat/completions')) await workbench.page.waitForTimeout(50);
  await workbench.runCommand('Planwright: Show workflow');
  await (await workbench.panel()).getByText('Model: openai-compatible:qwen3:8b.').waitFor();
  await workbench.screenshot('chosen-model');
});

test('a server that wants a key is given one, and says of a wrong one that it was refused', async (t) => {
  const server = await serve(t, ['large-1', 'small-1'], { key: 'the-right-key' });
  await workbench.runCommand('Planwright: Choose model…');
  await pick('OpenAI-compatible');
  await type('Address of the server', `${server.origin}/v1`);
  await type(`API key for ${server.origin}`, 'a-wrong-key');
  const refused = workbench.page.locator('.quick-input-widget', { hasText: 'The key was refused; enter another.' });
  await refused.waitFor({ timeout: 20_000 });
  await workbench.screenshot('choose-model-wrong-key');
  await type(`API key for ${server.origin}`, 'the-right-key');
  await pick('large-1');
  await becomes('openai-compatible:large-1', `${server.origin}/v1`);
  while (!server.seen.includes('POST /v1/chat/completions the-right-key')) await workbench.page.waitForTimeout(50);
  assert.doesNotMatch(settings(), /right-key/);
});

test('a key that turns out wrong when the model is tried can be typed anew there', async (t) => {
  const server = await serve(t, ['large-2'], { key: 'the-right-key', listsFreely: true });
  await workbench.runCommand('Planwright: Choose model…');
  await pick('OpenAI-compatible');
  await type('Address of the server', `${server.origin}/v1`);
  await pick('large-2');
  const words = await answer(/API key was refused/, 'Another key…', 'choose-model-refused');
  assert.match(words, new RegExp(`refused by ${server.origin}`));
  await type(`API key for ${server.origin}`, 'the-right-key');
  while (!server.seen.includes('POST /v1/chat/completions the-right-key')) await workbench.page.waitForTimeout(50);
  await becomes('openai-compatible:large-2', `${server.origin}/v1`);
});

test('a server that is down is told before a model’s name is asked for, with what to do', async () => {
  const dead = `http://127.0.0.1:${await freePort()}/v1`;
  const before = settings();
  await workbench.runCommand('Planwright: Choose model…');
  await pick('OpenAI-compatible');
  await type('Address of the server', dead);
  const words = await answer(/Nothing answers at/, 'Another address…', 'choose-model-dead');
  assert.match(words, /Start the server, or mend the address/);
  assert.equal(await workbench.inputBox('Address of the server'), dead, 'it is there to be mended');
  await workbench.page.keyboard.press('Escape');
  assert.equal(settings(), before);
});
