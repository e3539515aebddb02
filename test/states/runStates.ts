import { providerDownGate } from '../../src/workflow/agents/providerDown.ts';
import type { Gate, RunEvent } from '../../src/workflow/engine/events.ts';
import type { Store } from '../../src/workflow/engine/store.ts';
import { PlanwrightError } from '../../src/workflow/errors.ts';
import type { RunStatus } from '../../src/workflow/schemas.ts';

/** The states a run can be seen in, each as a log that ends there. */
export const stateNames = [
  'running',
  'questions',
  'approval',
  'lowScore',
  'edits',
  'offline',
  'budget',
  'paused',
  'failed',
  'cancelled',
  'completed',
] as const;
export type StateName = (typeof stateNames)[number];

interface State {
  readonly events: readonly RunEvent[];
  readonly status: RunStatus;
  readonly paused?: boolean;
}

/** Owns the runs that are to look as if another window worked on them. */
export const OTHER_WINDOW = 'another-window';
const HOUR_MS = 3_600_000;

/**
 * Writes a run in that state, as the engine would have left it. One that is not over belongs to another window for
 * an hour, so that whoever opens the database shows it and does not go on with it.
 * @param log what a whole run told, see `recordLog`
 * @param time the clock of the store: the run began ten minutes before, one event a second
 * @returns its id
 */
export function writeState(
  name: StateName,
  log: readonly RunEvent[],
  { store, time }: { readonly store: Store; readonly time: { now: number } },
): string {
  const { events, status, paused } = stateOf(name, log);
  return writeRun({ store, time }, events, status, paused);
}

/** Writes these events, a second apart and the last one now, as the log of a run of that status. */
export function writeRun(
  { store, time }: { readonly store: Store; readonly time: { now: number } },
  events: readonly RunEvent[],
  status: RunStatus,
  paused = false,
): string {
  const now = time.now;
  const started = events.find((event) => event.type === 'workflow.started');
  if (started === undefined) throw new Error('A log begins with workflow.started.');
  const { input, model, workspace } = started;
  time.now = now - events.length * 1000;
  const id = store.createRun(input, { model, workspace });
  store.atomically(() => {
    for (const [index, event] of events.entries()) {
      time.now = now - (events.length - 1 - index) * 1000;
      store.appendEvent(id, 1, event, `k${index}`);
      if (event.type === 'phase.started') store.setPhase(id, event.phase);
      if (event.type === 'gate.opened') store.openGate(id, 1, event.gate);
      if (event.type === 'gate.decided') store.recordDecision(id, 1, event.gateId, event.decision);
    }
  });
  time.now = now;
  store.setStatus(id, status);
  store.setPaused(id, paused);
  if (status === 'in_progress' || status === 'waiting') store.lease(id, OTHER_WINDOW, HOUR_MS);
  return id;
}

function stateOf(name: StateName, log: readonly RunEvent[]): State {
  switch (name) {
    case 'running':
      return { events: until(log, 'task.started', 3), status: 'in_progress' };
    case 'questions':
      return { events: [...until(log, 'agent.acted', 2), { type: 'gate.opened', gate: questions }], status: 'waiting' };
    case 'approval':
      return { events: until(log, 'gate.opened', 1), status: 'waiting' };
    case 'lowScore':
      return { events: [...before(log, 'gate.opened'), { type: 'gate.opened', gate: lowScore }], status: 'waiting' };
    case 'edits':
      return { events: before(log, 'hunk.decided'), status: 'waiting' };
    case 'offline':
      return {
        events: [...until(log, 'task.started', 2), { type: 'gate.opened', gate: offline() }],
        status: 'waiting',
      };
    case 'budget':
      return { events: [...until(log, 'task.started', 2), { type: 'gate.opened', gate: budget }], status: 'waiting' };
    case 'paused':
      return {
        events: [...until(log, 'task.started', 3), { type: 'workflow.paused' }],
        status: 'waiting',
        paused: true,
      };
    case 'failed':
      return {
        events: [...until(log, 'task.started', 2), { type: 'workflow.failed', error: quota }],
        status: 'failed',
      };
    case 'cancelled':
      return { events: [...until(log, 'task.completed', 2), { type: 'workflow.cancelled' }], status: 'cancelled' };
    case 'completed':
      return { events: log, status: 'completed' };
  }
}

/** The log up to and with its nth event of a type. */
function until(log: readonly RunEvent[], type: RunEvent['type'], nth: number): readonly RunEvent[] {
  let seen = 0;
  const end = log.findIndex((event) => event.type === type && ++seen === nth);
  if (end < 0) throw new Error(`The recorded log has fewer than ${nth} of ${type}.`);
  return log.slice(0, end + 1);
}

function before(log: readonly RunEvent[], type: RunEvent['type']): readonly RunEvent[] {
  return until(log, type, 1).slice(0, -1);
}

const quota = {
  code: 'QUOTA',
  message: 'The provider says that the quota of this key is used up.',
  hint: 'Add credit or choose another model, then resume: what was answered is not paid for again.',
} as const;

function offline(): Gate {
  const gate = providerDownGate(
    new PlanwrightError('REFUSED_CONNECTION', 'http://127.0.0.1:11434 does not answer.', {
      hint: 'Start the server, or change planwright.baseUrl.',
    }),
  );
  if (gate === null) throw new Error('A provider that cannot be reached opens no gate any more.');
  const { key, ...rest } = gate;
  return { ...rest, id: `${key}-1`, held: true };
}

const stop = { id: 'stop', label: 'Stop the run' };

const budget: Gate = {
  id: 'budget-1',
  kind: 'budget',
  title: 'The run’s budget is used up',
  question: 'It has taken 52,310 of 50,000 tokens. Going on grants as much again.',
  choices: [{ id: 'raise', label: 'Go on' }, stop],
  defaultChoice: 'raise',
  held: true,
};

const lowScore: Gate = {
  id: 'refinement/low-score-1',
  kind: 'low-score',
  title: 'The plan scores 72.5, under 80',
  question: 'Refining did not bring it up to the threshold. How shall it go on?',
  choices: [
    { id: 'refine', label: 'Refine again with my words…', wantsNote: true, takesComments: true },
    { id: 'proceed', label: 'Proceed with this plan' },
    { id: 'stop', label: 'Stop' },
  ],
  defaultChoice: 'refine',
};

const questions: Gate = {
  id: 'planning/questions-1',
  kind: 'questions',
  title: 'The planner has 2 questions',
  question: 'Your answers shape the plan. What you leave open is planned with the default and listed as an assumption.',
  choices: [
    { id: 'answer', label: 'Answer', wantsAnswers: true },
    { id: 'defaults', label: 'Take the defaults' },
  ],
  defaultChoice: 'answer',
  questions: [
    {
      id: 'Q1',
      question: 'Which letters shall be folded?',
      suggestions: ['Latin letters', 'Every letter Unicode can decompose'],
      default: 'Latin letters',
    },
    {
      id: 'Q2',
      question: 'What shall become of a title without letters?',
      suggestions: ['An empty slug', 'A RangeError'],
      default: 'An empty slug',
    },
  ],
};
