import { graphlib, layout } from '@dagrejs/dagre';
import type { OrderedTask } from './layerOrder.ts';

/** A task graph in layers. Units are CSS pixels; a node's x and y are those of its top left corner. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** For the `d` of an SVG path. */
  readonly path: string;
}

/** Where later tasks stand: right of earlier ones, left of them, or below. */
export type Direction = 'LR' | 'RL' | 'TB';

export const nodeWidth = 172;
export const nodeHeight = 46;
/** The best layers of more tasks than this take longer to find than anybody wants to wait. */
const bestLayersUpTo = 60;

/** Dependencies on tasks that are not among these are left out. */
export function layoutGraph(tasks: readonly OrderedTask[], direction: Direction): GraphLayout {
  const graph = new graphlib.Graph();
  graph.setGraph({
    rankdir: direction,
    ranker: tasks.length <= bestLayersUpTo ? 'network-simplex' : 'longest-path',
    nodesep: 12,
    edgesep: 8,
    ranksep: direction === 'TB' ? 28 : 40,
    marginx: 4,
    marginy: 4,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of tasks) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { id, dependsOn } of tasks)
    for (const from of new Set(dependsOn)) if (from !== id && graph.hasNode(from)) graph.setEdge(from, id);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.max(0, finite(width)),
    height: Math.max(0, finite(height)),
    nodes: tasks.map(({ id }) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return { id, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
    }),
    edges: graph.edges().map((edge) => {
      const { points } = graph.edge(edge) as { points: readonly Point[] };
      return { from: edge.v, to: edge.w, path: smooth(points, direction) };
    }),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve through the points that leaves each in the direction of the graph. */
function smooth([first, ...rest]: readonly Point[], direction: Direction): string {
  if (first === undefined) return '';
  let from = first;
  const parts = [`M${place(first)}`];
  for (const to of rest) {
    const [c1, c2] =
      direction === 'TB'
        ? [
            { x: from.x, y: (from.y + to.y) / 2 },
            { x: to.x, y: (from.y + to.y) / 2 },
          ]
        : [
            { x: (from.x + to.x) / 2, y: from.y },
            { x: (from.x + to.x) / 2, y: to.y },
          ];
    parts.push(`C${place(c1)} ${place(c2)} ${place(to)}`);
    from = to;
  }
  return parts.join(' ');
}

function place({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
