import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { root } from '../../scripts/lib/paths.ts';
import { Workbench } from '../../scripts/lib/workbench.ts';
import { GeneratedRuns } from '../../test/ui/generated.ts';
import { median, quantile, table } from './figures.ts';
import { scrollTraced } from './frames.ts';
import { HostLog } from './hostLog.ts';
import { logs } from './runs.ts';

const OPENS = 4;
const SCROLL_MS = 4000;
const sizes = ['small', 'huge'] as const;
type Size = (typeof sizes)[number];

/** The panel in a real VS Code: from the command's click in the palette to the first frame with the run. */
export async function measureInVscode(): Promise<string> {
  const host = new HostLog();
  const workbench = await Workbench.launch({
    extensions: [join(root, 'bench/panel/hostWatch')],
    env: { PLANWRIGHT_BENCH_LOG: host.file },
  });
  const runs = new GeneratedRuns(workbench);
  try {
    await workbench.page.addInitScript(() => {
      const noted = window as unknown as { clicked: number };
      const note = ({ timeStamp }: Event) => {
        noted.clicked = performance.timeOrigin + timeStamp;
      };
      window.addEventListener('mousedown', note, true);
    });
    await workbench.open();
    await workbench.runCommand('Planwright: Show workflow');
    await workbench.panel();
    const heap: number[] = [await host.heap()];
    const ids: Partial<Record<Size, string>> = {};
    const told: number[] = [];
    for (const size of sizes) {
      const from = Date.now();
      const id = runs.writeLog(logs[size], 'in_progress');
      ids[size] = id;
      await runs.show(id);
      told.push(await host.longestBlock(from, Date.now()));
      heap.push(await host.heap());
    }
    const opened = { small: [] as number[], huge: [] as number[] };
    const blocked = { small: [] as number[], huge: [] as number[] };
    const script = { small: [] as number[], huge: [] as number[] };
    for (let n = 0; n < OPENS; n++) {
      for (const size of sizes) {
        const id = ids[size] ?? '';
        runs.makeNewest(id);
        await workbench.runCommand('View: Close Editor');
        await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
        await workbench.page.waitForTimeout(1500);
        await workbench.runCommand('Planwright: Show workflow');
        const clicked = await workbench.page.evaluate(() => (window as unknown as { clicked: number }).clicked);
        const { drawn, ready } = await drawnAt(workbench, id);
        opened[size].push(drawn - clicked);
        script[size].push(ready - clicked);
        blocked[size].push(await host.longestBlock(clicked, drawn));
      }
    }
    const panel = await workbench.panel();
    const frames: (string | number)[][] = [];
    for (const tab of ['edits', 'work'] as const) {
      await panel.click(`[data-testid="tab-${tab}"]`);
      const box = await (await panel.frameElement()).boundingBox();
      await workbench.page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 500);
      const { work, wall, gaps } = await scrollTraced(workbench.browser, workbench.page, SCROLL_MS);
      frames.push([tab, work.length, ...[work, wall, gaps].flatMap((all) => [median(all), quantile(all, 0.95)])]);
    }
    const of = (figures: Record<Size, readonly number[]>) => sizes.map((size) => median(figures[size]));
    const [empty = 0, ...after] = heap;
    const rows = [
      ['click → first frame with the run, ms', ...of(opened)],
      ['of which until the page’s script runs: VS Code’s own, ms', ...of(script)],
      ['longest block of the extension host meanwhile, ms', ...of(blocked)],
      ['longest block when another process wrote the whole run, ms', ...told],
      ['extension host’s heap beyond an empty one’s, MB', ...after.map((bytes) => (bytes - empty) / 1e6)],
    ];
    const head = ['huge, scrolled', 'frames', 'work p50', 'p95 ms', 'on the clock p50', 'p95 ms', 'gap p50', 'p95 ms'];
    return [table(['in VS Code', ...sizes], rows), '', table(head, frames)].join('\n');
  } finally {
    runs.close();
    await workbench.close();
    host.remove();
  }
}

async function drawnAt(workbench: Workbench, id: string): Promise<{ readonly drawn: number; readonly ready: number }> {
  const panel: Frame = await workbench.panel();
  await panel.waitForSelector(`[data-run="${id}"]`);
  await panel.waitForFunction(() => performance.getEntriesByName('planwright:run-drawn').length > 0);
  return panel.evaluate(() => {
    const at = (name: string) => performance.timeOrigin + (performance.getEntriesByName(name)[0]?.startTime ?? 0);
    return { drawn: at('planwright:run-drawn'), ready: at('planwright:ready') };
  });
}
