import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './paths.ts';
import { runQuietly } from './processes.ts';

/** A program, or in words why there is none here. */
export type Found = { readonly path: string } | { readonly missing: string };

/**
 * A program of a Debian package: one on the PATH, else the package's own, unpacked into the cache folder once and
 * installed nowhere.
 */
export async function debianProgram(name: string, program = name): Promise<Found> {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  const installed = onPath.find((path) => existsSync(path));
  if (installed) return { path: installed };
  const home = join(cache, 'debian', name);
  const unpacked = join(home, 'usr', 'bin', program);
  if (existsSync(unpacked)) return { path: unpacked };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg'))
    return {
      missing: `${program} is not installed, and Debian’s package ${name} can be fetched as root on Debian only`,
    };
  try {
    await unpack(name, home);
  } catch (error) {
    return {
      missing: `Debian’s package ${name} could not be fetched: ${error instanceof Error ? error.message : error}`,
    };
  }
  return existsSync(unpacked) ? { path: unpacked } : { missing: `Debian’s package ${name} has no ${program}` };
}

async function unpack(name: string, home: string): Promise<void> {
  mkdirSync(join(cache, 'debian'), { recursive: true });
  const work = mkdtempSync(join(cache, 'debian', `.${name}-`));
  try {
    // The sandboxed download of apt wants a folder of another user; this one is ours.
    const download = () => runQuietly('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', name], { cwd: work });
    await download().catch(async () => {
      await runQuietly('apt-get', ['update']);
      await download();
    });
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
    if (file === undefined) throw new Error('apt-get downloaded nothing.');
    await runQuietly('dpkg', ['-x', join(work, file), join(work, 'unpacked')]);
    try {
      renameSync(join(work, 'unpacked'), home);
    } catch (error) {
      if (!existsSync(home)) throw error; // Otherwise another process was quicker.
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
