import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Frame } from 'playwright-core';
import { PNG } from 'pngjs';
import { artifacts } from '../../scripts/lib/paths.ts';

/** The panel without what moves by itself: clocks stand, and nothing spins. */
export async function picture(panel: Frame): Promise<PNG> {
  const element = await panel.frameElement();
  // What is under the pointer looks otherwise.
  await panel.page().mouse.move(0, 0);
  await panel.evaluate(async () => {
    await document.fonts.ready;
    (document.activeElement as HTMLElement | null)?.blur();
    for (const clock of document.querySelectorAll('[data-clock]')) clock.textContent = '0 s';
    // Whether there is an estimate depends on the time itself.
    for (const left of document.querySelectorAll('[data-testid="time-left"]')) left.textContent = '';
    for (const spinner of document.querySelectorAll<HTMLElement>('.codicon-modifier-spin'))
      spinner.style.visibility = 'hidden';
  });
  return PNG.sync.read(await element.screenshot({ animations: 'disabled', caret: 'hide' }));
}

/** A picture that two looks in a row agree on: fonts and measured lists come to rest within a few frames. */
export async function pictureAtRest(panel: Frame, name: string): Promise<PNG> {
  let last = await picture(panel);
  for (let tries = 0; tries < 20; tries++) {
    const next = await picture(panel);
    if (differing(last, next) === 0) {
      save(name, next);
      return next;
    }
    last = next;
  }
  throw new Error(`${name} never comes to rest.`);
}

/**
 * Looks until the panel is the picture it was. Where it stays another one both are left in dist/artifacts, with what
 * differs in red.
 * @returns the number of pixels that differ
 */
export async function comesBack(before: PNG, panel: Frame, name: string): Promise<number> {
  let now = await picture(panel);
  // A window that is loaded anew takes its time, and has another theme until VS Code has read the one that is set.
  for (let tries = 0; tries < 150 && differing(before, now) > 0; tries++) {
    await panel.waitForTimeout(100);
    now = await picture(panel);
  }
  const left = differing(before, now);
  if (left === 0) return 0;
  save(`${name}-now`, now);
  if (now.width === before.width && now.height === before.height) {
    const diff = new PNG({ width: now.width, height: now.height });
    pixelmatch(before.data, now.data, diff.data, now.width, now.height, { threshold: 0.1 });
    save(`${name}-differs`, diff);
  }
  return left;
}

/** Pixels whose colours are further apart than an eye would see (0.1 of pixelmatch's scale); all, if sizes differ. */
function differing(a: PNG, b: PNG): number {
  if (a.width !== b.width || a.height !== b.height) return Math.max(a.width * a.height, b.width * b.height);
  return pixelmatch(a.data, b.data, undefined, a.width, a.height, { threshold: 0.1 });
}

function save(name: string, png: PNG): void {
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, `state-${name}.png`), PNG.sync.write(png));
}
