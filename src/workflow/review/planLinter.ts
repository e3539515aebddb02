import type { Finding, Plan, Task } from '../schemas.ts';

type Rule = (plan: Plan, files: ReadonlySet<string>) => Finding[];

/**
 * Checks a plan with no model in it. Each finding caps one criterion of the review matrix, whatever the
 * reviewer says.
 * @param files every path of the workspace, relative, with forward slashes
 */
export function lintPlan(plan: Plan, files: ReadonlySet<string>): Finding[] {
  return rules.flatMap((rule) => rule(plan, files));
}

const requirementWithoutTask: Rule = (plan) =>
  plan.requirements
    .filter(({ id, source }) => source === 'given' && !plan.tasks.some((task) => task.requirements.includes(id)))
    .map(({ id, text }) => ({
      rule: 'requirement-without-task',
      severity: 'blocker',
      message: `No task serves ${id} (“${text}”).`,
      where: id,
      criterion: 'requirementsCoverage',
      cap: 1,
    }));

const unknownRequirement: Rule = (plan) => {
  const known = new Set(plan.requirements.map(({ id }) => id));
  return plan.tasks.flatMap((task) =>
    task.requirements
      .filter((id) => !known.has(id))
      .map((id) => ({
        rule: 'unknown-requirement',
        severity: 'major' as const,
        message: `${task.id} says it serves ${id}, which the plan does not have.`,
        where: task.id,
        criterion: 'requirementsCoverage' as const,
        cap: 6,
      })),
  );
};

const repeatedTaskId: Rule = (plan) =>
  plan.tasks
    .filter((task, index) => plan.tasks.findIndex(({ id }) => id === task.id) < index)
    .map((task) => ({
      rule: 'repeated-task-id',
      severity: 'blocker',
      message: `Two tasks are called ${task.id}.`,
      where: task.id,
      criterion: 'taskBreakdown',
      cap: 3,
    }));

const unknownDependency: Rule = (plan) => {
  const known = new Set(plan.tasks.map(({ id }) => id));
  return plan.tasks.flatMap((task) =>
    task.dependsOn
      .filter((id) => !known.has(id))
      .map((id) => ({
        rule: 'unknown-dependency',
        severity: 'blocker' as const,
        message: `${task.id} depends on ${id}, which does not exist.`,
        where: task.id,
        criterion: 'taskBreakdown' as const,
        cap: 4,
      })),
  );
};

const dependencyCycle: Rule = (plan) => {
  const cycle = findCycle(plan.tasks);
  if (!cycle) return [];
  return [
    {
      rule: 'dependency-cycle',
      severity: 'blocker',
      message: `Tasks wait for each other: ${[...cycle, cycle[0]].join(' → ')}.`,
      where: cycle[0] ?? '',
      criterion: 'feasibility',
      cap: 2,
    },
  ];
};

const wrongFileAction: Rule = (plan, files) => {
  const findings: Finding[] = [];
  for (const task of plan.tasks) {
    const before = filesBefore(plan, task, files);
    for (const file of task.files) {
      const needed = file.action === 'rename' ? file.from : file.action === 'create' ? undefined : file.path;
      if (needed !== undefined && !before.has(needed)) {
        findings.push(
          fileFinding('missing-file', task, `${task.id} would ${file.action} ${needed}, which does not exist.`),
        );
      }
      if (file.action === 'rename' && file.from === undefined) {
        findings.push(fileFinding('missing-file', task, `${task.id} renames to ${file.path} without saying what.`));
      }
      if ((file.action === 'create' || file.action === 'rename') && before.has(file.path)) {
        findings.push(
          fileFinding('existing-file', task, `${task.id} would create ${file.path}, which exists already.`),
        );
      }
    }
  }
  return findings;
};

const outsideWorkspace: Rule = (plan) =>
  plan.tasks.flatMap((task) =>
    task.files
      .flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
      .filter((path) => !isInside(path))
      .map((path) => ({
        rule: 'outside-workspace',
        severity: 'blocker' as const,
        message: `${task.id} touches ${path}, which is outside the workspace.`,
        where: task.id,
        criterion: 'riskAndSecurity' as const,
        cap: 0,
      })),
  );

const unorderedWriters: Rule = (plan) => {
  const findings: Finding[] = [];
  for (const [index, a] of plan.tasks.entries()) {
    for (const b of plan.tasks.slice(index + 1)) {
      if (dependsOn(plan, a, b.id) || dependsOn(plan, b, a.id)) continue;
      const shared = a.files.find(({ path }) => b.files.some((file) => file.path === path));
      if (!shared) continue;
      findings.push({
        rule: 'unordered-writers',
        severity: 'major',
        message: `${a.id} and ${b.id} both write ${shared.path}, and neither waits for the other.`,
        where: a.id,
        criterion: 'taskBreakdown',
        cap: 5,
      });
    }
  }
  return findings;
};

const noDoneWhen: Rule = (plan) =>
  plan.tasks
    .filter((task) => !task.doneWhen.some((text) => text.trim() !== ''))
    .map((task) => ({
      rule: 'no-done-when',
      severity: 'major',
      message: `${task.id} does not say when it is done.`,
      where: task.id,
      criterion: 'taskBreakdown',
      cap: 6,
    }));

const unmeasuredMetric: Rule = (plan) =>
  plan.successMetrics
    .filter(({ measuredBy }) => measuredBy.trim() === '')
    .map(({ name }) => ({
      rule: 'unmeasured-metric',
      severity: 'major',
      message: `Nothing measures the success metric “${name}”.`,
      where: name,
      criterion: 'testability',
      cap: 5,
    }));

const rules: readonly Rule[] = [
  requirementWithoutTask,
  unknownRequirement,
  repeatedTaskId,
  unknownDependency,
  dependencyCycle,
  wrongFileAction,
  outsideWorkspace,
  unorderedWriters,
  noDoneWhen,
  unmeasuredMetric,
];

function fileFinding(rule: string, task: Task, message: string): Finding {
  return { rule, severity: 'major', message, where: task.id, criterion: 'feasibility', cap: 5 };
}

function isInside(path: string): boolean {
  if (path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path)) return false;
  return !path.split(/[\\/]/).includes('..');
}

/** Does `task` wait, directly or through others, for the task `id`? */
function dependsOn(plan: Plan, task: Task, id: string): boolean {
  return ancestors(plan, task).has(id);
}

function ancestors(plan: Plan, task: Task): Set<string> {
  const seen = new Set<string>();
  const open = [...task.dependsOn];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(plan.tasks.find((other) => other.id === id)?.dependsOn ?? []));
  }
  return seen;
}

/** The workspace's paths as they are once everything `task` waits for is done. */
function filesBefore(plan: Plan, task: Task, files: ReadonlySet<string>): ReadonlySet<string> {
  const earlier = ancestors(plan, task);
  const before = new Set(files);
  for (const other of plan.tasks) {
    if (!earlier.has(other.id) || other.id === task.id) continue;
    for (const { path, action, from } of other.files) {
      if (action === 'delete') before.delete(path);
      else before.add(path);
      if (from !== undefined) before.delete(from);
    }
  }
  return before;
}

function findCycle(tasks: readonly Task[]): string[] | undefined {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] | undefined => {
    const at = path.indexOf(id);
    if (at >= 0) return path.slice(at);
    if (done.has(id)) return undefined;
    for (const next of byId.get(id)?.dependsOn ?? []) {
      const cycle = visit(next, [...path, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const { id } of tasks) {
    const cycle = visit(id, []);
    if (cycle) return cycle;
  }
  return undefined;
}
