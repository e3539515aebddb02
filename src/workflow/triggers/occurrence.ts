import type { Trigger } from './definition.ts';
import type { Facts } from './fill.ts';
import { nameMatcher, pathMatcher } from './pathPatterns.ts';

/** Something that happened in a workspace and that a trigger may wait for. Paths are relative, with slashes. */
export type Occurrence =
  | {
      readonly kind: 'file-saved';
      readonly path: string /** null when it could not be read. */;
      readonly hash: string | null;
    }
  | { readonly kind: 'branch'; readonly change: 'created' | 'switched'; readonly branch: string }
  | { readonly kind: 'task-failed'; readonly task: string; readonly exitCode: number }
  | { readonly kind: 'diagnostics'; readonly found: readonly FoundDiagnostic[] };

export interface FoundDiagnostic {
  readonly path: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** What a trigger makes of an occurrence. */
export interface Match {
  /** One line: why it fires. */
  readonly cause: string;
  readonly facts: Facts;
}

/** Planwright's own folder and branches, and the version control's data: nothing that happens there fires. */
const own = /(^|\/)(\.planwright|\.git)(\/|$)/;
const ownBranch = /^planwright\//;

/** Null when the trigger does not wait for this. */
export function matchOf(trigger: Trigger, occurrence: Occurrence): Match | null {
  if (!trigger.enabled || trigger.kind !== occurrence.kind) return null;
  switch (occurrence.kind) {
    case 'file-saved': {
      const { path } = occurrence;
      if (own.test(path) || trigger.kind !== 'file-saved' || !pathMatcher(trigger.paths)(path)) return null;
      return { cause: `${path} was saved`, facts: { path } };
    }
    case 'branch': {
      const { branch, change } = occurrence;
      if (trigger.kind !== 'branch' || ownBranch.test(branch) || !trigger.on.includes(change)) return null;
      if (trigger.branches && !nameMatcher(trigger.branches)(branch)) return null;
      return {
        cause: `branch ${branch} was ${change === 'created' ? 'created' : 'switched to'}`,
        facts: { branch, change },
      };
    }
    case 'task-failed': {
      const { task, exitCode } = occurrence;
      if (trigger.kind !== 'task-failed' || exitCode === 0) return null;
      if (trigger.tasks && !nameMatcher(trigger.tasks)(task)) return null;
      return { cause: `task ${task} ended with exit code ${exitCode}`, facts: { task, exitCode: String(exitCode) } };
    }
    case 'diagnostics': {
      if (trigger.kind !== 'diagnostics') return null;
      const counted = countedBy(trigger, occurrence.found);
      if (counted.length <= trigger.threshold) return null;
      const paths = [...new Set(counted.map(({ path }) => path))];
      const count = String(counted.length);
      return {
        cause: `${count} ${trigger.severity}s in ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
        facts: {
          count,
          paths: paths.join('\n'),
          messages: counted.map((one) => `${one.path}: ${one.message}`).join('\n'),
        },
      };
    }
  }
}

function countedBy(trigger: Extract<Trigger, { kind: 'diagnostics' }>, found: readonly FoundDiagnostic[]) {
  const matches = pathMatcher(trigger.paths);
  const counts = trigger.severity === 'error' ? ['error'] : ['error', 'warning'];
  return found.filter(({ path, severity }) => counts.includes(severity) && !own.test(path) && matches(path));
}
