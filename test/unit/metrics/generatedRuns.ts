import { checkKinds, checkOutcomes } from '../../../src/workflow/checks/checks.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import type { CheckResult, GateKind, RunEvent } from '../../../src/workflow/engine/events.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import type { ErrorCode } from '../../../src/workflow/errors.ts';
import type { Clock } from '../../../src/workflow/ports.ts';
import type { HunkDecision, PhaseName, Review } from '../../../src/workflow/schemas.ts';
import { Seeded } from '../edits/seeded.ts';
import { gate, hunk, plan, proposal, task } from '../runState/events.ts';

/** 2026-11-24 10:20 UTC: no full hour. */
export const NOW = Date.UTC(2026, 10, 24, 10, 20);
const DAY_MS = 86_400_000;
const input = { request: 'x', requirements: [] };
const phases = ['planning', 'review', 'refinement', 'implementation'] as const;
const models = ['gpt-5', 'qwen "coder"', 'C:\\models\\tiny'] as const;

/** A store whose clock stands where it is put. */
export function storeAt(path: string) {
  const time = { now: NOW };
  const clock: Clock = { now: () => time.now, sleep: async () => {}, random: () => 0 };
  const { db } = openDatabase(path);
  return { db, clock, time, store: new Store(db, clock) };
}

/** A review of which only the score counts here. */
export function reviewOf(score: number, carriedOver = false): Review {
  return {
    criteria: [],
    findings: [],
    score,
    arithmetic: '',
    threshold: 80,
    verdict: score < 80 ? 'refine' : 'pass',
    ...(carriedOver ? { carriedOver } : {}),
  };
}

/**
 * Writes runs as the engine would: reviewed, refined, paused, crashed, failed and resumed, cancelled, restarted with
 * what the new attempt takes over told again, or still going on. Answers their ids.
 */
export function generateRuns(
  { store, time }: Pick<ReturnType<typeof storeAt>, 'store' | 'time'>,
  { count, seed, days = 45, until = NOW }: { count: number; seed: number; days?: number; until?: number },
): string[] {
  const random = new Seeded(seed);
  return Array.from({ length: count }, () => {
    time.now = until - Math.floor(random.next() * days * DAY_MS);
    return new GeneratedRun(store, time, random, until).id;
  });
}

class GeneratedRun {
  readonly id: string;
  readonly #store: Store;
  readonly #time: { now: number };
  readonly #random: Seeded;
  readonly #until: number;
  readonly #byPhase = new Map<PhaseName, RunEvent[]>();
  #attempt = 1;
  #keys = 0;
  #phase: PhaseName = 'planning';

  constructor(store: Store, time: { now: number }, random: Seeded, until: number) {
    this.#store = store;
    this.#time = time;
    this.#random = random;
    this.#until = until;
    this.id = store.createRun(input, { model: 'm', workspace: 'w' });
    this.#emit({ type: 'workflow.started', input, model: 'm', workspace: 'w' });
    this.#run('planning');
    while (this.#chance(0.12)) this.#restart();
  }

  #chance(of: number): boolean {
    return this.#random.next() < of;
  }

