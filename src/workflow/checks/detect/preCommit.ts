import type { CheckCommand } from '../checks.ts';
import { check, type Tree } from './tree.ts';

/** pre-commit, over all files: its own hook would look at staged ones. */
export function preCommitChecks(tree: Tree): CheckCommand[] {
  if (!tree.has('.pre-commit-config.yaml') && !tree.has('.pre-commit-config.yml')) return [];
  return [check('.', 'pre-commit', 'lint', ['pre-commit', 'run', '--all-files'])];
}
