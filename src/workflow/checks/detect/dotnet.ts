import type { CheckCommand } from '../checks.ts';
import { check, fileIn, outermost, REPORTS, type Tree } from './tree.ts';

const solution = /\.slnx?$/;
const project = /\.(cs|fs|vb)proj$/;

/** dotnet: the solution, or else each project outside another. */
export async function dotnetChecks(tree: Tree): Promise<CheckCommand[]> {
  const solutions = outermost(tree, (name) => solution.test(name));
  const folders = solutions.length > 0 ? solutions : outermost(tree, (name) => project.test(name));
  const projects = tree.paths.filter((path) => project.test(path));
  const checks: CheckCommand[] = [];
  for (const folder of folders) {
    const own = projects.filter((path) => folder === '.' || path.startsWith(`${folder}/`));
    const texts = await Promise.all(own.map((path) => tree.read(path)));
    checks.push(
      check(folder, 'dotnet test', 'test', ['dotnet', 'test'], coverageOf(folder, own, texts)),
      check(folder, 'dotnet build', 'build', ['dotnet', 'build']),
    );
    if (tree.has(fileIn(folder, '.editorconfig'))) {
      checks.push(check(folder, 'dotnet format', 'format', ['dotnet', 'format', '--verify-no-changes']));
    }
  }
  return checks;
}

/** Only coverlet.msbuild writes where it is told; with several test projects each would overwrite the last. */
function coverageOf(folder: string, paths: readonly string[], texts: readonly string[]): CheckCommand['coverage'] {
  const measured = paths.filter((_, index) => texts[index]?.includes('"coverlet.msbuild"'));
  const [only] = measured;
  if (only === undefined || measured.length > 1) return undefined;
  // coverlet takes the path relative to the project.
  const depth = only.split('/').length - 1 - (folder === '.' ? 0 : folder.split('/').length);
  const report = `${REPORTS}/coverage.cobertura.xml`;
  const output = `/p:CoverletOutput=${'../'.repeat(depth)}${report}`;
  return {
    command: ['dotnet', 'test', '/p:CollectCoverage=true', '/p:CoverletOutputFormat=cobertura', output],
    report,
    format: 'cobertura',
  };
}
