import type { Direction, GraphLayout, GraphNode } from './graphLayout.ts';

/**
 * Where an arrow key leads from a task: along the direction of the graph to what waits for it or what it waits for,
 * across it to the next task of its layer. Home and End lead to the first and the last.
 * @returns undefined for other keys, and where there is nothing
 */
export function targetOf(
  key: string,
  id: string,
  { nodes, edges }: GraphLayout,
  direction: Direction,
): string | undefined {
  const here = nodes.find((node) => node.id === id);
  if (here === undefined) return undefined;
  const [later, earlier] = alongKeys[direction];
  switch (key) {
    case 'Home':
      return nodes[0]?.id;
    case 'End':
      return nodes.at(-1)?.id;
    case later:
      return nearest(
        here,
        nodesOf(
          edges.flatMap(({ from, to }) => (from === id ? [to] : [])),
          nodes,
        ),
        direction,
      );
    case earlier:
      return nearest(
        here,
        nodesOf(
          edges.flatMap(({ from, to }) => (to === id ? [from] : [])),
          nodes,
        ),
        direction,
      );
    default:
      return acrossKeys[direction].includes(key) ? beside(key, here, nodes, direction) : undefined;
  }
}

const alongKeys: Readonly<Record<Direction, readonly [later: string, earlier: string]>> = {
  LR: ['ArrowRight', 'ArrowLeft'],
  RL: ['ArrowLeft', 'ArrowRight'],
  TB: ['ArrowDown', 'ArrowUp'],
};

const acrossKeys: Readonly<Record<Direction, readonly string[]>> = {
  LR: ['ArrowUp', 'ArrowDown'],
  RL: ['ArrowUp', 'ArrowDown'],
  TB: ['ArrowLeft', 'ArrowRight'],
};

function nodesOf(ids: readonly string[], nodes: readonly GraphNode[]): readonly GraphNode[] {
  return nodes.filter((node) => ids.includes(node.id));
}

/** Across the direction of the graph. */
function across({ x, y }: GraphNode, direction: Direction): number {
  return direction === 'TB' ? x : y;
}

function layer({ x, y }: GraphNode, direction: Direction): number {
  return Math.round(direction === 'TB' ? y : x);
}

function nearest(here: GraphNode, others: readonly GraphNode[], direction: Direction): string | undefined {
  const distance = (node: GraphNode) => Math.abs(across(node, direction) - across(here, direction));
  return [...others].sort((a, b) => distance(a) - distance(b))[0]?.id;
}

function beside(key: string, here: GraphNode, nodes: readonly GraphNode[], direction: Direction): string | undefined {
  const layered = nodes
    .filter((node) => layer(node, direction) === layer(here, direction))
    .sort((a, b) => across(a, direction) - across(b, direction));
  const step = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1;
  return layered[layered.indexOf(here) + step]?.id;
}
