import { openBrowser } from '../../scripts/lib/browser.ts';
import { PanelAlone } from '../../test/ui/panelAlone.ts';
import { median, quantile, table } from './figures.ts';
import { scrollTraced } from './frames.ts';
import { logs, viewOf } from './runs.ts';

const OPENS = 9;
const SCROLL_MS = 4000;
const views = { small: viewOf(logs.small), huge: viewOf(logs.huge) };
const sizes = ['small', 'huge'] as const;

/** The page without VS Code: what of the time is the page's own. */
export async function measureAlone(): Promise<string> {
  const browser = await openBrowser();
  try {
    const panel = await PanelAlone.launch(browser);
    const opened = { small: [] as number[], huge: [] as number[] };
    const rows: (string | number)[][] = [];
    for (const tab of ['edits', 'work', 'plan'] as const) {
      for (let n = 0; n < OPENS; n++) for (const size of sizes) opened[size].push(await panel.open(views[size], tab));
      rows.push([
        `handed the run, before its script → frame with it, ${tab}, ms`,
        ...sizes.map((size) => median(opened[size])),
      ]);
      for (const size of sizes) opened[size].length = 0;
    }
    const heap: number[] = [];
    const elements: number[] = [];
    for (const size of sizes) {
      await panel.open(views[size], 'edits');
      const cdp = await panel.page.context().newCDPSession(panel.page);
      await cdp.send('HeapProfiler.collectGarbage');
      heap.push(((await cdp.send('Runtime.getHeapUsage')).usedSize as number) / 1e6);
      await cdp.detach();
      elements.push(await panel.page.evaluate(() => document.querySelectorAll('*').length));
    }
    rows.push(['JavaScript heap after a collection, MB', ...heap], ['elements in the page', ...elements]);
    const frames: (string | number)[][] = [];
    for (const tab of ['edits', 'work', 'plan'] as const) {
      await panel.open(views.huge, tab);
      await panel.page.mouse.move(300, 600);
      const { work, wall, gaps } = await scrollTraced(browser, panel.page, SCROLL_MS);
      frames.push([tab, work.length, ...[work, wall, gaps].flatMap((all) => [median(all), quantile(all, 0.95)])]);
    }
    const head = ['huge, scrolled', 'frames', 'work p50', 'p95 ms', 'on the clock p50', 'p95 ms', 'gap p50', 'p95 ms'];
    return [table(['the page alone', ...sizes], rows), '', table(head, frames)].join('\n');
  } finally {
    await browser.close();
  }
}
