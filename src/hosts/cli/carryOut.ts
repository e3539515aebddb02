import type { ErrorInfo, PlanwrightError } from '../../workflow/errors.ts';
import type { RunView } from '../../workflow/runState.ts';
import { automatic } from '../automatic.ts';
import type { Decider } from '../decider.ts';
import { usageText } from './budgetFlags.ts';
import type { Engine } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import { cliHint } from './hints.ts';
import { acceptOf, type Flags } from './options.ts';
import { currentReview, outputText, planText, type Result, waitingText, waitsFor } from './outcome.ts';
import { showProgress } from './progress.ts';
import { RunLog } from './runLog.ts';
import { onStopSignals } from './stopSignals.ts';
import type { Terminal } from './terminal.ts';
import { terminalReview } from './terminalReview.ts';
import { visible } from './visible.ts';

/** A run that this process works on. */
export interface Going {
  readonly id: string;
  readonly done: Promise<void>;
  /** The number of the last event that was told before. */
  readonly since: number;
}

/** Why the process lets go of a run that has not ended. */
type Leaving = 'planned' | 'waits' | 'quit' | 'killed';

/**
 * Stays with a run until it has ended or nobody here can decide what it waits for; shows what happens and, last,
 * what came of it.
 * @param unrecorded a failure of this run that the database could not take
 * @returns the exit code
 */
export async function carryOut(
  engine: Engine,
  { id, done, since }: Going,
  flags: Flags,
  terminal: Terminal,
  unrecorded: () => PlanwrightError | undefined,
): Promise<number> {
  const { runner, store } = engine;
  const json = flags.json === true;
  const ended = new AbortController();
  let killed: number | undefined;
  const signals = onStopSignals({
    cancel: () => {
      terminal.note('Cancelling… (once more to leave at once)');
      void runner.cancel(id).catch(() => {}); // It has ended meanwhile, which is what was wanted.
    },
    letGo: (code) => {
      killed = code;
      ended.abort();
    },
  });
  const log = new RunLog(store, id, since, (view, stored) => {
    if (json) terminal.print(JSON.stringify(stored));
    showProgress(terminal, view, stored, !json);
  });
  const decider = deciderFor(engine, id, flags, terminal);
  const over = done.then(() => ended.abort());
  let left: Leaving | undefined;
  try {
    left = await decideUntil(engine, log, decider, flags['plan-only'] === true, ended.signal);
    if (left === 'planned') await runner.pause(id);
    else if (left !== undefined || killed !== undefined) await runner.stop();
    await over;
    log.catchUp();
  } finally {
    signals.dispose();
    log.dispose();
    terminal.close();
  }
  return report(engine, log, decider, flags, terminal, { left, killed, error: unrecorded() });
}

function deciderFor(engine: Engine, id: string, flags: Flags, terminal: Terminal): Decider {
  const accept = acceptOf(flags);
  if (accept === 'ask' && terminal.interactive) return terminalReview(engine, id, terminal);
  return automatic(engine, id, accept, `cli --accept ${accept}`);
}

/** Decides as things come up. Undefined when the run has ended, or this process is told to. */
async function decideUntil(
  engine: Engine,
  log: RunLog,
  decider: Decider,
  planOnly: boolean,
  ended: AbortSignal,
): Promise<Leaving | undefined> {
  const over = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve()));
  let quietBefore = -1;
  while (!ended.aborted) {
    const { seq } = log.view;
    if (planOnly && isPlanned(log.view)) return 'planned';
    const act = await decider.act(log.view, ended);
    if (ended.aborted) return undefined;
    if (act === 'quit') return 'quit';
    if (act === 'acted') continue;
    const quiet = seq === log.view.seq && waits(engine, log);
    // Twice in a row: between two steps of a branch that is at work the run seems to wait for a moment.
    if (quiet && quietBefore === seq) return 'waits';
    quietBefore = quiet ? seq : -1;
    await Promise.race([log.changed(seq), over]);
  }
  return undefined;
}

