import { join } from 'node:path';
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

/** The panel in a real VS Code: from the command's click in the palette to its first paint, and to the frame with the run. */
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
    const floor: Opening[] = [];
    const opened = { small: [] as Opening[], huge: [] as Opening[] };
    const blocked = { small: [] as number[], huge: [] as number[] };
    for (let n = 0; n < OPENS; n++) {
      await closePage(workbench);
      floor.push(await openingBy(workbench, 'Bench: Open an empty page', '#empty', 'drawn'));
      for (const size of sizes) {
        const id = ids[size] ?? '';
        runs.makeNewest(id);
        await closePage(workbench);
        const opening = await openingBy(
          workbench,
          'Planwright: Show workflow',
          `[data-run="${id}"]`,
          'planwright:run-drawn',
        );
        opened[size].push(opening);
        blocked[size].push(await host.longestBlock(opening.clicked, opening.drawn));
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
    const [empty = 0, ...after] = heap;
    const openings = [floor, ...sizes.map((size) => opened[size])];
    const fromTo = (from: keyof Opening, to: keyof Opening) =>
      openings.map((all) => median(all.map((one) => one[to] - one[from])));
    const rows = [
      ['click → first paint, with its heading, ms', ...fromTo('clicked', 'painted')],
      ['click → first frame with the run, ms', ...fromTo('clicked', 'drawn')],
      ['its page begins → first frame with the run, ms', ...fromTo('begun', 'drawn')],
      ['longest block of the extension host meanwhile, ms', '', ...sizes.map((size) => median(blocked[size]))],
      ['longest block when another process wrote the whole run, ms', '', ...told],
      ['extension host’s heap beyond an empty one’s, MB', '', ...after.map((bytes) => (bytes - empty) / 1e6)],
    ];
    const head = ['huge, scrolled', 'frames', 'work p50', 'p95 ms', 'on the clock p50', 'p95 ms', 'gap p50', 'p95 ms'];
    return [table(['in VS Code', 'an empty page', ...sizes], rows), '', table(head, frames)].join('\n');
  } finally {
    runs.close();
    await workbench.close();
    host.remove();
  }
}

/** Moments of an opening, in milliseconds since the epoch. */
interface Opening {
  /** The row of the command palette. */
  readonly clicked: number;
  /** When the browser began with the page inside the editor. */
  readonly begun: number;
  /** The first contentful paint, as Chromium tells it. */
  readonly painted: number;
  /** The frame that shows what it was opened for. */
  readonly drawn: number;
}

async function openingBy(workbench: Workbench, command: string, shows: string, mark: string): Promise<Opening> {
  await workbench.runCommand(command);
  const clicked = await workbench.page.evaluate(() => (window as unknown as { clicked: number }).clicked);
  const page = await workbench.frameWith(shows);
  await page.waitForFunction(
    (names) => names.every((name) => performance.getEntriesByName(name).length > 0),
    [mark, 'first-contentful-paint'],
  );
  const times = await page.evaluate((name) => {
    const at = (entry: string) =>
      performance.timeOrigin + (performance.getEntriesByName(entry)[0]?.startTime ?? Number.NaN);
    return { begun: performance.timeOrigin, painted: at('first-contentful-paint'), drawn: at(name) };
  }, mark);
  return { clicked, ...times };
}

/** And lets VS Code come to rest. */
async function closePage(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Close Editor');
  await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
  await workbench.page.waitForTimeout(1500);
}
