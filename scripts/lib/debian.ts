import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cache } from './paths.ts';
import { runQuietly } from './processes.ts';

/** A program, or in words why there is none here. */
export type Found = { readonly path: string } | { readonly missing: string };

/**
 * A program of a Debian package: one on the PATH, else the package's own, unpacked into the cache folder once and
 * installed nowhere.
 * @param release the name of another release of Debian, whose package it must be
 */
export async function debianProgram(name: string, program = name, release?: string): Promise<Found> {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  const installed = release === undefined && onPath.find((path) => existsSync(path));
  if (installed) return { path: installed };
  const home = join(cache, 'debian', release === undefined ? name : `${name}-${release}`);
  const unpacked = join(home, 'usr', 'bin', program);
  if (existsSync(unpacked)) return { path: unpacked };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg'))
    return {
      missing: `${program} is not installed, and Debian’s package ${name} can be fetched as root on Debian only`,
    };
  try {
    await unpack(name, home, release);
  } catch (error) {
    return {
      missing: `Debian’s package ${name} could not be fetched: ${error instanceof Error ? error.message : error}`,
    };
  }
  return existsSync(unpacked) ? { path: unpacked } : { missing: `Debian’s package ${name} has no ${program}` };
}

async function unpack(name: string, home: string, release?: string): Promise<void> {
  mkdirSync(join(cache, 'debian'), { recursive: true });
  const work = mkdtempSync(join(cache, 'debian', `.${name}-`));
  try {
    const from = release === undefined ? [] : await optionsOf(release, work);
    // The sandboxed download of apt wants a folder of another user; this one is ours.
    const apt = (...args: string[]) =>
      runQuietly('apt-get', [...from, '-o', 'APT::Sandbox::User=root', ...args], { cwd: work });
    await apt('download', name).catch(async () => {
      await apt('update');
      await apt('download', name);
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

/** Has apt look at that release alone, where it finds its own packages, and leaves the machine's lists as they are. */
async function optionsOf(release: string, work: string): Promise<string[]> {
  const listed = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const { stdout } = await promisify(execFile)('apt-get', listed);
  const [site] = stdout.split('\n').filter((uri) => /\/debian\/?$/.test(uri));
  if (site === undefined) throw new Error('apt has no list of Debian’s packages.');
  const state = join(work, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, folder), { recursive: true });
  const list = join(state, 'sources.list');
  writeFileSync(list, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${site} ${release} main\n`);
  return [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
  ].flatMap((option) => ['-o', option]);
}
