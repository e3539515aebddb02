import type { CheckCommand, CheckKind } from '../checks.ts';
import { scriptCoverage } from './nodeCoverage.ts';
import { type Package, type PackageManager, packagesOf, runTool } from './packages.ts';
import { check, fileIn, type Tree } from './tree.ts';

/** The script names that mean a kind of check, the best first. */
const scriptNames: Readonly<Record<CheckKind, readonly string[]>> = {
  test: ['test', 'test:ci', 'test:run', 'test:unit', 'unit', 'tests'],
  types: ['typecheck', 'type-check', 'check-types', 'check:types', 'types:check', 'types', 'tsc', 'ts:check'],
  lint: ['lint', 'lint:check', 'check:lint', 'eslint', 'lint:js', 'lint:ts'],
  format: ['format:check', 'format-check', 'check:format', 'check-format', 'fmt:check', 'prettier:check', 'format'],
  build: ['build', 'compile'],
};
const kinds = Object.keys(scriptNames) as CheckKind[];

/** What `npm init` writes. */
const placeholder = /no test specified/;
const watching = /(^|\s)--watch(All)?(?!=false)(\s|$)|(^|\s)vitest\s+(watch|dev)\b/;
/** Only looks, and writes nothing. */
const onlyChecks = /(^|\s)(--check|--list-different|-l|-c|ci)(\s|$)/;
/** Runs the script of each member by itself. */
const delegating = /(^|\s)(--workspaces|-ws|-r|--recursive|--filter\S*|turbo|nx|lerna|workspaces foreach|wsrun)(\s|$)/;

/** The scripts of each package that check something; and the type check of one that uses TypeScript without a script. */
export async function nodeChecks(tree: Tree): Promise<CheckCommand[]> {
  const packages = await packagesOf(tree);
  const root = packages.find(({ folder }) => folder === '.');
  const checks: CheckCommand[] = [];
  for (const one of packages) {
    for (const kind of kinds) {
      // The root does it for all of them, and knows in which order.
      if (one.isMember && root && delegating.test(root.scripts[scriptFor(root, kind) ?? ''] ?? '')) continue;
      const found = scriptCheck(one, kind) ?? (kind === 'types' ? compilerCheck(tree, one) : undefined);
      if (found) checks.push(found);
    }
  }
  return checks;
}

function scriptFor({ scripts }: Package, kind: CheckKind): string | undefined {
  return scriptNames[kind].find((name) => {
    const script = Object.hasOwn(scripts, name) ? (scripts[name] ?? '') : '';
    if (script.trim() === '' || placeholder.test(script) || watching.test(script)) return false;
    return name !== 'format' || onlyChecks.test(script);
  });
}

function scriptCheck(one: Package, kind: CheckKind): CheckCommand | undefined {
  const name = scriptFor(one, kind);
  if (name === undefined) return undefined;
  const command = runScript(one.manager, name);
  const coverage = kind === 'test' ? scriptCoverage(one, one.scripts[name] ?? '', command) : undefined;
  return check(one.folder, command.join(' '), kind, command, coverage);
}

function runScript(manager: PackageManager, name: string): string[] {
  // `bun test` is bun's own runner, not the script.
  return name === 'test' && manager !== 'bun' ? [manager, 'test'] : [manager, 'run', name];
}

function compilerCheck(tree: Tree, { folder, dependencies, manager }: Package): CheckCommand | undefined {
  if (!dependencies.has('typescript') || !tree.has(fileIn(folder, 'tsconfig.json'))) return undefined;
  return check(folder, 'tsc', 'types', [...runTool[manager], 'tsc', '--noEmit']);
}
