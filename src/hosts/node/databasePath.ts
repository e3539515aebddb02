import { basename, join } from 'node:path';

/**
 * Where the runs of a folder are kept. Every window on the folder, and the command line, must come to the same
 * file, so it is in the extension's storage for all workspaces: the one for a single workspace is another one in
 * each window.
 * @param storage the extension's storage folder
 * @param folder the absolute path of the workspace's folder
 */
export function databasePath(storage: string, folder: string): string {
  return join(storage, 'workspaces', `${basename(folder)}-${hashOf(folder)}`, 'planwright.db');
}

/** What a workspace is called towards a provider's cache: the same each time, and telling nothing of its name. */
export function cacheKeyOf(folder: string): string {
  return `planwright-${hashOf(folder)}`;
}

function hashOf(folder: string): string {
  // Loaded here: activation has this file, and in a fresh process the module takes longer than all the rest of it.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(folder).digest('hex').slice(0, 12);
}
