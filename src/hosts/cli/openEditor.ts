import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PlanwrightError } from '../../workflow/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Has the developer edit a text in $VISUAL or $EDITOR; answers what it then is.
 * @param path tells the editor which language it is in
 * @throws PlanwrightError INVALID_INPUT when the editor cannot be started or fails
 */
export async function openEditor(terminal: Terminal, text: string, path: string): Promise<string> {
  const [command = '', ...args] = wordsOf(process.env.VISUAL || process.env.EDITOR || usualEditor);
  const folder = await mkdtemp(join(tmpdir(), 'planwright-'));
  try {
    const file = join(
      folder,
      basename(path)
        .replace(/[^\w.-]/g, '_')
        .replace(/^[-.]+/, '') || 'text',
    );
    await writeFile(file, text, { mode: 0o600 });
    await terminal.without(() => run(command, [...args, file]));
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const usualEditor = process.platform === 'win32' ? 'notepad' : 'vi';

/** 'code --wait' and '"/a path/ed" -x' as an argument array. No shell reads it. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** The editor draws on the terminal, wherever standard output goes. While it is open Ctrl-C is its own. */
function run(command: string, args: readonly string[]): Promise<void> {
  const ignore = () => {};
  const others = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT').on('SIGINT', ignore);
  return new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['inherit', 2, 2] });
    child.on('error', ({ message }) => reject(failed(command, message)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(failed(command, `it ended with ${code}`))));
  }).finally(() => {
    process.off('SIGINT', ignore);
    for (const listener of others) process.on('SIGINT', listener);
  });
}

function failed(command: string, why: string): PlanwrightError {
  return new PlanwrightError('INVALID_INPUT', `The editor “${command}” did not work: ${why}. Nothing was changed.`, {
    hint: 'Set EDITOR to a program that edits the file it is given and waits until you close it.',
  });
}
