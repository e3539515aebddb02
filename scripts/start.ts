import { spawn, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, sample } from './lib/paths.ts';
import { freePort, runQuietly } from './lib/processes.ts';
import { prepareServer, serveForPeople } from './lib/vscodeServer.ts';

/** Builds the extension and opens VS Code with it on a copy of the sample workspace, the demo model chosen. */

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
    /** Start, see that it answers, and stop. */
    check: { type: 'boolean', default: false },
    /** The served VS Code even where a desktop one is. */
    browser: { type: 'boolean', default: false },
  },
});

await runQuietly(process.execPath, ['esbuild.js', '--production']);
const scratch = mkdtempSync(join(tmpdir(), 'planwright-'));
const folder = join(scratch, 'slugs');
cpSync(sample, folder, { recursive: true });
if (spawnSync('git', ['--version']).status === 0) {
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=Planwright', '-c', 'user.email=sample@example.invalid', ...args], {
      cwd: folder,
    });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Sample');
}
const data = join(scratch, 'data');
mkdirSync(join(data, 'User'), { recursive: true });
writeFileSync(
  join(data, 'User', 'settings.json'),
  JSON.stringify(
    {
      'planwright.model': 'demo',
      'workbench.startupEditor': 'none',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'chat.disableAIFeatures': true,
      'git.openRepositoryInParentFolders': 'never',
    },
    null,
    2,
  ),
);
const clean = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

const desktop =
  !flags.browser &&
  !flags.check &&
  spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0;
if (desktop) {
  console.log('Opening VS Code. Close its window to end.');
  const args = [
    '--wait',
    '--new-window',
    '--disable-workspace-trust',
    `--extensionDevelopmentPath=${root}`,
    '--user-data-dir',
    data,
    folder,
  ];
  spawnSync('code', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  clean();
} else {
  await prepareServer();
  const extensions = join(scratch, 'extensions');
  installExtension(extensions);
  const server = await serveForPeople({ port: Number(flags.port) || (await freePort()), data, extensions }, folder);
  const address = `${server.address}/?folder=${encodeURIComponent(folder)}`;
  console.log(
    `\n  VS Code with Planwright: ${address}\n\n  Press F1 and run “Planwright: Start implementation workflow”. Ctrl+C ends it.\n`,
  );
  const stop = (code: number) => {
    server.stop();
    clean();
    process.exit(code);
  };
  if (flags.check) {
    const { ok } = await fetch(address);
    console.log(ok ? 'It answers.' : 'It does not answer.');
    stop(ok ? 0 : 1);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  if (!flags['no-open'] && !process.env.CI) openInBrowser(address);
  server.process.on('exit', (code) => stop(code ?? 1));
}

/** The built extension as if it had been installed: what .vscodeignore lets into the package. */
function installExtension(extensions: string): void {
  const target = join(extensions, 'planwright.planwright-0.1.0');
  for (const part of [
    'package.json',
    ...globSync('package.nls*.json', { cwd: root }),
    'l10n',
    'dist',
    'media',
    'samples',
    'README.md',
  ])
    cpSync(join(root, part), join(target, part), { recursive: true });
}

function openInBrowser(address: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  if (opener === 'xdg-open' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
