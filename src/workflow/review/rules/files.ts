import { isDenied } from '../../guards.ts';
import type { Task } from '../../schemas.ts';
import { say } from '../../words/say.ts';
import { repeated } from './repeated.ts';
import type { LintContext, Rule } from './rule.ts';

/** A change, deletion or rename of a file that is not there when its task begins. */
export const missingFile: Rule = {
  id: 'missing-file',
  severity: 'major',
  criterion: 'feasibility',
  cap: 5,
  *find(context) {
    for (const { task, before } of tasksWithFiles(context)) {
      for (const { path, action, from } of task.files) {
        if (action === 'rename' && from === undefined) {
          yield { message: say`${task.id} renames to ${path} without saying what.`, where: task.id };
          continue;
        }
        const needed = action === 'rename' ? from : action === 'create' ? undefined : path;
        if (needed !== undefined && !before.has(needed))
          yield { message: notThere(task.id, action, needed), where: task.id };
      }
    }
  },
};

/** A new file where there is one already. Wrong: `create` of README.md. */
export const existingFile: Rule = {
  id: 'existing-file',
  severity: 'major',
  criterion: 'feasibility',
  cap: 5,
  *find(context) {
    for (const { task, before } of tasksWithFiles(context))
      for (const { path, action } of task.files)
        if ((action === 'create' || action === 'rename') && before.has(path))
          yield { message: say`${task.id} would create ${path}, which exists already.`, where: task.id };
  },
};

/** A path that leads out of the workspace. Wrong: `../other/a.ts`, `/etc/hosts`, `C:\\a`. */
export const outsideWorkspace: Rule = {
  id: 'outside-workspace',
  severity: 'blocker',
  criterion: 'riskAndSecurity',
  cap: 0,
  *find(context) {
    for (const { task, path } of touched(context))
      if (!isInside(path))
        yield { message: say`${task.id} touches ${path}, which is outside the workspace.`, where: task.id };
  },
};

/** A file that may hold secrets, or version-control data. Wrong: `.env`, `.git/config`. */
export const deniedPath: Rule = {
  id: 'denied-path',
  severity: 'blocker',
  criterion: 'riskAndSecurity',
  cap: 2,
  *find(context) {
    for (const { task, path } of touched(context))
      if (isInside(path) && isDenied(path))
        yield { message: say`${task.id} touches ${path}, which agents may neither read nor write.`, where: task.id };
  },
};

/** Two tasks that write one file while neither waits for the other. */
export const unorderedWriters: Rule = {
  id: 'unordered-writers',
  severity: 'major',
  criterion: 'taskBreakdown',
  cap: 5,
  *find({ plan, graph }) {
    const writers = new Map<string, Task[]>();
    for (const task of plan.tasks)
      for (const path of new Set(task.files.map((file) => file.path)))
        writers.set(path, [...(writers.get(path) ?? []), task]);
    const told = new Set<string>();
    for (const [path, tasks] of writers) {
      for (const [index, a] of tasks.entries()) {
        for (const b of tasks.slice(index + 1)) {
          if (a.id === b.id || graph.ordered(a.id, b.id)) continue;
          const pair = `${a.id} ${b.id}`;
          if (told.has(pair)) continue;
          told.add(pair);
          yield { message: say`${a.id} and ${b.id} both write ${path}, and neither waits for the other.`, where: a.id };
        }
      }
    }
  },
};

/** One task that lists a file twice, so that it is not clear what shall become of it. */
export const repeatedFile: Rule = {
  id: 'repeated-file',
  severity: 'minor',
  criterion: 'feasibility',
  cap: 7,
  *find({ plan }) {
    for (const { id, files } of plan.tasks)
      for (const path of repeated(files.map((file) => file.path)))
        yield { message: say`${id} lists ${path} twice.`, where: id };
  },
};

/** Two paths that are one file on a disk that does not tell upper from lower case. */
export const caseClash: Rule = {
  id: 'case-clash',
  severity: 'major',
  criterion: 'feasibility',
  cap: 6,
  *find(context) {
    const created = [...touched(context)].filter(({ action }) => action === 'create');
    const asked = new Set(created.map(({ path }) => path.toLowerCase()));
    const there = new Map<string, string>();
    for (const path of context.files) {
      const folded = path.toLowerCase();
      if (asked.has(folded)) there.set(folded, path);
    }
    for (const { task, path } of created) {
      const other = there.get(path.toLowerCase());
      if (other !== undefined && other !== path)
        yield {
          message: say`${task.id} would create ${path} beside ${other}, which many disks cannot hold.`,
          where: task.id,
        };
      there.set(path.toLowerCase(), other ?? path);
    }
  },
};

/** A file of the architecture that neither exists nor is made by any task. */
export const unknownComponentFile: Rule = {
  id: 'unknown-component-file',
  severity: 'minor',
  criterion: 'architecture',
  cap: 7,
  *find({ plan, files }) {
    const made = new Set(plan.tasks.flatMap((task) => task.files.map(({ path }) => path)));
    for (const { name, files: own } of plan.architecture.components)
      for (const path of own)
        if (!files.has(path) && !made.has(path) && !isFolder(path, files))
          yield {
            message: say`“${name}” consists of ${path}, which neither exists nor is made by a task.`,
            where: name,
          };
  },
};

function notThere(id: string, action: Task['files'][number]['action'], path: string): string {
  if (action === 'rename') return say`${id} would rename ${path}, which does not exist.`;
  if (action === 'delete') return say`${id} would delete ${path}, which does not exist.`;
  return say`${id} would modify ${path}, which does not exist.`;
}

function isFolder(path: string, files: ReadonlySet<string>): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  for (const file of files) if (file.startsWith(prefix)) return true;
  return false;
}

function* touched({ plan }: LintContext) {
  for (const task of plan.tasks) {
    for (const { path, from, action } of task.files) {
      yield { task, path, action };
      if (from !== undefined) yield { task, path: from, action };
    }
  }
}

function isInside(path: string): boolean {
  if (path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path)) return false;
  return !path.split(/[\\/]/).includes('..');
}

/** Each task with what there is when everything it waits for is done. */
function* tasksWithFiles({ plan, graph, files }: LintContext) {
  const changes = new Map<string, { readonly by: string; readonly exists: boolean }[]>();
  const note = (path: string, by: string, exists: boolean) =>
    changes.set(path, [...(changes.get(path) ?? []), { by, exists }]);
  for (const { id, files: own } of plan.tasks) {
    for (const { path, action, from } of own) {
      if (action !== 'modify') note(path, id, action !== 'delete');
      if (from !== undefined) note(from, id, false);
    }
  }
  for (const task of plan.tasks) {
    const has = (path: string): boolean =>
      changes.get(path)?.findLast(({ by }) => by !== task.id && graph.waitsFor(task.id, by))?.exists ?? files.has(path);
    yield { task, before: { has } };
  }
}
