/** A task graph in layers: every task stands right of all it depends on. Units are SVG user units. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

export interface GraphNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface GraphTask {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export const nodeWidth = 148;
export const nodeHeight = 40;
const gapX = 44;
const gapY = 14;
const margin = 2;

/** Layers by the longest path from a task without dependencies; within one, near what a task depends on. */
export function layoutGraph(tasks: readonly GraphTask[]): GraphLayout {
  const layers = layersOf(tasks);
  const row = new Map<string, number>();
  for (const layer of layers) {
    const wish = (task: GraphTask) => {
      const rows = task.dependsOn.flatMap((id) => row.get(id) ?? []);
      return rows.length === 0 ? 0 : rows.reduce((sum, value) => sum + value, 0) / rows.length;
    };
    layer.sort((a, b) => wish(a) - wish(b));
    for (const [index, task] of layer.entries()) row.set(task.id, index);
  }
  const tallest = Math.max(0, ...layers.map((layer) => layer.length));
  const height = tallest * (nodeHeight + gapY) - gapY + 2 * margin;
  const nodes = layers.flatMap((layer, column) => {
    const top = (height - (layer.length * (nodeHeight + gapY) - gapY)) / 2;
    return layer.map(({ id }, index) => ({
      id,
      x: margin + column * (nodeWidth + gapX),
      y: top + index * (nodeHeight + gapY),
    }));
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = tasks.flatMap((task) =>
    task.dependsOn.flatMap((from) => {
      const [source, target] = [byId.get(from), byId.get(task.id)];
      return source && target ? [{ from, to: task.id, path: curve(source, target) }] : [];
    }),
  );
  return { width: Math.max(0, layers.length * (nodeWidth + gapX) - gapX + 2 * margin), height, nodes, edges };
}

/** Tasks in an order in which each comes after what it depends on; ties in the plan's own order. */
export function inLayerOrder<T extends GraphTask>(tasks: readonly T[]): readonly T[] {
  const depth = depthsOf(tasks);
  return [...tasks].sort((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
}

function layersOf(tasks: readonly GraphTask[]): GraphTask[][] {
  const depth = depthsOf(tasks);
  const layers: GraphTask[][] = [];
  for (const task of tasks) {
    const at = depth.get(task.id) ?? 0;
    while (layers.length <= at) layers.push([]);
    layers[at]?.push(task);
  }
  return layers;
}

/** A plan under review may have a circle in it; a dependency that closes one counts as none. */
function depthsOf(tasks: readonly GraphTask[]): ReadonlyMap<string, number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const depth = new Map<string, number>();
  const visit = (task: GraphTask, path: ReadonlySet<string>): number => {
    const known = depth.get(task.id);
    if (known !== undefined) return known;
    const onPath = new Set([...path, task.id]);
    const before = task.dependsOn.flatMap((id) => {
      const dependency = byId.get(id);
      return dependency === undefined || onPath.has(id) ? [] : [visit(dependency, onPath)];
    });
    const found = before.length === 0 ? 0 : Math.max(...before) + 1;
    depth.set(task.id, found);
    return found;
  };
  for (const task of tasks) visit(task, new Set());
  return depth;
}

function curve(from: GraphNode, to: GraphNode): string {
  const [x1, y1, x2, y2] = [from.x + nodeWidth, from.y + nodeHeight / 2, to.x, to.y + nodeHeight / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
