import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

const ALWAYS = ['.git', 'node_modules', '.vscode-test'];
const MAX_FILES = 200_000;

interface Rules {
  /** The folder whose .gitignore this is, with a slash behind it; empty for the root. */
  readonly folder: string;
  readonly ignore: Ignore;
}

/**
 * Every file below `root` that no .gitignore on the way and no pattern of `excludes` leaves out, relative
 * and with forward slashes. Links are not followed; they are among the files only when asked for.
 */
export async function walk(
  root: string,
  excludes: readonly string[],
  { links = false }: { readonly links?: boolean } = {},
): Promise<string[]> {
  const found: string[] = [];
  const always: Rules = { folder: '', ignore: ignore().add([...ALWAYS, ...excludes]) };

  const visit = async (folder: string, rules: readonly Rules[]): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    const own = entries.some(({ name }) => name === '.gitignore') ? await readRules(root, folder) : undefined;
    const inForce = own ? [...rules, own] : rules;
    for (const entry of entries) {
      const path = folder + entry.name;
      if (found.length >= MAX_FILES || isIgnored(entry.isDirectory() ? `${path}/` : path, inForce)) continue;
      if (entry.isDirectory()) await visit(`${path}/`, inForce);
      else if (entry.isFile() || (links && entry.isSymbolicLink())) found.push(path);
    }
  };

  await visit('', [always]);
  return found;
}

async function readRules(root: string, folder: string): Promise<Rules> {
  const text = await readFile(join(root, folder, '.gitignore'), 'utf8').catch(() => '');
  return { folder, ignore: ignore().add(text) };
}

function isIgnored(path: string, rules: readonly Rules[]): boolean {
  let ignored = false;
  for (const { folder, ignore: patterns } of rules) {
    const verdict = patterns.test(path.slice(folder.length));
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored && folder !== '') ignored = false;
  }
  return ignored;
}
