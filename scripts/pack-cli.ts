import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { root } from './lib/paths.ts';
import { runQuietly } from './lib/processes.ts';

/**
 * Packs the command line for npm: `node scripts/pack-cli.ts [FOLDER]` writes planwright-VERSION.tgz there, dist/ by
 * default. It holds the bundle and nothing else: the repository's own package is private, and would bring what develops
 * it along. dist/ must be built.
 */
export async function packCli(destination = join(root, 'dist')): Promise<string> {
  const folder = join(root, 'dist', 'npm');
  await rm(folder, { recursive: true, force: true });
  for (const file of await filesOf('cli.cjs')) {
    await mkdir(dirname(join(folder, 'dist', file)), { recursive: true });
    await copyFile(join(root, 'dist', file), join(folder, 'dist', file));
  }
  await chmod(join(folder, 'dist', 'cli.cjs'), 0o755);
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  await copyFile(join(root, 'docs', 'cli.md'), join(folder, 'README.md'));
  // Written by the build of everything, as its packages are those of all bundles.
  await copyFile(join(root, 'dist', 'ThirdPartyNotices.txt'), join(folder, 'ThirdPartyNotices.txt')).catch(() => {});
  const { name, version, description, license, keywords, bin } = manifest;
  const about = { name, version, description, license, keywords, bin, engines: { node: '>=22.13' } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
  await runQuietly('npm', ['pack', '--pack-destination', destination], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  return join(destination, `${name}-${version}.tgz`);
}

/** A file of dist/ and every one that it loads, at once or later. */
async function filesOf(entry: string): Promise<Set<string>> {
  const files = new Set([entry]);
  for (const file of files) {
    const text = await readFile(join(root, 'dist', file), 'utf8');
    for (const [, loaded = ''] of text.matchAll(/require\("(\.[^"]+\.cjs)"\)/g))
      files.add(join(dirname(file), loaded).replaceAll('\\', '/'));
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(join(root, 'dist', 'ThirdPartyNotices.txt')))
    throw new Error('Build everything first: npm run build.');
  console.log(await packCli(process.argv[2]));
}
