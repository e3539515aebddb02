import type { ProposalSummary } from '../workflow/engine/events.ts';
import type { RunView } from '../workflow/runState.ts';
import { type PhaseName, phaseNames } from '../workflow/schemas.ts';

/** The sidebar's nodes: runs → phases → tasks → proposals. One object for each thing, as long as it exists. */
export type TreeNode =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'phase'; readonly runId: string; readonly phase: PhaseName }
  | { readonly kind: 'task'; readonly runId: string; readonly taskId: string }
  | { readonly kind: 'proposal'; readonly runId: string; readonly proposalId: string };

type NodeOf<Kind extends TreeNode['kind']> = Extract<TreeNode, { kind: Kind }>;

/**
 * The nodes of one run. VS Code redraws a node it is told of together with all that is open under it, and knows it by
 * the object itself: so a node is made once, and of a change only the smallest nodes that show it are named.
 */
export class RunNodes {
  readonly run: NodeOf<'run'>;
  readonly phases: readonly NodeOf<'phase'>[];
  readonly #tasks = new Map<string, NodeOf<'task'>>();
  readonly #proposals = new Map<string, NodeOf<'proposal'>>();
  /** What the nodes were last told of. */
  #shown: RunView;
  #indexed: { readonly of: readonly ProposalSummary[]; readonly byTask: ReadonlyMap<string, ProposalSummary[]> };

  constructor(view: RunView) {
    const { runId } = view;
    this.run = { kind: 'run', runId };
    this.phases = phaseNames.map((phase) => ({ kind: 'phase', runId, phase }));
    this.#shown = view;
    this.#indexed = { of: [], byTask: new Map() };
  }

  tasks(view: RunView): readonly TreeNode[] {
    return hasTasks(view) ? (view.plan?.tasks ?? []).map(({ id }) => this.#task(id)) : [];
  }

  proposals(view: RunView, taskId: string): readonly TreeNode[] {
    return (this.#byTask(view.proposals).get(taskId) ?? []).map(({ id }) => this.#proposal(id));
  }

  /** The nodes to draw again now that the run is at `view`; none of them is under another. */
  changed(view: RunView): readonly TreeNode[] {
    const old = this.#shown;
    this.#shown = view;
    if (old === view) return [];
    if (runFace(old) !== runFace(view) || old.attempt !== view.attempt) return [this.run];
    const found: TreeNode[] = this.phases.filter(({ phase }) => phaseFace(old, phase) !== phaseFace(view, phase));
    if (found.some((node) => node.kind === 'phase' && node.phase === 'implementation')) return found;
    if (!hasTasks(view)) return found;
    const tasks = this.#changedTasks(old, view);
    if (tasks === 'all') return [...found, ...this.phases.filter(({ phase }) => phase === 'implementation')];
    const proposals = this.#changedProposals(old, view, tasks);
    return [...found, ...[...tasks].map((id) => this.#task(id)), ...proposals];
  }

  /** @returns 'all' when their list is another; tasks with a new proposal are among them */
  #changedTasks(old: RunView, view: RunView): Set<string> | 'all' {
    const ids = new Set<string>();
    const was = old.plan?.tasks ?? [];
    const is = view.plan?.tasks ?? [];
    if (was !== is && (was.length !== is.length || is.some(({ id }, index) => id !== was[index]?.id))) return 'all';
    for (const [index, task] of is.entries())
      if (task !== was[index] || old.tasks[task.id]?.state !== view.tasks[task.id]?.state) ids.add(task.id);
    if (old.proposals.length !== view.proposals.length) {
      const known = new Set(old.proposals.map(({ id }) => id));
      for (const { id, taskId } of view.proposals) if (!known.has(id)) ids.add(taskId);
    }
    return ids;
  }

  #changedProposals(old: RunView, view: RunView, drawnAnyway: ReadonlySet<string>): TreeNode[] {
    if (old.proposals === view.proposals) return [];
    // A log only ever adds to them or puts one in another's place.
    return view.proposals.flatMap((proposal, index) => {
      const was = old.proposals[index];
      const same = was === undefined || was === proposal || proposalFace(was) === proposalFace(proposal);
      return same || drawnAnyway.has(proposal.taskId) ? [] : [this.#proposal(proposal.id)];
    });
  }

  #task(taskId: string): NodeOf<'task'> {
    return kept(this.#tasks, taskId, () => ({ kind: 'task', runId: this.run.runId, taskId }));
  }

  #proposal(proposalId: string): NodeOf<'proposal'> {
    return kept(this.#proposals, proposalId, () => ({ kind: 'proposal', runId: this.run.runId, proposalId }));
  }

  #byTask(proposals: readonly ProposalSummary[]): ReadonlyMap<string, ProposalSummary[]> {
    if (this.#indexed.of !== proposals)
      this.#indexed = { of: proposals, byTask: Map.groupBy(proposals, ({ taskId }) => taskId) };
    return this.#indexed.byTask;
  }
}

export function hasTasks(view: RunView): boolean {
  return view.phases.implementation.state !== 'pending';
}

export function pendingIn({ hunks }: ProposalSummary): number {
  return hunks.filter(({ decision }) => decision === 'pending').length;
}

// --- What the items show of each, as one value ---------------------------------------------------

function runFace({ plan, input, status, paused }: RunView): string {
  return JSON.stringify([plan?.title ?? input.request, status, paused]);
}

function phaseFace({ phases }: RunView, phase: PhaseName): string {
  const { state, score } = phases[phase];
  return `${state} ${score}`;
}

function proposalFace(proposal: ProposalSummary): string {
  return JSON.stringify([proposal.path, proposal.action, proposal.rationale, pendingIn(proposal)]);
}

function kept<T>(known: Map<string, T>, id: string, make: () => T): T {
  const node = known.get(id) ?? make();
  known.set(id, node);
  return node;
}