/** The plan waits to be approved, or was by somebody else meanwhile. */
function isPlanned({ openGates, phases }: RunView): boolean {
  return (
    openGates.some(({ kind }) => kind === 'plan-approval' || kind === 'low-score') ||
    phases.implementation.state !== 'pending'
  );
}

/** True when nothing goes on before somebody decides. */
function waits({ store }: Engine, { view }: RunLog): boolean {
  if (view.status !== 'waiting') return false;
  // Agents go on while the developer is asked about checks.
  return (
    !view.openGates.some(({ held, kind }) => held || kind === 'checks') ||
    store.getRun(view.runId)?.status === 'waiting'
  );
}

function report(
  { store }: Engine,
  { view }: RunLog,
  decider: Decider,
  flags: Flags,
  terminal: Terminal,
  end: {
    readonly left: Leaving | undefined;
    readonly killed: number | undefined;
    readonly error: PlanwrightError | undefined;
  },
): number {
  const recorded = store.getRun(view.runId)?.status ?? view.status;
  const hasEnded = recorded === 'completed' || recorded === 'failed' || recorded === 'cancelled';
  const status = hasEnded || end.left === undefined ? recorded : 'waiting';
  const waiting = status === 'waiting' ? waitsFor(view, decider) : [];
  const planOnly = flags['plan-only'] === true;
  const lost = 'The run was taken over by another process, or could not be recorded.';
  const stopped = !hasEnded && end.left === undefined && end.killed === undefined;
  const error =
    view.error ?? (stopped ? { code: end.error?.code ?? 'RUN_BUSY', message: end.error?.message ?? lost } : null);
  if (flags.json) {
    const plan = planOnly ? { plan: view.plan, review: currentReview(view) ?? null } : {};
    const { runId: id, output, usage } = view;
    const result: Result = { type: 'result', id, status, output, error, usage, waitsFor: waiting, ...plan };
    terminal.print(JSON.stringify(result));
  } else if (end.left === 'planned') {
    terminal.print(visible(planText(view)));
  } else if (view.output && status === 'completed') {
    terminal.print(visible(outputText(view.output)));
  }
  terminal.note(`  ${usageText(view.usage)}`);
  return closing(terminal, view.runId, { ...end, status, waiting, error });
}

/** The last words to the developer, and the exit code. */
function closing(
  terminal: Terminal,
  id: string,
  {
    status,
    left,
    killed,
    waiting,
    error,
  }: {
    readonly status: string;
    readonly left: Leaving | undefined;
    readonly killed: number | undefined;
    readonly waiting: readonly Parameters<typeof waitingText>[0][];
    readonly error: ErrorInfo | null;
  },
): number {
  const resume = `planwright resume ${id}`;
  switch (status) {
    case 'completed':
      terminal.note(`Run ${id} is completed.`);
      return exitCodes.completed;
    case 'cancelled':
      terminal.note(`Run ${id} is cancelled. “${resume}” goes on with it.`);
      return exitCodes.cancelled;
    default:
  }
  if (killed !== undefined) {
    terminal.note(`Run ${id} stays as it is. “${resume}” goes on with it.`);
    return killed;
  }
  if (left === 'planned') {
    terminal.note(`Run ${id} is paused before it is implemented. “${resume}” goes on with it.`);
    return exitCodes.completed;
  }
  if (left !== undefined) {
    terminal.note(
      visible([`Run ${id} waits for a decision:`, ...waiting.map((one) => `  ${waitingText(one)}`)].join('\n')),
    );
    const nobody = left === 'waits' && !terminal.interactive ? ' on a terminal' : '';
    terminal.note(`Decide in the editor, or with “${resume} --accept ask”${nobody}.`);
    return exitCodes.waiting;
  }
  terminal.note(terminal.style('red', visible([error?.message, error && cliHint(error)].filter(Boolean).join(' '))));
  terminal.note(`Run ${id} ${status === 'failed' ? 'failed' : 'stopped'}. “${resume}” tries again where it stopped.`);
  return exitCodes.failed;
}
