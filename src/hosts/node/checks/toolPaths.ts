import { stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * What a check's environment needs so that the tools a workspace has installed are found, and so that Python
 * imports the copy's modules, not those an editable installation points to.
 * @param root the folder that stands for the workspace
 * @param cwd relative to it
 */
export async function toolPaths(
  root: string,
  cwd: string,
): Promise<{ readonly first: string[]; readonly more: Record<string, string> }> {
  const places = [...new Set([join(root, cwd), root])];
  // As a script of package.json would find them: a check that measures starts its runner without the package manager.
  const bins: string[] = [];
  for (const place of places) {
    const folder = join(place, 'node_modules', '.bin');
    if (await isThere(folder)) bins.push(folder);
  }
  for (const place of places) {
    for (const name of ['.venv', 'venv']) {
      const folder = join(place, name);
      if (!(await isThere(join(folder, 'pyvenv.cfg')))) continue;
      const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
      const sources = (await isThere(join(root, cwd, 'src'))) ? [join(root, cwd, 'src')] : [];
      const modules = [...sources, join(root, cwd)].join(delimiter);
      return { first: [...bins, programs], more: { VIRTUAL_ENV: folder, PYTHONPATH: modules } };
    }
  }
  return { first: bins, more: {} };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
