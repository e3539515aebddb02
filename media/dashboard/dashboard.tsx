import { render } from 'preact';
import type { ToDashboard } from '../../src/protocol.ts';
import type { DashboardData, WindowName } from '../../src/workflow/metrics/dashboardData.ts';
import { Page } from './page.tsx';
import { post, recall, remember } from './vscode.ts';

/** The dashboard's page: it asks for a window of time and shows the figures that come, now and whenever they change. */

const root = document.getElementById('root') ?? document.body;
let shown: WindowName = recall();
let data: DashboardData | null = null;

function draw(): void {
  render(<Page data={data} shown={shown} select={select} />, root);
}

function select(next: WindowName): void {
  shown = next;
  remember(next);
  post({ type: 'window', window: next });
  draw();
}

window.addEventListener('message', ({ data: message }: MessageEvent<ToDashboard>) => {
  if (message.data.window !== shown) return; // An answer from before the window was switched.
  data = message.data;
  draw();
});

select(shown);
