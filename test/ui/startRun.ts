import type { Frame } from 'playwright-core';
import type { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import type { Input } from '../../src/workflow/schemas.ts';

/**
 * Opens the first question of “Start implementation workflow”; answers what it suggests. A setting that VS Code has not
 * taken in yet, or a view that takes the focus, gets another try.
 */
export async function openStart(workbench: Workbench): Promise<string> {
  for (let tries = 1; ; tries++) {
    await workbench.runCommand('Planwright: Start implementation workflow');
    const suggested = await workbench.inputBox('1 of 3', 8_000).catch((error) => {
      if (tries === 5 || error.name !== 'TimeoutError') throw error;
    });
    if (suggested !== undefined) return suggested;
    await workbench.page.keyboard.press('Escape');
  }
}

/** Answers the three questions of “Start implementation workflow”. */
export async function startRun(workbench: Workbench, input: Input = sampleInput): Promise<void> {
  await openStart(workbench);
  for (const [title, text] of [
    ['1 of 3', input.request],
    ['2 of 3', input.requirements.join('; ')],
    ['3 of 3', input.constraints?.join('; ') ?? ''],
  ] as const) {
    await workbench.inputBox(title);
    await workbench.page.locator('.quick-input-widget input.input').first().fill(text);
    await workbench.page.keyboard.press('Enter');
  }
}

/** Waits until the agents have done every task of the sample's plan. */
export async function tasksDone(panel: Frame): Promise<void> {
  await panel.click('[data-testid="tab-work"]');
  for (const id of ['T1', 'T2', 'T3', 'T4'])
    await panel.waitForSelector(`[data-testid="task-${id}"][data-state="done"]`, { timeout: 60_000 });
}
