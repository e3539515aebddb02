import { spawn, spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { mainFile, type Place } from './cliProcess.ts';

/** Runs a command on a pseudo-terminal and ends as it ended; the terminal's two ends are standard input and output. */
const host = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
`;

/** Why there is no pseudo-terminal here; undefined where there is. */
export const noTerminal =
  spawnSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode']).status === 0
    ? undefined
    : 'python3 with its pty module is not here';

export interface Session {
  readonly code: number | null;
  /** Everything that was on the screen. */
  readonly screen: string;
  /** What was on the screen before each question, the question included. */
  readonly questions: readonly string[];
}

/**
 * Runs the command line as somebody at a terminal does.
 * @param answer what is typed at a question, given what was shown since the last one; undefined types nothing
 */
export function onTerminal(
  t: TestContext,
  { folder, env }: Place,
  args: readonly string[],
  answer: (shown: string) => string | undefined,
  more: NodeJS.ProcessEnv = {},
): Promise<Session> {
  const command = [process.execPath, mainFile, ...args];
  const child = spawn('python3', ['-c', host, ...command], {
    cwd: folder,
    env: { ...env, TERM: 'xterm', ...more },
  });
  t.after(() => child.kill('SIGKILL'));
  const questions: string[] = [];
  let [screen, from] = ['', 0];
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    screen += chunk;
    const shown = screen.slice(from).replaceAll('\r\n', '\n');
    if (!/(\?\]\? |Which\? |instead\? |Type yes: )$/.test(shown)) return;
    from = screen.length;
    questions.push(shown);
    const typed = answer(shown);
    if (typed !== undefined) child.stdin.write(typed);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, screen: screen + errors, questions })));
}
