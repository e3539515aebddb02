import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { startReceiver } from '../unit/otlp/receiver.ts';
import { startRun } from './startRun.ts';

/** A real window pushes what it does to a receiver that the settings name, and to nobody otherwise. */

test('traces and headers reach the receiver that is set, after it is set; the headers are in no file', async (t) => {
  const receiver = await startReceiver(t);
  const workbench = await Workbench.launch({ settings: { 'planwright.plan.approve': true } });
  t.after(() => workbench.close());
  await workbench.open();
  await startRun(workbench);
  const panel = await workbench.panel();
  await panel.waitForSelector('[data-testid="gate-choice-approve"]', { timeout: 60_000 });
  assert.equal(receiver.requests.length, 0);

  await workbench.setSettings({ 'planwright.otlp.endpoint': receiver.url });
  await arrives(() => receiver.spans().some(({ name }) => name === 'phase planning'));
  assert.equal(receiver.requests[0]?.headers.authorization, undefined);

  await workbench.runCommand('Planwright: Set headers of the OTLP receiver…');
  await workbench.inputBox('Headers for');
  await workbench.page.locator('.quick-input-widget input.input').first().fill('Authorization=Bearer%20hunter2');
  await workbench.page.keyboard.press('Enter');
  await panel.click('[data-testid="gate-choice-approve"]');
  await arrives(() => receiver.requests.at(-1)?.headers.authorization === 'Bearer hunter2');
  await workbench.runCommand('Planwright: Cancel workflow');
  await arrives(() => receiver.spans().some(({ attributes }) => attributes['planwright.outcome'] === 'cancelled'));
  const spans = receiver.spans();
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length, 'each once');
  const logs = globSync('**/*Planwright*.log', { cwd: workbench.scratch }).map((file) =>
    readFileSync(`${workbench.scratch}/${file}`, 'utf8'),
  );
  assert.ok(logs.some((log) => log.includes(`pushed to ${receiver.url}`)));
  assert.doesNotMatch(logs.join('\n'), /hunter2/);
});

async function arrives(holds: () => boolean): Promise<void> {
  for (const until = Date.now() + 30_000; !holds(); ) {
    if (Date.now() > until) throw new Error('It did not arrive within 30 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
