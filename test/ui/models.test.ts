import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/lib/paths.ts';
import { Workbench } from '../../scripts/lib/workbench.ts';

/** Choosing a model where another extension gives some to the editor. */

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
const saved = () =>
  JSON.parse(readFileSync(join(workbench.scratch, 'data', 'data', 'Machine', 'settings.json'), 'utf8')) as Record<
    string,
    unknown
  >;

test('lists the models of the editor, and what else there is; one is chosen by one click', async () => {
  await workbench.runCommand('Planwright: Choose model…');
  await row('Model scripted-1').waitFor({ timeout: 20_000 });
  await row('Look for models on this computer').waitFor();
  await workbench.screenshot('choose-model');
  await row('Model scripted-1').click();
  for (let tries = 0; tries < 300 && saved()['planwright.model'] === ''; tries++)
    await workbench.page.waitForTimeout(100);
  assert.equal(saved()['planwright.model'], 'vscode:planwright-tests/scripted-1');
});
