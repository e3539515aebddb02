import type { CheckCommand, CheckKind } from '../checks.ts';
import { check, type Tree } from './tree.ts';

const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];

const targets: readonly [target: string, kind: CheckKind][] = [
  ['test', 'test'],
  ['tests', 'test'],
  ['check', 'test'],
  ['typecheck', 'types'],
  ['type-check', 'types'],
  ['lint', 'lint'],
  ['format-check', 'format'],
  ['fmt-check', 'format'],
  ['check-format', 'format'],
  ['build', 'build'],
];

/** The first target of each kind in the root's makefile, but for kinds that something else covers. */
export async function makeChecks(tree: Tree, covered: ReadonlySet<CheckKind>): Promise<CheckCommand[]> {
  const makefile = makefiles.find((name) => tree.has(name));
  if (makefile === undefined) return [];
  const text = await tree.read(makefile);
  // 'test lint: …', and neither 'test := …' nor a recipe.
  const defined = new Set(
    [...text.matchAll(/^([\w.\- ]+?)\s*::?(?!=)/gm)].flatMap(([, names = '']) => names.split(' ')),
  );
  const seen = new Set(covered);
  const checks: CheckCommand[] = [];
  for (const [target, kind] of targets) {
    if (!defined.has(target) || seen.has(kind)) continue;
    seen.add(kind);
    checks.push(check('.', `make ${target}`, kind, ['make', target]));
  }
  return checks;
}
