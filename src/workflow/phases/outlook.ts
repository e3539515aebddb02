/** A plan at some moment, as far as one can tell. */
export interface Outlook {
  /** The tasks in dependency order, with what is left of each. */
  readonly order: readonly { readonly id: string; readonly dependsOn: readonly string[]; readonly left: number }[];
  /** Undefined of a task that waits for others, or that stopped. */
  readonly state: (id: string) => 'waiting' | 'working' | 'done' | undefined;
  readonly urgency: (id: string) => number;
  readonly count: number;
}

/**
 * When all that can be done will be if every task keeps its slot until it is done and the most urgent goes first, and
 * when it could be at best: at the end of the longest way, and not before the work is done by all slots together. From now,
 * in the outlook's unit. What waits for a task that stopped is left out.
 */
export function endWithoutLending({ order, state, urgency, count }: Outlook): { end: number; atBest: number } {
  const bestEnd = new Map<string, number>();
  let work = 0;
  for (const { id, dependsOn, left } of order) {
    // One that nothing keeps from asking for a slot, and that has not asked, stopped.
    const isStopped = state(id) === undefined && dependsOn.every((other) => state(other) === 'done');
    if (isStopped || !dependsOn.every((other) => bestEnd.has(other))) continue;
    bestEnd.set(id, left + Math.max(0, ...dependsOn.map((other) => bestEnd.get(other) ?? 0)));
    work += left;
  }
  return {
    end: listSchedule({ order, state, urgency, count }, bestEnd),
    atBest: Math.max(work / count, ...bestEnd.values()),
  };
}

function listSchedule({ order, state, urgency, count }: Outlook, within: ReadonlyMap<string, number>): number {
  const dependents = new Map<string, string[]>();
  const missing = new Map<string, number>();
  const left = new Map(order.map((task) => [task.id, task.left]));
  const ready: { readonly id: string; readonly urgency: number }[] = [];
  const working: { readonly id: string; readonly end: number }[] = [];
  for (const { id, dependsOn } of order) {
    const known = state(id);
    if (!within.has(id) || known === 'done') continue;
    const open = dependsOn.filter((other) => state(other) !== 'done');
    missing.set(id, open.length);
    for (const other of open) dependents.set(other, [...(dependents.get(other) ?? []), id]);
    if (known === 'waiting') ready.push({ id, urgency: urgency(id) });
    if (known === 'working') working.push({ id, end: left.get(id) ?? 0 });
  }
  let now = 0;
  for (;;) {
    while (working.length < count && ready.length > 0) {
      const { id } = takeBest(ready, (a, b) => a.urgency > b.urgency);
      working.push({ id, end: now + (left.get(id) ?? 0) });
    }
    if (working.length === 0) return now;
    const { id, end } = takeBest(working, (a, b) => a.end < b.end);
    now = end;
    for (const other of dependents.get(id) ?? []) {
      const open = (missing.get(other) ?? 0) - 1;
      missing.set(other, open);
      if (open === 0) ready.push({ id: other, urgency: urgency(other) });
    }
  }
}

function takeBest<T>(items: T[], isBetter: (a: T, b: T) => boolean): T {
  let best = 0;
  for (let i = 1; i < items.length; i++) if (isBetter(items[i] as T, items[best] as T)) best = i;
  return items.splice(best, 1)[0] as T;
}
