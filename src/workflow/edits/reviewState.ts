import type { FileAction, LineRange, Proposal } from '../schemas.ts';

export interface Conflict {
  readonly hunkId: string;
  /** What the hunk would put there. */
  readonly proposed: string;
  /** What is there now. */
  readonly current: string;
}

/**
 * One proposal under review. `base.text` is the file as it was last seen, `text` the right side of the diff;
 * their differences are exactly the pending hunks that are not in conflict. An accepted hunk moves into the
 * base, a rejected one leaves the text, and every hunk keeps its id for life. Pending hunks are listed in the
 * order of the file and never overlap. Where a hunk is in conflict both sides have the file's lines.
 */
export interface ReviewState extends Proposal {
  /** Rises by one with every change. */
  readonly version: number;
  readonly conflicts: readonly Conflict[];
  /** How often its agent was asked to make it anew because what it was built on was decided otherwise. */
  readonly ripples?: number;
}

/** Why the lines of `range` (of the proposed text) are as they are. */
export interface LineProvenance {
  readonly range: LineRange;
  readonly requirementIds: readonly string[];
  readonly why: string;
}

export interface NewProposal {
  readonly id: string;
  readonly taskId: string;
  readonly path: string;
  readonly action: FileAction;
  readonly from?: string;
  /** Null for a file that does not exist yet. */
  readonly base: string | null;
  readonly text: string;
  readonly rationale: string;
  readonly provenance: readonly LineProvenance[];
  /** What a hunk serves when no provenance speaks of it. */
  readonly taskRequirements: readonly string[];
}
