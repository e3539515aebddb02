import type { RunView } from '../../src/workflow/runState.ts';
import type { Plan } from '../../src/workflow/schemas.ts';
import { plural, t } from '../l10n.ts';
import { layoutGraph, nodeHeight, nodeWidth } from './graphLayout.ts';

/** The tasks and what waits for what. The list below it says the same in words. */
export function TaskGraph({ plan, tasks }: { plan: Plan; tasks: RunView['tasks'] }) {
  const { width, height, nodes, edges } = layoutGraph(plan.tasks);
  const titles = new Map(plan.tasks.map(({ id, title }) => [id, title]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="graph-scroll" tabIndex={0} aria-label={t('Task graph')}>
      <svg
        class="graph"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={describe(plan)}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="graph-arrow" d="M0 0.5 L8 4 L0 7.5 z" />
          </marker>
        </defs>
        {edges.map(({ from, to, path }) => (
          <path key={`${from}-${to}`} class="graph-edge" d={path} marker-end="url(#arrow)" />
        ))}
        {nodes.map(({ id, x, y }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: a short cut for the mouse; the list below has the same links
          <g
            key={id}
            class={`graph-node graph-${tasks[id]?.state ?? 'pending'}`}
            transform={`translate(${x} ${y})`}
            onClick={() => showTask(id)}
          >
            <title>{`${id} ${titles.get(id) ?? ''}`}</title>
            <rect width={nodeWidth} height={nodeHeight} rx="4" />
            <text class="graph-id" x="10" y="16">
              {id}
            </text>
            <text x="10" y="31">
              {shorten(titles.get(id) ?? '')}
            </text>
          </g>
        ))}
      </svg>
    </section>
  );
}

function showTask(id: string): void {
  const card = document.getElementById(`plan-${id}`);
  card?.scrollIntoView({ block: 'center' });
  card?.focus({ preventScroll: true });
}

function shorten(title: string): string {
  return title.length > 23 ? `${title.slice(0, 22)}…` : title;
}

function describe(plan: Plan): string {
  const waiting = plan.tasks.map(({ id, dependsOn }) =>
    dependsOn.length === 0 ? t('{0} can start at once', id) : t('{0} after {1}', id, dependsOn.join(', ')),
  );
  const n = plan.tasks.length;
  return plural(n, t('{0} task: {1}', n, waiting.join('; ')), t('{0} tasks: {1}', n, waiting.join('; ')));
}
