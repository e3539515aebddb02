import Mocha from 'mocha';

/** Runs the test files inside VS Code's extension host and prints the counts in one line. */
export async function runHostTests(files: readonly (readonly [path: string, load: () => unknown])[]): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'min' });
  mocha.reporter(class {} as never);
  const only = process.env.HOST_TESTS ?? '';
  for (const [path, load] of files) {
    if (!path.includes(only)) continue;
    mocha.suite.emit('pre-require', globalThis, path, mocha);
    load();
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => {
        counts.passed++;
        console.log(`HOST ✔ ${test.fullTitle()}`);
      })
      .on('fail', (test, error) => {
        counts.failed++;
        console.log(`HOST ✖ ${test.fullTitle()}\n${(error.stack ?? error.message).replace(/^/gm, '  ')}`);
      })
      .on('pending', () => {
        counts.skipped++;
      });
  });
  console.log(`HOST-RESULT ${JSON.stringify(counts)}`);
  if (counts.failed > 0) throw new Error(`${counts.failed} host tests failed.`);
}
