import type { Workbench } from '../../scripts/lib/workbench.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import type { Input } from '../../src/workflow/schemas.ts';

/** Answers the three questions of “Start implementation workflow”. */
export async function startRun(workbench: Workbench, input: Input = sampleInput): Promise<void> {
  await workbench.runCommand('Planwright: Start implementation workflow');
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
