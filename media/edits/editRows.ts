import type { ProposalSummary } from '../../src/workflow/engine/events.ts';

export type Grouping = 'task' | 'file';

/** A line of the list of edits: what a group is about, or what is proposed for one file by one task. */
export type EditRow =
  | {
      readonly kind: 'heading';
      readonly key: string;
      /** Null when the group is a folder. */
      readonly taskId: string | null;
      readonly text: string;
      /** More than one file of it, and something pending. */
      readonly several: boolean;
    }
  | { readonly kind: 'proposal'; readonly key: string; readonly proposal: ProposalSummary };

/** One for all: a comparison that makes its own takes as long as everything else that opens the panel. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** By task: tasks in number order, the files of each by path. By file: folders by path, and the files in them. */
export function rowsOf(proposals: readonly ProposalSummary[], by: Grouping): readonly EditRow[] {
  const groupOf = by === 'task' ? ({ taskId }: ProposalSummary) => taskId : folderOf;
  const groups = [...Map.groupBy(proposals, groupOf)];
  return groups
    .sort(([a], [b]) => (by === 'task' ? byNumber.compare(a, b) : compare(a, b)))
    .flatMap(([group, own]): EditRow[] => [
      {
        kind: 'heading',
        key: `group ${group}`,
        taskId: by === 'task' ? group : null,
        text: group,
        several: own.length > 1 && own.some(({ hunks }) => hunks.some(({ decision }) => decision === 'pending')),
      },
      ...own
        .toSorted((a, b) => compare(a.path, b.path) || compare(a.taskId, b.taskId))
        .map((proposal): EditRow => ({ kind: 'proposal', key: proposal.id, proposal })),
    ]);
}

/** With a slash at its end; "./" for a file at the top. */
function folderOf({ path }: ProposalSummary): string {
  const end = path.lastIndexOf('/') + 1;
  return end === 0 ? './' : path.slice(0, end);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
