import type { Dirent } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

/** What of a node_modules folder that begins with a dot is no cache. */
const dottedParts = new Set(['.bin', '.pnpm', '.package-lock.json', '.modules.yaml', '.yarn-state.yml', '.prisma']);
const virtualEnvironments = ['.venv', 'venv'];
const pythonManifests = /^(pyproject\.toml|setup\.(py|cfg)|requirements.*\.txt|Pipfile)$/;
const vendoring = /^(composer\.json|go\.mod|Gemfile)$/;

/**
 * Gives a copy of a workspace the dependencies that the workspace has installed and ignores: node_modules beside
 * every package.json, virtual environments, vendor folders. They are links, so nothing is copied and nothing installed.
 * @param paths the files of the copy, relative
 */
export async function shareDependencies(from: string, to: string, paths: readonly string[]): Promise<void> {
  const folders = new Map<string, Set<string>>([['.', new Set()]]);
  for (const path of paths) {
    const name = basename(path);
    const kinds = kindsOf(name);
    if (kinds.length === 0) continue;
    const folder = dirname(path);
    const known = folders.get(folder) ?? new Set();
    for (const kind of kinds) known.add(kind);
    folders.set(folder, known);
  }
  for (const name of ['node_modules', ...virtualEnvironments]) folders.get('.')?.add(name);
  for (const [folder, names] of folders) {
    for (const name of names) await share({ from, to }, join(folder, name));
  }
}

function kindsOf(name: string): string[] {
  if (name === 'package.json') return ['node_modules'];
  if (pythonManifests.test(name)) return virtualEnvironments;
  return vendoring.test(name) ? ['vendor'] : [];
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

async function share(pair: Pair, path: string): Promise<void> {
  const source = join(pair.from, path);
  const target = join(pair.to, path);
  if (!(await isFolder(source)) || (await isThere(target)) || !(await isThere(dirname(target)))) return;
  const name = basename(path);
  if (name === 'node_modules') return shareEntries(pair, source, target);
  if (virtualEnvironments.includes(name) && !(await isThere(join(source, 'pyvenv.cfg')))) return;
  await linkFolder(source, target);
}

/**
 * One link an entry, in a folder of the copy's own: the workspace's own packages, which package managers link
 * into node_modules, have to be those of the copy; and caches that tools keep in it are not shared.
 */
async function shareEntries(pair: Pair, source: string, target: string): Promise<void> {
  await mkdir(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (entry.name.startsWith('.') && !dottedParts.has(entry.name)) continue;
    const inner = join(source, entry.name);
    const isGroup = entry.isDirectory() && (entry.name.startsWith('@') || entry.name === '.bin');
    if (isGroup) await shareEntries(pair, inner, join(target, entry.name));
    else await shareEntry(pair, entry, inner, join(target, entry.name));
  }
}

async function shareEntry(pair: Pair, entry: Dirent, source: string, target: string): Promise<void> {
  if (!entry.isSymbolicLink()) {
    if (entry.isDirectory()) await linkFolder(source, target);
    else if (entry.isFile()) await copyFile(source, target);
    return;
  }
  const real = await realpath(source).catch(() => null);
  if (real === null) return;
  const inside = relative(await realpath(pair.from), real);
  const own = inside !== '' && !inside.startsWith('..') && !inside.split(sep).includes('node_modules');
  const place = own ? join(pair.to, inside) : real;
  const shared = (await isThere(place)) ? place : real;
  if (await isFolder(shared)) await linkFolder(shared, target);
  else await symlink(shared, target).catch(() => copyFile(shared, target)); // Windows: links to files need a right.
}

/** On Windows a junction, which needs no right to make. */
function linkFolder(source: string, target: string): Promise<void> {
  return symlink(source, target, 'junction');
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
