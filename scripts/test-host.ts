import { join } from 'node:path';
import { root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';
import { Workbench } from './lib/workbench.ts';

/**
 * Runs test/host inside a real VS Code and prints what node:test would: counts at the end, failures in full.
 *
 *   node scripts/test-host.ts [--built]
 */

const LIMIT_MS = 900_000;

if (!process.argv.includes('--built')) {
  const { code } = await runShown(process.execPath, ['esbuild.js', '--tests']);
  if (code !== 0) process.exit(code);
}

const tls = join(root, 'test/fixtures/tls');
const workbench = await Workbench.launch({
  extensions: [join(root, 'test/fixtures/editorModels')],
  // Whom the window trusts, see test/host/network.test.ts.
  env: { NODE_EXTRA_CA_CERTS: join(tls, 'ca.pem'), SSL_CERT_FILE: join(tls, 'system-ca.pem') },
});
let result: { passed: number; failed: number; skipped: number } | undefined;
const exited = new Promise<number>((resolve) => {
  setTimeout(() => resolve(124), LIMIT_MS).unref();
  void workbench.open({
    testsPath: join(root, 'dist/test/host.cjs'),
    expose: async (page) => {
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
        const text = args.map(String).join(' ');
        const counts = /^HOST-RESULT (.*)$/m.exec(text)?.[1];
        if (counts) result = JSON.parse(counts);
        else if (text.startsWith('HOST ')) console.log(text.slice(5));
      });
      await page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    },
  });
});

const code = await exited;
if (code !== 0)
  console.log(
    `The window ended with ${code}; see ${await workbench.screenshot('host-tests').catch(() => 'no picture')}.`,
  );
await workbench.close();
const { passed, failed, skipped } = result ?? { passed: 0, failed: 1, skipped: 0 };
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(code === 0 && failed === 0 ? 0 : 1);
