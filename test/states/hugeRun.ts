import type { HunkSummary, ProposalSummary, RunEvent } from '../../src/workflow/engine/events.ts';
import { defaultWeights } from '../../src/workflow/review/criteria.ts';
import { computeReview } from '../../src/workflow/review/scoring.ts';
import { criterionIds, type HunkDecision, type Plan, type Task } from '../../src/workflow/schemas.ts';
import { Seeded } from '../unit/edits/seeded.ts';

const areas = ['routes', 'billing', 'search', 'export', 'mail', 'audit', 'import', 'session'] as const;
const verbs = ['Extract', 'Rename', 'Guard', 'Cache', 'Translate', 'Log', 'Split', 'Type'] as const;
const layers = ['core', 'api', 'store', 'web'] as const;

/**
 * The log of a run far larger than people start: a plan in 40 layers, every task done but the last three, and hunks
 * in every state. The same seed makes the same log.
 */
export function hugeLog({ tasks = 1000, hunks = 5000, seed = 1 } = {}): readonly RunEvent[] {
  const random = new Seeded(seed);
  const plan = hugePlan(tasks, random);
  const running = plan.tasks.slice(-3).map(({ id }) => id);
  const input = {
    request: 'Move every module to the new store',
    requirements: plan.requirements.map(({ text }) => text),
  };
  return [
    { type: 'workflow.started', input, model: 'openai:gpt-5', workspace: 'monolith' },
    { type: 'phase.started', phase: 'planning' },
    ...Array.from({ length: 40 }, (_, index) => acted('planner', undefined, index)),
    usage('planner', 410_000, 38_000),
    { type: 'plan.updated', plan, round: 0 },
    { type: 'phase.completed', phase: 'planning', nextPhase: 'review' },
    { type: 'phase.started', phase: 'review' },
    usage('reviewer', 260_000, 9_000),
    { type: 'review.completed', review: hugeReview(), round: 0 },
    { type: 'phase.completed', phase: 'review', score: hugeReview().score, nextPhase: 'refinement' },
    {
      type: 'phase.completed',
      phase: 'refinement',
      skipped: 'the plan passed its first review',
      nextPhase: 'implementation',
    },
    { type: 'phase.started', phase: 'implementation' },
    ...plan.tasks.flatMap((task, index) => done(task, hunksOf(index, tasks, hunks), random, running.includes(task.id))),
  ];
}

function hugePlan(count: number, random: Seeded): Plan {
  const perLayer = Math.ceil(count / 40);
  const idAt = (index: number) => `T${index + 1}`;
  const tasks = Array.from({ length: count }, (_, index): Task => {
    const layer = Math.floor(index / perLayer);
    const dependsOn =
      layer === 0 ? [] : [...new Set([0, 1].map(() => idAt((layer - 1) * perLayer + random.below(perLayer))))];
    const area = areas[index % areas.length] ?? 'core';
    return {
      id: idAt(index),
      title: `${random.pick(verbs)} the ${area} of ${layers[index % layers.length]} part ${index + 1}`,
      description: `Move what \`${area}\` keeps to the new store, behind the interface that the tests know.`,
      dependsOn,
      requirements: [`R${1 + (index % 20)}`],
      files: [{ path: pathOf(index), action: index % 9 === 0 ? 'create' : 'modify' }],
      tests: [`test/${area}/${index + 1}.test.ts`],
      doneWhen: ['Its tests pass against the new store', 'Nothing imports the old store'],
      size: random.pick(['S', 'M', 'L']),
    };
  });
  return {
    title: 'A new store under every module',
    summary: 'Every module moves to the new store, layer by layer, each with its tests.',
    requirements: Array.from({ length: 20 }, (_, index) => ({
      id: `R${index + 1}`,
      text: `What ${areas[index % areas.length]} does stays the same in case ${index + 1}`,
      source: index < 15 ? ('given' as const) : ('implied' as const),
    })),
    architecture: {
      overview: 'One interface, two stores, and a switch for each module.',
      components: [],
      decisions: [],
    },
    tasks,
    successMetrics: [{ name: 'Modules on the new store', target: '100 %', measuredBy: 'test/store.test.ts' }],
    risks: [{ risk: 'Half of a module moves', likelihood: 2, impact: 3, mitigation: 'The switch is per module' }],
    assumptions: [],
    outOfScope: [],
  };
}

function hugeReview() {
  const given = criterionIds.map((id) => ({
    id,
    score: 9,
    rationale: 'Every module has a task, and every task its tests.',
    evidence: [{ taskId: 'T1' }],
    droppedEvidence: 0,
    improvements: [],
  }));
  return computeReview(given, [], defaultWeights, 80);
}

function pathOf(index: number): string {
  return `packages/${layers[index % layers.length]}/src/${areas[index % areas.length]}/module${index + 1}.ts`;
}

/** Spread evenly, so that they sum to what was asked for. */
function hunksOf(index: number, tasks: number, hunks: number): number {
  return Math.floor(((index + 1) * hunks) / tasks) - Math.floor((index * hunks) / tasks);
}

function done({ id }: Task, count: number, random: Seeded, running: boolean): RunEvent[] {
  const index = Number(id.slice(1)) - 1;
  const proposal = proposalOf(id, index, count, random);
  const made: RunEvent[] = [
    { type: 'task.started', taskId: id },
    acted('implementer', id, index),
    acted('implementer', id, index + 1),
    usage('implementer', 8000 + random.below(4000), 900),
    { type: 'proposal.created', proposal },
  ];
  return running
    ? made
    : [...made, { type: 'task.completed', taskId: id, summary: 'Moved, with its tests.', proposalIds: [proposal.id] }];
}

function proposalOf(taskId: string, index: number, count: number, random: Seeded): ProposalSummary {
  const hunks = Array.from({ length: count }, (_, at): HunkSummary => {
    const start = at * 40 + random.below(20);
    return {
      id: `${taskId}-h${at + 1}`,
      baseRange: { start, count: 2 },
      newRange: { start, count: 3 },
      removed: random.below(6),
      added: 1 + random.below(12),
      requirementIds: random.below(20) === 0 ? [] : [`R${1 + (index % 20)}`],
      why: `Reads through the new store in place ${at + 1}`,
      decision: random.pick<HunkDecision>(['pending', 'pending', 'accepted', 'accepted', 'rejected']),
    };
  });
  return {
    id: `${taskId}-1`,
    taskId,
    path: pathOf(index),
    action: 'modify',
    rationale: 'The store moves.',
    version: 1,
    hunks,
  };
}

function acted(agent: 'planner' | 'implementer', taskId: string | undefined, index: number): RunEvent {
  return {
    type: 'agent.acted',
    agent,
    ...(taskId === undefined ? {} : { taskId }),
    tool: index % 2 === 0 ? 'read_file' : 'edit_file',
    summary: pathOf(index),
  };
}

function usage(agent: 'planner' | 'reviewer' | 'implementer', inputTokens: number, outputTokens: number): RunEvent {
  return {
    type: 'usage',
    agent,
    model: 'gpt-5',
    inputTokens,
    cachedInputTokens: Math.floor(inputTokens / 2),
    outputTokens,
    durationMs: 4000,
    cost: 0.01,
  };
}
