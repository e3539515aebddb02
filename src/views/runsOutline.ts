import type { RunFeed } from '../hosts/runFeed.ts';
import type { RunView } from '../workflow/runState.ts';
import { RunNodes, type TreeNode } from './runNodes.ts';

/** How long changes are gathered before the sidebar is told of them, in milliseconds. */
const GATHER_MS = 50;

/** Calls `work` a little later; what it answers calls that off. */
export type Later = (work: () => void) => () => void;

const afterAMoment: Later = (work) => {
  const timer = setTimeout(work, GATHER_MS);
  return () => clearTimeout(timer);
};

/** What is under what in the sidebar, and which nodes to draw again as runs go on. Knows nothing of how they look. */
export class RunsOutline {
  readonly #feed: Pick<RunFeed, 'all' | 'view' | 'onChange' | 'onRemoved'>;
  readonly #later: Later;
  readonly #unsubscribe: readonly (() => void)[];
  readonly #nodes = new Map<string, RunNodes>();
  readonly #touched = new Map<string, RunView>();
  #listChanged = false;
  #callOff: (() => void) | undefined;

  /** @param changed gets the nodes to draw again, or undefined when the list of runs is another */
  constructor(
    feed: Pick<RunFeed, 'all' | 'view' | 'onChange' | 'onRemoved'>,
    changed: (nodes: TreeNode[] | undefined) => void,
    later: Later = afterAMoment,
  ) {
    this.#feed = feed;
    this.#later = later;
    const tell = () => {
      this.#callOff = undefined;
      const nodes = this.#changedNodes();
      if (nodes === undefined || nodes.length > 0) changed(nodes);
    };
    this.#unsubscribe = [
      feed.onChange((view) => {
        this.#touched.set(view.runId, view);
        this.#callOff ??= this.#later(tell);
      }),
      feed.onRemoved((runId) => {
        this.#nodes.delete(runId);
        this.#listChanged = true;
        this.#callOff ??= this.#later(tell);
      }),
    ];
  }

  children(parent: TreeNode | undefined): readonly TreeNode[] {
    if (!parent) return this.#feed.all().map((view) => this.#nodesOf(view).run);
    const view = this.#feed.view(parent.runId);
    if (!view) return [];
    const nodes = this.#nodesOf(view);
    switch (parent.kind) {
      case 'run':
        return nodes.phases;
      case 'phase':
        return parent.phase === 'implementation' ? nodes.tasks(view) : [];
      case 'task':
        return nodes.proposals(view, parent.taskId);
      case 'proposal':
        return [];
    }
  }

  dispose(): void {
    this.#callOff?.();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #changedNodes(): TreeNode[] | undefined {
    let listChanged = this.#listChanged;
    this.#listChanged = false;
    const found = [...this.#touched].flatMap(([runId, view]) => {
      const known = this.#nodes.get(runId);
      listChanged ||= known === undefined;
      return known?.changed(view) ?? [];
    });
    this.#touched.clear();
    return listChanged ? undefined : found;
  }

  #nodesOf(view: RunView): RunNodes {
    const known = this.#nodes.get(view.runId);
    if (known) return known;
    const made = new RunNodes(view);
    this.#nodes.set(view.runId, made);
    return made;
  }
}