  /** Time goes on by up to so many seconds, and not beyond now. */
  #pass(seconds: number): void {
    this.#time.now = Math.min(this.#until, this.#time.now + Math.floor(this.#random.next() * seconds * 1000));
  }

  #append(event: RunEvent): void {
    this.#store.appendEvent(this.id, this.#attempt, event, `k${this.#keys++}`);
  }

  #emit(event: RunEvent, seconds = 40): void {
    this.#pass(seconds);
    this.#append(event);
    this.#byPhase.set(this.#phase, [...(this.#byPhase.get(this.#phase) ?? []), event]);
  }

  #run(from: PhaseName): void {
    for (const phase of phases.slice(phases.indexOf(from))) {
      this.#phase = phase;
      this.#byPhase.set(phase, []);
      this.#work(phase);
      if (this.#chance(0.04)) {
        this.#store.setStatus(this.id, this.#chance(0.5) ? 'waiting' : 'in_progress');
        return;
      }
      if (this.#chance(0.04)) {
        this.#end({ type: 'workflow.cancelled' }, 'cancelled');
        return;
      }
    }
    const metrics = { planScore: 1, implementationTime: 1, testCoverage: null };
    const output = { implementation: '', documentation: '', tests: [], metrics };
    this.#end({ type: 'workflow.completed', output }, 'completed');
    if (this.#chance(0.03)) this.#resume();
  }

  #end(event: RunEvent, status: 'completed' | 'failed' | 'cancelled'): void {
    this.#pass(10);
    this.#append(event);
    this.#store.setStatus(this.id, status);
  }

  #work(phase: PhaseName): void {
    if (phase === 'refinement' && this.#chance(0.5)) {
      this.#emit({ type: 'phase.completed', phase, skipped: 'good enough', nextPhase: null });
    } else {
      this.#emit({ type: 'phase.started', phase });
      this.#trouble();
      if (phase === 'planning') this.#plan();
      if (phase === 'review') this.#review('reviewer', 0);
      if (phase === 'refinement') this.#refine(1 + this.#random.below(3));
      if (phase === 'implementation') this.#implement();
      this.#trouble();
      this.#emit({ type: 'phase.completed', phase, nextPhase: null });
    }
    if (phase === 'refinement') this.#approve();
  }

  /** Retries, provider outages, pauses, crashes and failures, each seldom. */
  #trouble(): void {
    this.#call(this.#random.pick(['planner', 'implementer']));
    while (this.#chance(0.15)) {
      const code = this.#random.pick<ErrorCode>(['RATE_LIMIT', 'TIMEOUT']);
      this.#emit({ type: 'retry', step: 's', retry: 1, delayMs: 1000, error: { code, message: '' } });
    }
    if (this.#chance(0.05)) this.#gate('provider-down');
    if (this.#chance(0.05)) {
      this.#emit({ type: 'workflow.paused' });
      this.#resume();
    }
    if (this.#chance(0.05)) this.#resume();
    if (this.#chance(0.08)) {
      this.#end({ type: 'workflow.failed', error: { code: 'QUOTA', message: '' } }, 'failed');
      if (this.#chance(0.1)) this.#end({ type: 'workflow.cancelled' }, 'cancelled');
      this.#resume();
    }
  }

  #resume(): void {
    this.#pass(50_000);
    this.#append({ type: 'workflow.resumed' });
    this.#store.setStatus(this.id, 'in_progress');
  }

  #gate(kind: GateKind, proposalId?: string): void {
    const id = `${kind}-${this.#keys}`;
    this.#emit({ type: 'gate.opened', gate: gate(id, kind, proposalId) });
    this.#emit({ type: 'gate.decided', gateId: id, decision: { choice: 'yes', by: 'test' } }, 20_000);
  }

  #call(agent: 'planner' | 'reviewer' | 'refiner' | 'implementer'): void {
    const inputTokens = this.#random.below(50_000);
    this.#emit({
      type: 'usage',
      agent,
      model: this.#random.pick(models),
      inputTokens,
      cachedInputTokens: this.#random.below(inputTokens + 1),
      outputTokens: 1000 + this.#random.below(4000),
      ...(this.#chance(0.5) ? { reasoningTokens: this.#random.below(1000) } : {}),
      durationMs: 10_000 + this.#random.below(90_000),
      ...(this.#chance(0.8) ? { firstTokenMs: this.#random.below(10_000) } : {}),
      endedAt: this.#time.now,
      ...(this.#chance(0.7) ? { cost: this.#random.next() / 3 } : {}),
    });
  }

  #plan(): void {
    const tasks = Array.from({ length: 1 + this.#random.below(3) }, (_, index) => task(`T${index + 1}`));
    this.#emit({ type: 'plan.updated', plan: plan(task('T0'), ...tasks), round: 0 });
  }

  #review(agent: 'reviewer' | 'refiner', round: number): number {
    this.#call(agent);
    const score = this.#random.below(1001) / 10;
    this.#emit({ type: 'review.completed', review: reviewOf(score), round });
    return score;
  }

  #refine(rounds: number): void {
    for (let round = 1; round <= rounds; round++) {
      this.#call('refiner');
      const scoreAfter = this.#review('reviewer', round);
      const refinement = { round, addressed: [], declined: [], scoreBefore: 0, scoreAfter };
      this.#emit({ type: 'refinement.completed', refinement });
    }
    if (this.#chance(0.3)) this.#gate('low-score');
  }

  #approve(): void {
    this.#gate('plan-approval');
    if (this.#chance(0.2)) this.#emit({ type: 'review.completed', review: reviewOf(99, true), round: 4 });
    if (this.#chance(0.2)) this.#refine(1);
  }

  /** The tasks of the last plan one after another; then their hunks are decided. */
  #implement(): void {
    const planned = this.#byPhase.get('planning')?.find((event) => event.type === 'plan.updated');
    if (planned?.type !== 'plan.updated') return;
    const proposals = planned.plan.tasks.map(({ id }) => {
      this.#emit({ type: 'task.started', taskId: id });
      this.#call('implementer');
      const hunks = Array.from({ length: 1 + this.#random.below(3) }, (_, index) => `${id}-h${index}`);
      const made = proposal(
        `${id}-1`,
        id,
        hunks.map((hunkId) => hunk(hunkId)),
      );
      this.#check(id);
      this.#emit({ type: 'proposal.created', proposal: made });
      this.#emit({ type: 'task.completed', taskId: id, summary: '', proposalIds: [made.id] });
      this.#emit({ type: 'gate.opened', gate: gate(`decide-${id}`, 'proposal', made.id) });
      return made;
    });
    for (const { id, hunks, taskId } of proposals) {
      for (const { id: hunkId } of hunks) {
        const decision: HunkDecision = this.#random.pick(['accepted', 'accepted', 'rejected', 'superseded']);
        this.#emit({ type: 'hunk.decided', proposalId: id, hunkId, decision, by: 'developer' }, 5000);
      }
      const decision = { choice: 'settled', by: 'developer' };
      this.#emit({ type: 'gate.decided', gateId: `decide-${taskId}`, decision }, 1);
    }
  }

  #check(taskId: string): void {
    const results = Array.from({ length: this.#random.below(4) }, (_, index): CheckResult => {
      const outcome = this.#random.pick(checkOutcomes);
      const verdict = outcome === 'passed' ? 'passes' : this.#random.pick(['new failure', 'already failing'] as const);
      const durationMs = outcome === 'not-run' ? 0 : this.#random.below(200_000);
      const kind = this.#random.pick(checkKinds);
      return { name: `c${index}`, kind, outcome, verdict, reason: '', newFailures: [], durationMs, output: '' };
    });
    this.#emit({ type: 'check.started', taskId, round: 1, names: results.map(({ name }) => name) });
    this.#emit({ type: 'check.completed', taskId, round: 1, results });
  }

  /** The next attempt tells what it takes over once more, in next to no time. */
  #restart(): void {
    const reached = phases.filter((phase) => this.#byPhase.has(phase));
    const from = this.#random.pick(reached as [PhaseName, ...PhaseName[]]);
    this.#attempt = this.#store.forkAttempt(this.id, from);
    this.#pass(10_000);
    this.#append({ type: 'workflow.restarted', from, sourceAttempt: this.#attempt - 1 });
    for (const phase of phases.slice(0, phases.indexOf(from))) {
      for (const event of this.#byPhase.get(phase) ?? []) {
        if (event.type !== 'retry' && event.type !== 'workflow.paused') this.#append(event);
      }
    }
    this.#run(from);
  }
}
