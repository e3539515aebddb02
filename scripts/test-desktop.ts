import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root, sample } from './lib/paths.ts';
import { runQuietly } from './lib/processes.ts';

/** The host tests in a desktop VS Code, where one can be downloaded. */

await runQuietly(process.execPath, ['esbuild.js', '--tests']);
const folder = join(mkdtempSync(join(tmpdir(), 'planwright-desktop-')), 'slugs');
cpSync(sample, folder, { recursive: true });
const settings = join(mkdtempSync(join(tmpdir(), 'planwright-user-')), 'data');
process.exitCode = await runTests({
  extensionDevelopmentPath: root,
  extensionTestsPath: join(root, 'dist', 'test', 'host.cjs'),
  launchArgs: [folder, '--disable-workspace-trust', '--user-data-dir', settings],
});
