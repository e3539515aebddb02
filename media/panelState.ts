import type { Environment, ToPanel } from '../src/protocol.ts';
import type { AgentName, LiveEvent, StoredEvent } from '../src/workflow/engine/events.ts';
import { type RunView, reduceAll } from '../src/workflow/runState.ts';

/** What an agent is writing at this moment; shown and forgotten. */
export interface LiveText {
  readonly key: string;
  readonly agent: AgentName;
  readonly taskId: string | null;
  readonly kind: LiveEvent['kind'];
  readonly text: string;
}

export interface PanelState {
  readonly runId: string | null;
  readonly view: RunView | null;
  /** Null until the extension has spoken. */
  readonly environment: Environment | null;
  /** The extension's clock minus this page's, in milliseconds. */
  readonly clockOffset: number;
  readonly live: readonly LiveText[];
  /** What the linter said last about the plan that is being edited here. */
  readonly linted: Linted | null;
  /** The requirement that the extension asked to show last. */
  readonly revealed: Revealed | null;
}

/** A message of the extension, its view unpacked. */
export type Heard = ToPanel<RunView>;
export type Revealed = Extract<ToPanel, { type: 'reveal' }>;
export type Linted = Extract<ToPanel, { type: 'linted' }>;

export const nothingYet: PanelState = {
  runId: null,
  view: null,
  environment: null,
  clockOffset: 0,
  live: [],
  linted: null,
  revealed: null,
};

const liveCharacters = 2000;
/** A plan is shown while it is written, so all of it is kept. */
const planCharacters = 400_000;
const liveStreams = 12;

/** The state after a batch of messages; `now` is this page's clock. Events in a row are reduced in one go. */
export function receive(state: PanelState, messages: readonly Heard[], now: number): PanelState {
  let current = state;
  let waiting: StoredEvent[] = [];
  const flush = () => {
    if (waiting.length > 0) current = withEvents(current, waiting);
    waiting = [];
  };
  for (const message of messages) {
    if (message.type === 'events') {
      waiting.push(...message.events);
    } else {
      flush();
      current = receiveOne(current, message, now);
    }
  }
  flush();
  return current;
}

function receiveOne(state: PanelState, message: Exclude<Heard, { type: 'events' }>, now: number): PanelState {
  switch (message.type) {
    case 'show':
      return {
        ...withEnvironment(state, message.environment, now),
        runId: message.runId,
        view: message.view,
        live: [],
        linted: null,
        revealed: null,
      };
    case 'view':
      return withView(state, message.view);
    case 'environment':
      return withEnvironment(state, message.environment, now);
    case 'linted':
      return { ...state, linted: message };
    case 'reveal':
      return { ...state, revealed: message };
    case 'live':
      return message.live.runId === state.runId ? { ...state, live: withLive(state.live, message.live) } : state;
  }
}

function withEnvironment(state: PanelState, environment: Environment, now: number): PanelState {
  return { ...state, environment, clockOffset: environment.now - now };
}

function withEvents(state: PanelState, events: readonly StoredEvent[]): PanelState {
  const shown = events.filter(({ runId }) => runId === state.runId);
  const view = reduceAll(state.view, shown);
  const over = new Set(
    shown.flatMap(({ event }) =>
      event.type === 'task.completed' || event.type === 'task.failed' ? [event.taskId] : [],
    ),
  );
  const ended = view !== null && view.endedAt !== null;
  const phaseOver = shown.some(({ event }) => event.type === 'phase.completed');
  const isOver = (taskId: string | null) => (taskId === null ? phaseOver : over.has(taskId));
  const live = ended ? [] : state.live.filter(({ taskId }) => !isOver(taskId));
  return { ...state, view, live: live.length === state.live.length ? state.live : live };
}

/** What was being written may be over by now; what still is comes again with its next words. */
function withView(state: PanelState, view: RunView): PanelState {
  return view.runId === state.runId ? { ...state, view, live: [] } : state;
}

/** A stream keeps its place, so that text does not jump while it is read; the oldest of too many goes. */
function withLive(streams: readonly LiveText[], live: Omit<LiveEvent, 'runId'>): readonly LiveText[] {
  const { agent, kind, delta } = live;
  const taskId = live.taskId ?? null;
  const key = taskId === null ? agent : `${agent} ${taskId}`;
  const before = streams.find((stream) => stream.key === key);
  const gap = before !== undefined && before.kind !== kind ? '\n' : '';
  const kept = agent === 'planner' ? planCharacters : liveCharacters;
  const text = `${before?.text ?? ''}${gap}${delta}`.slice(-kept);
  const at = streams.findIndex((stream) => stream.key === key);
  const stream: LiveText = { key, agent, taskId, kind, text };
  return at >= 0 ? streams.with(at, stream) : [...streams, stream].slice(-liveStreams);
}
