import type { CheckCommand } from '../checks.ts';
import { check, fileIn, outermost, REPORTS, type Tree } from './tree.ts';

/** Cargo: test, check, clippy and the formatter, for the workspace or each crate outside one. */
export async function cargoChecks(tree: Tree): Promise<CheckCommand[]> {
  const checks: CheckCommand[] = [];
  for (const folder of outermost(tree, (name) => name === 'Cargo.toml')) {
    const all = /^\s*\[workspace\b/m.test(await tree.read(fileIn(folder, 'Cargo.toml'))) ? ['--workspace'] : [];
    const report = `${REPORTS}/lcov.info`;
    checks.push(
      check(folder, 'cargo test', 'test', ['cargo', 'test', ...all], {
        command: ['cargo', 'llvm-cov', ...all, '--lcov', '--output-path', report],
        report,
        format: 'lcov',
      }),
      check(folder, 'cargo check', 'types', ['cargo', 'check', ...all, '--all-targets']),
      check(folder, 'cargo clippy', 'lint', ['cargo', 'clippy', ...all, '--all-targets']),
      check(folder, 'cargo fmt', 'format', ['cargo', 'fmt', '--all', '--check']),
    );
  }
  return checks;
}
