import type { CheckOf, RunEvent, StoredEvent } from '../engine/events.ts';
import { isNew } from '../metrics/record.ts';
import type { PhaseName } from '../schemas.ts';
import { chatSpan } from './chatSpan.ts';
import { type Attributes, ended, type OpenSpan, type Span, spanIdOf, traceIdOf, withEvent } from './span.ts';

/** What of a run's trace goes on after its events so far. */
export interface RunTrace {
  /** Sequence number of the last event in it; 0 before the first. */
  readonly seq: number;
  /** The first phase that the current attempt makes anew; what comes before is told once more and was traced. */
  readonly from: PhaseName;
  readonly phase: PhaseName;
  /** The first span of the run, under which all of its later parts are. */
  readonly rootId: string | null;
  /** By what they are about, in the order they began: 'run', 'phase', 'task T1', 'gate …', 'checks T1 1'. */
  readonly open: ReadonlyMap<string, OpenSpan>;
  /** What went on when the run ended last: if it goes on after all, so does that. */
  readonly cut: ReadonlyMap<string, OpenSpan>;
}

export const noTrace: RunTrace = {
  seq: 0,
  from: 'planning',
  phase: 'planning',
  rootId: null,
  open: new Map(),
  cut: new Map(),
};

/**
 * A run as a trace: one for each run, with a span for the run, for each phase, task, wait for a decision and round of
 * checks, and each model call. A function of the log: whoever tells it again gets the same spans.
 *
 * A span is told once, when it has ended. A run that goes on after its end does so in a span of its own under the
 * first, with new spans for the phase and the tasks that the end had cut. Nothing that a person or a model wrote is in it: neither requests, prompts, answers, paths nor commands.
 */
export function follow(before: RunTrace, stored: StoredEvent): { trace: RunTrace; spans: readonly Span[] } {
  const next = new NextTrace(before, stored);
  next.take(stored.event);
  return { trace: next.trace(), spans: next.spans };
}

class NextTrace {
  readonly spans: Span[] = [];
  readonly #stored: StoredEvent;
  readonly #open: Map<string, OpenSpan>;
  #from: PhaseName;
  #phase: PhaseName;
  #rootId: string | null;
  #cut: ReadonlyMap<string, OpenSpan>;

  constructor(before: RunTrace, stored: StoredEvent) {
    this.#stored = stored;
    this.#open = new Map(before.open);
    this.#from = before.from;
    this.#phase = before.phase;
    this.#rootId = before.rootId;
    this.#cut = before.cut;
  }

