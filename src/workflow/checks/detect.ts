import type { CheckCommand } from './checks.ts';
import { cargoChecks } from './detect/cargo.ts';
import { dotnetChecks } from './detect/dotnet.ts';
import { goChecks } from './detect/go.ts';
import { gradleChecks, mavenChecks } from './detect/jvm.ts';
import { makeChecks } from './detect/make.ts';
import { nodeChecks } from './detect/node.ts';
import { preCommitChecks } from './detect/preCommit.ts';
import { pythonChecks } from './detect/python.ts';
import { isOwnCode, type Tree } from './detect/tree.ts';

/**
 * The checks a workspace seems to have, from its manifests alone: nothing is run to find out, and nothing says
 * that the tools are installed.
 * @param paths every file of the workspace, relative, with forward slashes
 * @param read the text of one of them; null when it cannot be read
 */
export async function detectChecks({
  paths,
  read,
}: {
  readonly paths: readonly string[];
  readonly read: (path: string) => Promise<string | null>;
}): Promise<CheckCommand[]> {
  const own = paths.filter(isOwnCode);
  const tree: Tree = { paths: own, has: (path) => known.has(path), read: async (path) => (await read(path)) ?? '' };
  const known = new Set(own);
  const found = [
    ...(await nodeChecks(tree)),
    ...(await pythonChecks(tree)),
    ...(await cargoChecks(tree)),
    ...(await goChecks(tree)),
    ...mavenChecks(tree),
    ...gradleChecks(tree),
    ...(await dotnetChecks(tree)),
  ];
  // A makefile mostly calls the same tools: it counts for what no toolchain of its folder does.
  const atRoot = new Set(found.filter(({ cwd }) => cwd === '.').map(({ kind }) => kind));
  const all = [...found, ...(await makeChecks(tree, atRoot)), ...preCommitChecks(tree)];
  return all.filter((check, index) => all.findIndex(({ name }) => name === check.name) === index);
}
