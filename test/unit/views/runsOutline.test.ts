import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TreeNode } from '../../../src/views/runNodes.ts';
import { RunsOutline } from '../../../src/views/runsOutline.ts';
import type { RunEvent, StoredEvent } from '../../../src/workflow/engine/events.ts';
import { type RunView, reduce, replay } from '../../../src/workflow/runState.ts';
import { hugeLog } from '../../states/hugeRun.ts';

/** The sidebar redraws what an event changed, and nothing else. */

const numbered = (events: readonly RunEvent[], runId = 'run-1', after = 0): StoredEvent[] =>
  events.map((event, index) => ({ runId, attempt: 1, seq: after + index + 1, at: after + index + 1, event }));

/** A feed over views in memory, the sidebar over it with all that is in it open, and VS Code's part: asking. */
function openSidebar(...views: readonly RunView[]) {
  const known = new Map(views.map((view) => [view.runId, view]));
  let changed: (view: RunView) => void = () => {};
  let removed: (runId: string) => void = () => {};
  let flush: (() => void) | undefined;
  const asked = { children: 0, items: 0, tellings: 0, nodes: [] as TreeNode[] };
  const outline = new RunsOutline(
    {
      all: () => [...known.values()].reverse(),
      view: (runId) => known.get(runId) ?? null,
      onChange: (listener) => {
        changed = listener as typeof changed;
        return () => {};
      },
      onRemoved: (listener) => {
        removed = listener;
        return () => {};
      },
    },
    (nodes) => {
      asked.tellings++;
      asked.nodes.push(...(nodes ?? []));
      for (const node of nodes ?? [undefined]) draw(node);
    },
    (work) => {
      flush = work;
      return () => {
        flush = undefined;
      };
    },
  );
  /** VS Code asks for a node's item, and again for all that is open under it. */
  function draw(node: TreeNode | undefined): void {
    if (node) asked.items++;
    asked.children++;
    for (const child of outline.children(node)) draw(child);
  }
  draw(undefined);
  const count = (work: () => void) => {
    Object.assign(asked, { children: 0, items: 0, tellings: 0, nodes: [] });
    work();
    flush?.();
    flush = undefined;
    return { ...asked };
  };
  return {
    outline,
    /** What VS Code asked for because of these events, told at once. */
    after: (...events: readonly RunEvent[]) =>
      count(() => {
        for (const event of events) {
          const [runId = ''] = known.keys();
          const before = known.get(runId) ?? null;
          const view = reduce(before, { ...numbered([event], runId, before?.seq)[0]! });
          known.set(runId, view);
          changed(view);
        }
      }),
    add: (view: RunView) =>
      count(() => {
        known.set(view.runId, view);
        changed(view);
      }),
    remove: (runId: string) =>
      count(() => {
        known.delete(runId);
        removed(runId);
      }),
    dispose: () => {
      flush = undefined;
      outline.dispose();
      return flush === undefined;
    },
  };
}

const huge = replay(numbered(hugeLog()))!;
const ended = (runId: string) => replay(numbered(hugeLog({ tasks: 4, hunks: 8 }), runId))!;
const firstPending = huge.proposals.find(({ hunks }) => hunks.filter((h) => h.decision === 'pending').length > 1)!;
const pendingHunk = firstPending.hunks.find(({ decision }) => decision === 'pending')!;
const decided: RunEvent = {
  type: 'hunk.decided',
  proposalId: firstPending.id,
  hunkId: pendingHunk.id,
  decision: 'accepted',
  by: 'developer',
};

