import { z } from 'zod';
import { fileIn, fileName, folderOf, type Tree } from './tree.ts';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** How a package manager runs an installed tool, and installs none. */
export const runTool: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['npx', '--no', '--'],
  pnpm: ['pnpm', 'exec'],
  yarn: ['yarn', 'run'],
  bun: ['bunx', '--no-install'],
};

/** A folder with a package.json, and what it says about checks. */
export interface Package {
  readonly folder: string;
  readonly manager: PackageManager;
  readonly scripts: Readonly<Record<string, string>>;
  /** What it depends on in any way, and what the root does. */
  readonly dependencies: ReadonlySet<string>;
  /** It is a member of a workspace whose root is another package. */
  readonly isMember: boolean;
}

const namesSchema = z.record(z.string(), z.unknown()).catch({});
const manifestSchema = z.object({
  packageManager: z.string().optional().catch(undefined),
  scripts: namesSchema.optional(),
  dependencies: namesSchema.optional(),
  devDependencies: namesSchema.optional(),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) })])
    .optional()
    .catch(undefined),
});
type Manifest = z.infer<typeof manifestSchema>;

const lockfiles: readonly [name: string, manager: PackageManager][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/**
 * The packages of a workspace: the root's, the members it names, and others that have a lockfile of their own or,
 * where the root has none, are outermost.
 */
export async function packagesOf(tree: Tree): Promise<Package[]> {
  const folders = tree.paths.filter((path) => fileName(path) === 'package.json').map(folderOf);
  const read = await Promise.all(folders.map((folder) => manifestIn(tree, folder)));
  const manifests = new Map(folders.flatMap((folder, index) => (read[index] ? [[folder, read[index]] as const] : [])));
  const root = manifests.get('.');
  const members = new Set(root ? matching(folders, await memberPatterns(tree, root)) : []);
  const rootManager = root ? managerOf(tree, '.', root) : undefined;

  return [...manifests]
    .filter(([folder]) => {
      if (folder === '.' || members.has(folder) || lockIn(tree, folder)) return true;
      return !root && !folders.some((other) => other !== folder && folder.startsWith(`${other}/`));
    })
    .map(([folder, manifest]) => {
      const isMember = members.has(folder);
      const names = isMember && root ? [...namesIn(manifest), ...namesIn(root)] : namesIn(manifest);
      return {
        folder,
        manager: (isMember ? rootManager : undefined) ?? managerOf(tree, folder, manifest) ?? rootManager ?? 'npm',
        scripts: texts(manifest.scripts),
        dependencies: new Set(names),
        isMember,
      };
    })
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

async function manifestIn(tree: Tree, folder: string): Promise<Manifest | null> {
  try {
    const found = manifestSchema.safeParse(JSON.parse(await tree.read(fileIn(folder, 'package.json'))));
    return found.success ? found.data : null;
  } catch {
    return null; // Being edited, maybe. It has no checks until it is well-formed.
  }
}

function managerOf(tree: Tree, folder: string, { packageManager }: Manifest): PackageManager | undefined {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(packageManager ?? '')?.[1];
  return (named as PackageManager | undefined) ?? lockIn(tree, folder);
}

function lockIn(tree: Tree, folder: string): PackageManager | undefined {
  return lockfiles.find(([name]) => tree.has(fileIn(folder, name)))?.[1];
}

async function memberPatterns(tree: Tree, { workspaces }: Manifest): Promise<string[]> {
  const listed = Array.isArray(workspaces) ? workspaces : (workspaces?.packages ?? []);
  return [...listed, ...pnpmPatterns(await tree.read('pnpm-workspace.yaml'))];
}

/** The list below 'packages:' in pnpm-workspace.yaml, in block or flow style. */
function pnpmPatterns(yaml: string): string[] {
  const list = /^packages:[ \t]*(?:#.*)?\r?\n((?:[ \t]*-.*(?:\r?\n|$)|[ \t]*(?:#.*)?\r?\n)*)/m.exec(yaml)?.[1];
  const flow = /^packages:[ \t]*\[([^\]]*)\]/m.exec(yaml)?.[1];
  const items = list?.match(/^[ \t]*-.*$/gm)?.map((line) => line.replace(/^[ \t]*-/, '')) ?? flow?.split(',') ?? [];
  return items
    .map((item) =>
      item
        .replace(/\s#.*$/, '')
        .trim()
        .replace(/^(['"])(.*)\1$/, '$2'),
    )
    .filter((item) => item);
}

/** The folders that the patterns of a workspace mean; '!' takes some out again. */
function matching(folders: readonly string[], patterns: readonly string[]): string[] {
  return folders.filter((folder) => {
    let isMember = false;
    for (const pattern of patterns) {
      const isExclusion = pattern.startsWith('!');
      if (globOf(isExclusion ? pattern.slice(1) : pattern).test(folder)) isMember = !isExclusion;
    }
    return isMember && folder !== '.';
  });
}

function globOf(pattern: string): RegExp {
  const parts = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  const sources = parts.map((part) => {
    if (part === '**') return '(?:.+)';
    const literal = part.replace(/[.+^$()|[\]\\?]/g, '\\$&').replaceAll('*', '[^/]*');
    return literal.replace(/\{([^{}]*)\}/g, (_, choices: string) => `(?:${choices.split(',').join('|')})`);
  });
  return new RegExp(`^${sources.join('/')}$`);
}

function namesIn({ dependencies, devDependencies }: Manifest): string[] {
  return [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})];
}

function texts(values: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const entries = Object.entries(values ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
