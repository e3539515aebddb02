import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { databasePath } from '../node/databasePath.ts';

const extension = join('User', 'globalStorage', 'planwright.planwright');

/** Where to look, so that tests can look elsewhere. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * The folder in which the runs of all workspaces are kept. It is the one that was named; else that of an editor
 * with Planwright, one that knows this workspace first; else the user's own data folder.
 * @param folder the absolute path of the workspace
 */
export function dataFolder(named: string | undefined, folder: string, place: Place): string {
  const chosen = named ?? place.env.PLANWRIGHT_DATA_DIR;
  if (chosen) return resolve(chosen);
  const editors = editorFolders(place).filter((storage) => existsSync(storage));
  return editors.find((storage) => existsSync(databasePath(storage, folder))) ?? editors[0] ?? ownFolder(place);
}

/** The extension's storage in each editor that may be there, the likeliest first. */
function editorFolders(place: Place): string[] {
  const { env, home } = place;
  const portable = env.VSCODE_PORTABLE ? [join(env.VSCODE_PORTABLE, 'user-data')] : [];
  const desktop = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'].map((name) =>
    join(configFolder(place), name),
  );
  const servers = [
    join(home, '.vscode-server', 'data'),
    join(home, '.vscode-server-insiders', 'data'),
    join(home, '.local', 'share', 'code-server'),
  ];
  return [...portable, ...desktop, ...servers].map((data) => join(data, extension));
}

function configFolder({ env, platform, home }: Place): string {
  if (env.VSCODE_APPDATA) return env.VSCODE_APPDATA;
  if (platform === 'win32') return env.APPDATA || join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}

function ownFolder({ env, platform, home }: Place): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'planwright');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'planwright');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'planwright');
}
