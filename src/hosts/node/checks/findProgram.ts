import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, extname, isAbsolute, join, resolve } from 'node:path';
import { say } from '../../../workflow/words/say.ts';

/** A program as it can be started. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows only: the arguments are quoted already. */
  readonly verbatim?: boolean;
}

const isWindows = process.platform === 'win32';

/** A name to try where there is no program of the first: systems without Python 2 often have no `python`. */
const otherNames: Readonly<Record<string, string>> = { python: 'python3' };

/** What `cmd.exe` reads in an argument. A batch file cannot be started without it. */
const meansSomethingToCmd = /["%^&|<>()!\r\n]/;

/**
 * The program of an argument array, looked for in PATH, or relative to `cwd` when its name has a slash.
 * @returns a sentence when there is none, or when it cannot be started safely
 */
export async function findProgram(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Program | string> {
  const [name = '', ...args] = command;
  const other = otherNames[name];
  const file = (await locate(name, cwd, env)) ?? (other === undefined ? undefined : await locate(other, cwd, env));
  if (file === undefined) {
    const isPath = /[/\\]/.test(name);
    if (isPath && (await stat(resolve(cwd, name)).catch(() => null))) return say`“${name}” is not an executable file.`;
    return isPath ? say`There is no “${name}” to run.` : say`“${name}” is not installed, or not in PATH.`;
  }
  if (!isWindows || !/^\.(cmd|bat)$/i.test(extname(file))) return { file, args };
  if ([file, ...args].some((part) => meansSomethingToCmd.test(part))) {
    return say`“${name}” is a batch file, and an argument of it has characters that cmd.exe would interpret.`;
  }
  const line = [file, ...args].map((part) => `"${part}"`).join(' ');
  return { file: env.ComSpec ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}

async function locate(name: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const path = Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  const folders = /[/\\]/.test(name) || isAbsolute(name) ? [cwd] : path.split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    for (const ending of endings(name, env)) {
      const file = isAbsolute(name) ? name + ending : join(folder, name + ending);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

function endings(name: string, env: Readonly<Record<string, string>>): string[] {
  if (!isWindows || extname(name) !== '') return [''];
  return (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';');
}

async function isProgram(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  if (!info?.isFile()) return false;
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
