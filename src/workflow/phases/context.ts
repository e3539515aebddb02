import type { AgentPorts } from '../agents/agent.ts';
import { readOnlyTools } from '../agents/tools/readOnly.ts';
import { CallOrder, type ToolBox } from '../agents/tools/toolBox.ts';
import type { ProposalBook } from '../edits/proposalBook.ts';
import type { AgentName } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import type { AllowedChecks, Checkpoints, Commits, EditorProblems, Learned, Workspace } from '../ports.ts';
import type { Weights } from '../review/criteria.ts';
import type { Plan, Review } from '../schemas.ts';

export interface WorkflowSettings {
  readonly weights: Weights;
  /** 0..100; a plan scoring less is refined. */
  readonly threshold: number;
  readonly maxRounds: number;
  /** Ask the developer before a plan is implemented. */
  readonly approvePlan: boolean;
  /** Let the planner ask the developer; without it the planner's own defaults are taken as assumptions. */
  readonly askQuestions: boolean;
  /** Independent reviewers, whose median counts. */
  readonly reviewers: number;
  /** Tasks implemented at the same time. */
  readonly concurrency: number;
  /** Model calls in one conversation, see `defaultStepLimit`. */
  readonly stepLimit: number;
  readonly checks: CheckSettings;
  /** One commit a task, once all its hunks are decided. */
  readonly commitPerTask?: boolean;
  /** The branch that an implementation begins, see `branchName`; none when empty. */
  readonly branch?: string;
}

export interface CheckSettings {
  /**
   * Which of the workspace's commands run: those the developer chose, who is asked once ('ask') or not at all
   * ('remembered'); all of them; none; or those of these names.
   */
  readonly run: 'ask' | 'remembered' | 'always' | 'never' | readonly string[];
  /** How often a task's agent is given the failures of its work to mend. */
  readonly mendings: number;
  /** What an editor's language services say of a task's edits counts as a check. Without an editor it means nothing. */
  readonly editor?: boolean;
}

export interface WorkflowPorts extends AgentPorts {
  readonly workspace: Workspace;
  readonly settings: WorkflowSettings;
  readonly proposals: ProposalBook;
  readonly learned: Learned;
  /** Absent where there is no version control to use. */
  readonly checkpoints?: Checkpoints;
  /** Absent unless the developer wants commits or a branch. */
  readonly commits?: Commits;
  readonly checks: AllowedChecks;
  /** Absent where there is no editor, or its workspace is not trusted. */
  readonly editor?: EditorProblems;
}

/** A plan and what its last review said. `round` 0 is the planner's. */
export interface Candidate {
  readonly plan: Plan;
  readonly review: Review;
  readonly round: number;
}

/** The tools of an agent that only looks, and what they have shown it. */
export function explorer(run: Run, agent: AgentName, ports: WorkflowPorts) {
  const box: ToolBox = {
    run,
    agent,
    workspace: ports.workspace,
    read: (path) => ports.workspace.read(path),
    overlaid: () => new Set(),
    paths: () => ports.workspace.listFiles(),
    seen: [],
    calls: new CallOrder(),
  };
  return { tools: readOnlyTools(box), seen: box.seen, box };
}
