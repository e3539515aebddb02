import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The ripgrep of an editor's own installation; undefined when there is none that can be run.
 * @param appRoot VS Code's `env.appRoot`
 */
export async function editorsRipgrep(appRoot: string): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = `${process.platform}-${process.arch}`;
  const packages = [
    ['@vscode', 'ripgrep', 'bin'],
    ['@vscode', `ripgrep-${target}`, 'bin'],
    ['@vscode', 'ripgrep-universal', 'bin', target],
  ];
  for (const modules of ['node_modules', 'node_modules.asar.unpacked']) {
    for (const parts of packages) {
      const file = join(appRoot, modules, ...parts, name);
      if (await exists(file)) return file;
    }
  }
  return undefined;
}

/**
 * Files under `root` that contain the text, whatever the case, hidden ones too, but for what .gitignore files leave
 * out; relative, with forward slashes. Null when ripgrep cannot say: it does not run, fails, or finds too
 * much.
 * @param text one line of it
 */
export function filesContaining(rg: string, root: string, text: string): Promise<ReadonlySet<string> | null> {
  // The ignore files that our own walk reads, and no others: what it lists must be searched.
  const ignores = [
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-parent',
    '--no-ignore-exclude',
    '--no-ignore-dot',
  ];
  const flags = ['--no-config', '--files-with-matches', '--null', '--fixed-strings', '--ignore-case', '--no-messages'];
  const where = ['--hidden', '--glob=!.git', '--glob=!node_modules', '--path-separator=/', '-e', text, '--', '.'];
  const args = [...flags, ...ignores, ...where];
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const child = spawn(rg, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    child.on('error', () => resolve(null));
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > MAX_BYTES) child.kill();
    });
    child.on('close', (code) => {
      // 1: nothing found. 2: something could not be read, so what was found may not be all.
      if ((code !== 0 && code !== 1) || size > MAX_BYTES) return resolve(null);
      const paths = Buffer.concat(chunks).toString('utf8').split('\0').filter(Boolean);
      resolve(new Set(paths.map((path) => path.replace(/^\.\//, ''))));
    });
  });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The ripgrep of the npm package, where it is installed beside us. */
export async function packagedRipgrep(): Promise<string | undefined> {
  // Not a literal, so that bundles do not try to take its binary along.
  const name = '@vscode/ripgrep';
  const found = (await import(name).catch(() => undefined)) as { readonly rgPath?: string } | undefined;
  return found?.rgPath;
}
