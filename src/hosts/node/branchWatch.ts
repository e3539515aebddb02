import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Store } from '../../workflow/engine/store.ts';
import type { Occurrence } from '../../workflow/triggers/occurrence.ts';
import type { TriggerStore } from '../../workflow/triggers/triggerStore.ts';
import { gitOrNull } from './checks/git.ts';

/** How often to look, in milliseconds. */
const LOOK_MS = 2000;

interface Branches {
  /** Null while no branch is checked out. */
  readonly head: string | null;
  readonly names: readonly string[];
}

/** What several processes on one folder know of its branches, so that each change is told once. */
const KEY = 'branches';

/**
 * Tells of branches that are created and switched to. It looks at a few names and times in the repository, and asks
 * Git only when one of them has changed.
 * @returns how to stop
 */
export function watchBranches(
  folder: string,
  on: { readonly store: Store; readonly memory: TriggerStore },
  occurred: (occurrence: Occurrence) => void,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let before: string | undefined;
  const look = async (): Promise<void> => {
    const signs = await signsOf(folder);
    if (signs !== null && signs !== before && !stopped) {
      const now = await branchesOf(folder);
      if (now && !stopped) for (const occurrence of changes(on, now, before === undefined)) occurred(occurrence);
      before = signs;
    }
    if (!stopped) timer = setTimeout(again, LOOK_MS);
  };
  const again = () => void look().catch(() => {});
  again();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** What is new since any process looked; nothing when this is where it begins. */
function changes(
  { store, memory }: { readonly store: Store; readonly memory: TriggerStore },
  now: Branches,
  begins: boolean,
): Occurrence[] {
  return store.atomically(() => {
    const text = memory.recall('', KEY);
    memory.exchange('', KEY, text, JSON.stringify(now));
    if (begins || text === undefined) return [];
    const known = JSON.parse(text) as Branches;
    const created = now.names.filter((name) => !known.names.includes(name));
    return [
      ...created.map((branch) => ({ kind: 'branch', change: 'created', branch }) as const),
      ...(now.head !== null && now.head !== known.head
        ? [{ kind: 'branch', change: 'switched', branch: now.head } as const]
        : []),
    ];
  });
}

async function branchesOf(folder: string): Promise<Branches | null> {
  const listed = await gitOrNull(folder, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']);
  if (listed === null) return null;
  const head = (await gitOrNull(folder, ['symbolic-ref', '--short', '-q', 'HEAD']))?.trim() || null;
  return { head, names: listed.split('\n').filter((name) => name !== '') };
}

/** Changes whenever a branch is made, removed or checked out. Null outside a repository. */
async function signsOf(folder: string): Promise<string | null> {
  const dirs = await gitDirs(folder);
  if (!dirs) return null;
  const [own, common] = dirs;
  const head = await readFile(join(own, 'HEAD'), 'utf8').catch(() => '');
  const loose = await readdir(join(common, 'refs/heads'), { recursive: true }).catch(() => []);
  const times = ['packed-refs', 'reftable/tables.list'].map((name) =>
    stat(join(common, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  // A loose ref may be replaced by a lock for a moment.
  const names = loose.filter((name) => !name.endsWith('.lock')).sort();
  return JSON.stringify([head, names, await Promise.all(times)]);
}

const known = new Map<string, readonly [string, string]>();

async function gitDirs(folder: string): Promise<readonly [own: string, common: string] | undefined> {
  const found = known.get(folder);
  if (found) return found;
  if (!(await stat(join(folder, '.git')).catch(() => null))) return undefined;
  const answer = await gitOrNull(folder, ['rev-parse', '--git-dir', '--git-common-dir']);
  const [own, common] = answer?.split('\n') ?? [];
  if (!own || !common) return undefined;
  const dirs = [resolve(folder, own), resolve(folder, common)] as const;
  known.set(folder, dirs);
  return dirs;
}
