import type { CheckCommand } from '../checks.ts';
import { check, fileIn, fileName, folderOf, REPORTS, type Tree } from './tree.ts';

/** Go: test, vet and build of each module, and golangci-lint where it is set up. */
export async function goChecks(tree: Tree): Promise<CheckCommand[]> {
  const checks: CheckCommand[] = [];
  for (const path of tree.paths.filter((path) => fileName(path) === 'go.mod')) {
    const folder = folderOf(path);
    const module = /^module\s+"?([^\s"]+)/m.exec(await tree.read(path))?.[1];
    const report = `${REPORTS}/cover.out`;
    const coverage: CheckCommand['coverage'] = {
      command: ['go', 'test', `-coverprofile=${report}`, './...'],
      report,
      format: 'go',
      ...(module === undefined ? {} : { prefix: module }),
    };
    checks.push(
      check(folder, 'go test', 'test', ['go', 'test', './...'], coverage),
      check(folder, 'go vet', 'lint', ['go', 'vet', './...']),
      check(folder, 'go build', 'build', ['go', 'build', './...']),
    );
    const configured = ['.golangci.yml', '.golangci.yaml', '.golangci.toml', '.golangci.json'];
    if (configured.some((name) => tree.has(name) || tree.has(fileIn(folder, name)))) {
      checks.push(check(folder, 'golangci-lint', 'lint', ['golangci-lint', 'run']));
    }
  }
  return checks;
}