describe('the sidebar over a run of 1,000 tasks and 5,000 hunks, all of it open', () => {
  it('asks for one item after a decided hunk', () => {
    const { items, children, nodes } = openSidebar(huge).after(decided);
    assert.deepEqual(nodes, [{ kind: 'proposal', runId: 'run-1', proposalId: firstPending.id }]);
    assert.deepEqual({ items, children }, { items: 1, children: 1 });
  });

  it('asks for nothing after what it does not show: agents’ steps, tokens, checks, gates', () => {
    const told = openSidebar(huge).after(
      { type: 'agent.acted', agent: 'implementer', taskId: 'T1', tool: 'read_file', summary: 'src/a.ts' },
      { type: 'check.started', taskId: 'T1', round: 1, names: ['test'] },
      { type: 'learned.used', facts: ['tabs'] },
    );
    assert.deepEqual([told.tellings, told.items, told.children], [0, 0, 0]);
  });

  it('asks for a task and its own proposals when the task is done', () => {
    const running = huge.plan!.tasks.find(({ id }) => huge.tasks[id]?.state === 'running')!.id;
    const own = huge.proposals.filter(({ taskId }) => taskId === running).length;
    const { items, nodes } = openSidebar(huge).after({
      type: 'task.completed',
      taskId: running,
      summary: 'Done.',
      proposalIds: [],
    });
    assert.deepEqual(nodes, [{ kind: 'task', runId: 'run-1', taskId: running }]);
    assert.equal(items, 1 + own);
  });

  it('shows a new proposal under its task', () => {
    const proposal = { ...firstPending, id: 'P-new' };
    const { nodes } = openSidebar(huge).after({ type: 'proposal.created', proposal });
    assert.deepEqual(nodes, [{ kind: 'task', runId: 'run-1', taskId: proposal.taskId }]);
  });

  it('is told once of 500 events that come together', () => {
    const events = huge.proposals
      .flatMap(({ id, hunks }) => hunks.map((hunk) => ({ proposalId: id, hunk })))
      .filter(({ hunk }) => hunk.decision === 'pending')
      .slice(0, 500)
      .map(({ proposalId, hunk }): RunEvent => ({ ...decided, proposalId, hunkId: hunk.id }) as RunEvent);
    const { tellings, items, nodes } = openSidebar(huge).after(...events);
    const proposals = new Set(events.map((event) => (event as { proposalId: string }).proposalId)).size;
    assert.deepEqual([tellings, items, nodes.length], [1, proposals, proposals]);
  });

  it('follows each event of its whole log to the picture that a fresh sidebar has', () => {
    const log = numbered(hugeLog({ tasks: 12, hunks: 30 }));
    const sidebar = openSidebar(replay(log.slice(0, 1))!);
    for (const { event } of log.slice(1)) sidebar.after(event);
    const ids = (outline: RunsOutline, node?: TreeNode): unknown[] =>
      outline.children(node).map((child) => [child, ids(outline, child)]);
    assert.deepEqual(ids(sidebar.outline), ids(openSidebar(replay(log)!).outline));
  });
});

describe('the nodes of the sidebar', () => {
  it('are the same objects each time, so that what is selected and open stays so', () => {
    const { outline, after } = openSidebar(huge);
    const all = (node?: TreeNode): TreeNode[] => outline.children(node).flatMap((child) => [child, ...all(child)]);
    const before = all();
    assert.equal(before.length, 1 + 4 + 1000 + huge.proposals.length);
    const { nodes } = after(decided, { type: 'workflow.paused' });
    assert.ok(nodes.every((node) => before.includes(node)));
    assert.ok(all().every((node, index) => node === before[index]));
  });

  it('are all asked for when a run begins, and when one is removed', () => {
    const sidebar = openSidebar(ended('run-1'));
    assert.equal(sidebar.add(ended('run-2')).nodes.length, 0);
    assert.deepEqual(
      sidebar.outline.children(undefined).map(({ runId }) => runId),
      ['run-2', 'run-1'],
    );
    assert.equal(sidebar.remove('run-1').tellings, 1);
    assert.deepEqual(
      sidebar.outline.children(undefined).map(({ runId }) => runId),
      ['run-2'],
    );
  });

  it('are drawn from the run down when its own state changes', () => {
    const sidebar = openSidebar(ended('run-1'));
    const { nodes } = sidebar.after({ type: 'workflow.cancelled' });
    assert.deepEqual(nodes, [{ kind: 'run', runId: 'run-1' }]);
  });
});
