import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Workspace } from '../../workflow/ports.ts';
import type { Occurrence } from '../../workflow/triggers/occurrence.ts';

/** Changes are looked at once there were none for so long, in milliseconds. */
const QUIET_MS = 300;

/** So many folders are watched at most. */
const MOST_FOLDERS = 4000;

/**
 * Tells of files that are written, where there is no editor to say so. Only folders with files that no .gitignore
 * leaves out are watched. What a checkout writes is not told.
 * @param trouble hears once when not all can be watched
 * @returns how to stop
 */
export function watchSaves(
  workspace: Pick<Workspace, 'listFiles' | 'read'> & { readonly root: string },
  occurred: (occurrence: Occurrence) => void,
  trouble: (text: string) => void,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let troubled = false;
  let head = headOf(workspace.root);
  let telling: Promise<void> = Promise.resolve();

  const tell = async (): Promise<void> => {
    const paths = changed;
    changed = new Set();
    const listed = new Set(await workspace.listFiles());
    watchFoldersOf(listed);
    const headNow = headOf(workspace.root);
    const isCheckout = headNow !== head;
    head = headNow;
    if (isCheckout) return;
    for (const path of paths) {
      if (!listed.has(path) || stopped) continue;
      const file = await workspace.read(path).catch(() => null);
      if (!stopped) occurred({ kind: 'file-saved', path, hash: file?.hash ?? null });
    }
  };
  const saw = (path: string): void => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      telling = telling.then(tell).catch((error: Error) => trouble(error.message));
    }, QUIET_MS);
  };
  const watchFoldersOf = (files: Iterable<string>): void => {
    for (const folder of new Set([...files].map((file) => dirname(file)))) {
      if (stopped || watchers.has(folder)) continue;
      try {
        if (watchers.size >= MOST_FOLDERS) throw new Error(`there are more than ${MOST_FOLDERS} folders`);
        const watcher = watch(join(workspace.root, folder), (_event, name) => {
          if (name !== null) saw(folder === '.' ? name : `${folder}/${name}`);
        });
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(folder);
        });
        watchers.set(folder, watcher);
      } catch (error) {
        if (!troubled) trouble(`Not every folder is watched for saved files: ${(error as Error).message}.`);
        troubled = true;
      }
    }
  };
  void workspace.listFiles().then(watchFoldersOf, (error: Error) => trouble(error.message));
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

function headOf(root: string): string {
  try {
    return readFileSync(join(root, '.git/HEAD'), 'utf8');
  } catch {
    return '';
  }
}
