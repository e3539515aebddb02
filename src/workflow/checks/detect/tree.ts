import type { CheckCommand } from '../checks.ts';

/** A workspace's files, as detection sees them. */
export interface Tree {
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** Empty for a file that is not there. */
  read(path: string): Promise<string>;
}

/** Folders whose manifests are not the workspace's own. */
const foreign =
  /(^|\/)(node_modules|vendor|third_party|fixtures?|__fixtures__|testdata|templates?|examples?|samples?|dist|build|target|\.venv|venv)\//;

export function isOwnCode(path: string): boolean {
  return !foreign.test(path);
}

/** Where the coverage variants of checks write. The folder is the scratch copy's, and goes with it. */
export const REPORTS = '.check-reports';

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
}

export function fileIn(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders with a file of such a name, the outermost of nested ones only. */
export function outermost(tree: Tree, isManifest: (name: string) => boolean): string[] {
  const folders = [...new Set(tree.paths.filter((path) => isManifest(fileName(path))).map(folderOf))];
  return folders
    .filter((folder) => !folders.some((other) => other !== folder && (other === '.' || folder.startsWith(`${other}/`))))
    .sort();
}

/** A check named after its command, and its folder when it is not the root. */
export function check(
  folder: string,
  label: string,
  kind: CheckCommand['kind'],
  command: readonly string[],
  coverage?: CheckCommand['coverage'],
): CheckCommand {
  return {
    name: folder === '.' ? label : `${folder}: ${label}`,
    kind,
    command: [...command],
    cwd: folder,
    ...(coverage ? { coverage } : {}),
  };
}
