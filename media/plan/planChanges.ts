import type { Plan, Task } from '../../src/workflow/schemas.ts';
import { diffPlans } from './planDiff.ts';
import { diffWords, type TextPart } from './wordDiff.ts';

/** A part of a plan or a task; names are those of the plan's schema. */
export type PartName = Exclude<keyof Plan, 'tasks'> | Exclude<keyof Task, 'id'>;

/** How a part changed: a text word by word, a list item by item. */
export interface PartChange {
  readonly name: PartName;
  readonly lines: readonly (readonly TextPart[])[];
}

export interface TaskChange {
  readonly task: Task;
  readonly kind: 'added' | 'removed' | 'changed';
  /** What differs; nothing of a task that is new or gone. */
  readonly parts: readonly PartChange[];
}

/** All that differs between two versions of a plan. */
export interface PlanChanges {
  readonly tasks: readonly TaskChange[];
  readonly parts: readonly PartChange[];
}

/** Tasks in the order of the plan after, those that are gone last. */
export function planChanges(before: Plan, after: Plan): PlanChanges {
  const { added, changed, removed } = diffPlans(before, after);
  const old = new Map(before.tasks.map((task) => [task.id, task]));
  const tasks = after.tasks.flatMap((task): TaskChange[] => {
    if (added.has(task.id)) return [{ task, kind: 'added', parts: [] }];
    const previous = old.get(task.id);
    const fields = changed.get(task.id);
    if (previous === undefined || fields === undefined) return [];
    const parts = fields.flatMap((name) =>
      name === 'id' ? [] : [{ name, lines: diffLines(taskLines(previous, name), taskLines(task, name)) }],
    );
    return [{ task, kind: 'changed', parts }];
  });
  const gone = removed.map((task): TaskChange => ({ task, kind: 'removed', parts: [] }));
  const parts = planParts.flatMap((name): PartChange[] => {
    const [was, is] = [planLines(before, name), planLines(after, name)];
    return was.join('\n') === is.join('\n') ? [] : [{ name, lines: diffLines(was, is) }];
  });
  return { tasks: [...tasks, ...gone], parts };
}

const planParts = [
  'title',
  'summary',
  'requirements',
  'architecture',
  'successMetrics',
  'risks',
  'assumptions',
  'outOfScope',
] as const satisfies readonly Exclude<keyof Plan, 'tasks'>[];

function taskLines(task: Task, name: Exclude<keyof Task, 'id'>): readonly string[] {
  switch (name) {
    case 'title':
    case 'description':
    case 'size':
      return [task[name]];
    case 'dependsOn':
    case 'requirements':
      return [task[name].join(', ')];
    case 'tests':
    case 'doneWhen':
      return task[name];
    case 'files':
      return task.files.map(({ action, path, from }) => `${action} ${from === undefined ? '' : `${from} → `}${path}`);
  }
}

function planLines(plan: Plan, name: (typeof planParts)[number]): readonly string[] {
  switch (name) {
    case 'title':
    case 'summary':
      return [plan[name]];
    case 'requirements':
      return plan.requirements.map(({ id, text }) => `${id} ${text}`);
    case 'architecture': {
      const { overview, components, decisions } = plan.architecture;
      return [
        overview,
        ...components.map(({ name: part, responsibility, files }) => `${part}: ${responsibility} ${files.join(', ')}`),
        ...decisions.map(({ decision, why, alternatives }) => [decision, why, ...alternatives].join(' · ')),
      ];
    }
    case 'successMetrics':
      return plan.successMetrics.map(({ name: metric, target, measuredBy }) => `${metric}: ${target}; ${measuredBy}`);
    case 'risks':
      return plan.risks.map(
        ({ risk, likelihood, impact, mitigation }) => `${risk} (${likelihood}×${impact}): ${mitigation}`,
      );
    case 'assumptions':
    case 'outOfScope':
      return plan[name];
  }
}

/**
 * Lines that are the same are left out. Where as many are gone as are new, each is taken for a change of the one in its
 * place and compared by words, if enough of them stayed that reading it so helps.
 */
function diffLines(before: readonly string[], after: readonly string[]): readonly (readonly TextPart[])[] {
  const kept = new Set(before.filter((line) => after.includes(line)));
  const gone = before.filter((line) => !kept.has(line));
  const fresh = after.filter((line) => !kept.has(line));
  if (gone.length === 0 && fresh.length === 0)
    // The same lines in another order: said as a whole.
    return [[...diffWords(before.join('\n'), after.join('\n'))]];
  if (gone.length === fresh.length) return gone.flatMap((line, index) => changedLine(line, fresh[index] ?? ''));
  return [...gone.map((line) => whole('removed', line)), ...fresh.map((line) => whole('added', line))];
}

/** Of the longer text this part stays in a change that is shown by words. */
const enough = 0.3;

function changedLine(before: string, after: string): readonly (readonly TextPart[])[] {
  const parts = diffWords(before, after);
  const same = parts.reduce((sum, { kind, text }) => (kind === 'same' ? sum + text.length : sum), 0);
  return same >= enough * Math.max(before.length, after.length)
    ? [parts]
    : [whole('removed', before), whole('added', after)];
}

function whole(kind: TextPart['kind'], text: string): readonly TextPart[] {
  return [{ kind, text }];
}