  trace(): RunTrace {
    return {
      seq: this.#stored.seq,
      from: this.#from,
      phase: this.#phase,
      rootId: this.#rootId,
      open: this.#open,
      cut: this.#cut,
    };
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'workflow.started':
        this.#beginRun({ 'planwright.model': event.model });
        break;
      case 'workflow.resumed':
        if (this.#open.has('run')) this.#note('run', 'resumed');
        else this.#goOn();
        break;
      case 'workflow.restarted':
        this.#endAll('unset', { 'planwright.outcome': 'restarted' });
        [this.#from, this.#phase, this.#cut] = [event.from, 'planning', new Map()];
        this.#beginRun({ 'planwright.restarted.from': event.from });
        break;
      case 'workflow.paused':
        this.#note('run', 'paused');
        break;
      case 'workflow.completed':
        this.#endAll('ok', { 'planwright.outcome': 'completed' });
        break;
      case 'workflow.failed':
        this.#endAll('error', { 'planwright.outcome': 'failed', 'error.type': event.error.code });
        break;
      case 'workflow.cancelled':
        this.#endAll('unset', { 'planwright.outcome': 'cancelled' });
        break;
      case 'phase.started':
        this.#phase = event.phase;
        this.#inNewPhase(() => {
          this.#endWithin('phase');
          this.#begin('phase', `phase ${event.phase}`, ['run'], { 'planwright.phase': event.phase });
        });
        break;
      case 'phase.completed': {
        this.#phase = event.phase;
        const score = event.score === undefined ? {} : { 'planwright.review.score': event.score };
        this.#inNewPhase(() => this.#end('phase', 'ok', score));
        break;
      }
      default:
        this.#inNewPhase(() => this.#takeWork(event));
        break;
    }
  }

  /** What happens within a phase. */
  #takeWork(event: RunEvent): void {
    switch (event.type) {
      case 'task.started':
        this.#begin(`task ${event.taskId}`, `task ${event.taskId}`, ['phase', 'run'], {
          'planwright.task.id': event.taskId,
        });
        break;
      case 'task.completed':
        this.#end(`task ${event.taskId}`, 'ok', { 'planwright.proposals': event.proposalIds.length });
        break;
      case 'task.failed':
        this.#end(`task ${event.taskId}`, 'error', { 'error.type': event.error.code });
        break;
      case 'gate.opened':
        this.#begin(`gate ${event.gate.id}`, `wait ${event.gate.kind}`, ['phase', 'run'], {
          'planwright.gate.kind': event.gate.kind,
        });
        break;
      case 'gate.decided':
        this.#end(`gate ${event.gateId}`, 'ok', { 'planwright.gate.choice': event.decision.choice });
        break;
      case 'usage':
        this.#addCall(event);
        break;
      case 'agent.acted':
        this.#note(this.#nearest(event.taskId), 'execute_tool', {
          'gen_ai.tool.name': event.tool,
          'gen_ai.agent.name': event.agent,
        });
        break;
      case 'retry':
        this.#note(this.#nearest(), 'retry', {
          'error.type': event.error.code,
          'planwright.retry': event.retry,
          'planwright.retry.delay_ms': event.delayMs,
        });
        break;
      case 'review.completed':
        this.#note(this.#nearest(), 'reviewed', {
          'planwright.review.round': event.round,
          'planwright.review.score': event.review.score,
          'planwright.review.verdict': event.review.verdict,
        });
        break;
      case 'hunk.decided':
        this.#note(this.#nearest(), 'hunk decided', { 'planwright.hunk.decision': event.decision });
        break;
      case 'check.started':
        this.#begin(checksKey(event), 'checks', parentsOf(event.taskId), {
          'planwright.check.round': event.round,
          ...(event.taskId === undefined ? {} : { 'planwright.task.id': event.taskId }),
        });
        break;
      case 'check.completed':
        this.#endChecks(event);
        break;
      default:
    }
  }

  #inNewPhase(work: () => void): void {
    if (isNew({ phase: this.#phase, from: this.#from })) work();
  }

  #beginRun(attributes: Attributes): void {
    const { runId, seq, attempt } = this.#stored;
    this.#endAll('unset', {});
    const parent = this.#rootId;
    this.#rootId ??= spanIdOf(runId, seq, 'run');
    this.#open.set('run', {
      ...this.#span('run', 'invoke_workflow planwright', parent),
      attributes: {
        'gen_ai.operation.name': 'invoke_workflow',
        'gen_ai.agent.name': 'planwright',
        'gen_ai.conversation.id': runId,
        'planwright.attempt': attempt,
        ...attributes,
      },
    });
  }

  /** In a new span, as all that went on when the run ended. */
  #goOn(): void {
    const cut = this.#cut;
    this.#beginRun({});
    const newIds = new Map<string | undefined, string>();
    for (const [key, { spanId, parentSpanId, name, attributes }] of cut) {
      const span = this.#span(key, name, newIds.get(parentSpanId) ?? this.#parent(['run']));
      newIds.set(spanId, span.spanId);
      this.#open.set(key, { ...span, attributes });
    }
  }

  #span(key: string, name: string, parentSpanId: string | null): OpenSpan {
    const { runId, seq, at } = this.#stored;
    return {
      traceId: traceIdOf(runId),
      spanId: spanIdOf(runId, seq, key),
      ...(parentSpanId === null ? {} : { parentSpanId }),
      name,
      kind: 'internal',
      start: at,
      attributes: {},
      events: [],
      droppedEvents: 0,
    };
  }

  /** @param under keys of what it may be a part of, the nearest first */
  #begin(key: string, name: string, under: readonly string[], attributes: Attributes): void {
    this.#end(key, 'unset');
    this.#open.set(key, { ...this.#span(key, name, this.#parent(under)), attributes });
  }

  #parent(under: readonly string[]): string | null {
    const key = under.find((candidate) => this.#open.has(candidate));
    return key === undefined ? this.#rootId : (this.#open.get(key)?.spanId ?? null);
  }

  #nearest(taskId?: string): string {
    return parentsOf(taskId).find((key) => this.#open.has(key)) ?? 'run';
  }

  #end(key: string, status: Span['status'], attributes: Attributes = {}): void {
    const span = this.#open.get(key);
    if (!span) return;
    if (key === 'phase') this.#endWithin('phase', false);
    this.#open.delete(key);
    this.spans.push(ended(span, this.#stored.at, status, attributes));
  }

  /** Ends what a phase left open, and the phase itself unless it has an end of its own. */
  #endWithin(phase: 'phase', itself = true): void {
    for (const key of [...this.#open.keys()].reverse()) {
      if (key === 'run' || key === phase) continue;
      this.#end(key, 'unset');
    }
    if (itself) this.#end(phase, 'unset');
  }

  /** The run's own outcome is that of the run's span; what goes on in it is cut off. */
  #endAll(status: Span['status'], attributes: Attributes): void {
    if (this.#open.has('run')) this.#cut = new Map([...this.#open].filter(([key]) => key !== 'run'));
    this.#endWithin('phase');
    this.#end('run', status, attributes);
  }

  #note(key: string, name: string, attributes: Attributes = {}): void {
    const span = this.#open.get(key);
    if (span) this.#open.set(key, withEvent(span, { name, at: this.#stored.at, attributes }));
  }

  #addCall(event: Extract<RunEvent, { type: 'usage' }>): void {
    const { name, kind, start, end, attributes } = chatSpan(event, this.#stored);
    const span = this.#span('chat', name, this.#parent(parentsOf(event.taskId)));
    this.spans.push(ended({ ...span, kind, start, attributes }, end, 'unset'));
  }

  #endChecks(event: Extract<RunEvent, { type: 'check.completed' }>): void {
    const key = checksKey(event);
    for (const { kind, outcome, verdict, durationMs } of event.results) {
      this.#note(key, 'check', {
        'planwright.check.kind': kind,
        'planwright.check.outcome': outcome,
        'planwright.check.verdict': verdict,
        'planwright.check.duration_ms': durationMs,
      });
    }
    const worse = event.results.some(({ verdict }) => verdict === 'new failure');
    this.#end(key, worse ? 'error' : 'ok', worse ? { 'error.type': 'new failure' } : {});
  }
}

function parentsOf(taskId: string | undefined): readonly string[] {
  return taskId === undefined ? ['phase', 'run'] : [`task ${taskId}`, 'phase', 'run'];
}

function checksKey({ taskId = '', round, of = {} }: { taskId?: string; round: number; of?: CheckOf }): string {
  return `checks ${taskId} ${round} ${JSON.stringify(of)}`;
}
