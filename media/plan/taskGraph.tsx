import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TaskView } from '../../src/workflow/runState.ts';
import type { Task } from '../../src/workflow/schemas.ts';
import { Icon, taskLooks } from '../icon.tsx';
import { aNumber, useKept } from '../kept.ts';
import { plural, t } from '../l10n.ts';
import { memo } from '../memo.ts';
import { targetOf } from './graphKeys.ts';
import { type Direction, type GraphLayout, layoutGraph, nodeHeight, nodeWidth } from './graphLayout.ts';

interface TaskGraphProps {
  readonly tasks: readonly Task[];
  readonly states: Readonly<Record<string, TaskView>>;
  /** Shows the task in the list. */
  readonly show: (id: string) => void;
}

const zooms = [0.35, 0.5, 0.7, 1, 1.4, 2] as const;

/** The tasks and what waits for what: one Tab stop, arrows follow the arrows, Enter shows the task in the list. */
export const TaskGraph = memo(({ tasks, states, show }: TaskGraphProps) => {
  const box = useRef<HTMLElement>(null);
  const direction = useDirection(box);
  const shape = JSON.stringify(tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  const layout = useMemo(() => layoutGraph(tasks, direction), [shape, direction]);
  const [zoom, setZoom] = useKept('graph.zoom', 1, aNumber);
  const fit = () => setZoom(Math.min(1, ((box.current?.clientWidth ?? layout.width) - 2) / layout.width));
  const step = (by: 1 | -1) => setZoom(nextZoom(zoom, by));
  return (
    <section class="graph-box" aria-label={t('Task graph')} data-testid="graph">
      <div class="graph-tools">
        <span class="quiet">{plural(tasks.length, t('{0} task', tasks.length), t('{0} tasks', tasks.length))}</span>
        <Tool icon="zoom-out" name={t('Zoom out')} off={zoom <= zooms[0]} act={() => step(-1)} />
        <Tool icon="zoom-in" name={t('Zoom in')} off={zoom >= (zooms.at(-1) ?? 1)} act={() => step(1)} />
        <Tool icon="screen-full" name={t('Fit')} off={false} act={fit} />
      </div>
      <section
        class="graph-scroll"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('Task graph, can be scrolled')}
        onWheel={(event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          step(event.deltaY < 0 ? 1 : -1);
        }}
      >
        <div class="graph-sized" style={{ width: `${layout.width * zoom}px`, height: `${layout.height * zoom}px` }}>
          <div
            class="graph"
            style={{ width: `${layout.width}px`, height: `${layout.height}px`, transform: `scale(${zoom})` }}
          >
            <Picture layout={layout} direction={direction} tasks={tasks} states={states} show={show} />
          </div>
        </div>
      </section>
    </section>
  );
});

interface PictureProps extends TaskGraphProps {
  readonly layout: GraphLayout;
  readonly direction: Direction;
}

function Picture({ layout, direction, tasks, states, show }: PictureProps) {
  const [current, setCurrent] = useState<string | null>(null);
  const nodes = useRef<HTMLDivElement>(null);
  const stop = layout.nodes.some(({ id }) => id === current) ? current : layout.nodes[0]?.id;
  const byId = useMemo(() => new Map(tasks.map((task) => [task.id, task])), [tasks]);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = stop && targetOf(event.key, stop, layout, direction);
    if (!target) return;
    event.preventDefault();
    setCurrent(target);
    nodes.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(target)}"]`)?.focus();
  };
  return (
    <>
      <Edges layout={layout} current={current} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it */}
      <div ref={nodes} onKeyDown={onKeyDown}>
        {layout.nodes.map(({ id, x, y }) => {
          const task = byId.get(id);
          return (
            <GraphButton
              key={id}
              id={id}
              x={x}
              y={y}
              title={task?.title ?? ''}
              after={task?.dependsOn.join(', ') ?? ''}
              state={states[id]?.state ?? 'pending'}
              stop={id === stop}
              show={show}
              focused={setCurrent}
            />
          );
        })}
      </div>
    </>
  );
}

interface GraphButtonProps {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly after: string;
  readonly state: TaskView['state'];
  /** It is the one in the tab order. */
  readonly stop: boolean;
  readonly show: (id: string) => void;
  readonly focused: (id: string | null) => void;
}

const GraphButton = memo(({ id, x, y, title, after, state, stop, show, focused }: GraphButtonProps) => {
  const look = taskLooks[state];
  return (
    <button
      type="button"
      class={`graph-node graph-${state}`}
      style={{ left: `${x}px`, top: `${y}px`, width: `${nodeWidth}px`, height: `${nodeHeight}px` }}
      tabIndex={stop ? 0 : -1}
      data-task={id}
      title={title}
      onClick={() => show(id)}
      onFocus={() => focused(id)}
      onBlur={() => focused(null)}
    >
      <span class="graph-line">
        <span class="task-id">{id}</span>
        {state !== 'pending' && <Icon name={look.icon} tone={look.tone} label={look.label} />}
      </span>
      <span class="graph-title">{title}</span>
      {after !== '' && <span class="hidden-caption">{t('after {0}', after)}</span>}
    </button>
  );
});

const Edges = memo(({ layout, current }: { layout: GraphLayout; current: string | null }) => (
  <svg class="graph-edges" width={layout.width} height={layout.height} aria-hidden="true">
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path class="graph-arrow" d="M0 0.5 L8 4 L0 7.5 z" />
      </marker>
    </defs>
    {layout.edges.map(({ from, to, path }) => (
      <path
        key={`${from}-${to}`}
        class={`graph-edge${from === current || to === current ? ' graph-edge-current' : ''}`}
        d={path}
        marker-end="url(#arrow)"
      />
    ))}
  </svg>
));

function Tool({ icon, name, off, act }: { icon: string; name: string; off: boolean; act: () => void }) {
  return (
    <button type="button" class="tool" title={name} aria-label={name} disabled={off} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

function nextZoom(zoom: number, by: 1 | -1): number {
  const next = by > 0 ? zooms.find((each) => each > zoom + 0.01) : zooms.findLast((each) => each < zoom - 0.01);
  return next ?? zoom;
}

/** Downwards on a narrow page; else as the page is read. */
function useDirection(box: { readonly current: HTMLElement | null }): Direction {
  const [direction, setDirection] = useState<Direction>(directionNow);
  useLayoutEffect(() => {
    const look = () => setDirection(directionNow());
    const observer = new ResizeObserver(look);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return direction;
}

const narrow = 520;

function directionNow(): Direction {
  if (window.innerWidth < narrow) return 'TB';
  return document.documentElement.dir === 'rtl' ? 'RL' : 'LR';
}
