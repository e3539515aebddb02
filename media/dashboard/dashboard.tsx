import type { ToDashboard } from '../../src/protocol.ts';
import type { DashboardData, WindowName } from '../../src/workflow/metrics/dashboardData.ts';
import { draw, hear } from '../page.ts';
import { Page } from './page.tsx';
import { post, recall, remember } from './vscode.ts';

/** The dashboard's page: it asks for a window of time and shows the figures that come, now and whenever they change. */

let shown: WindowName = recall();
let data: DashboardData | null = null;

function redraw(): void {
  draw(<Page data={data} shown={shown} select={select} />);
}

function select(next: WindowName): void {
  shown = next;
  remember(next);
  post({ type: 'window', window: next });
  redraw();
}

hear<ToDashboard>((message) => {
  if (message.data.window !== shown) return; // An answer from before the window was switched.
  data = message.data;
  redraw();
});

select(shown);
