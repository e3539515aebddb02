import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_LISTING = 512 * 1024 * 1024;

/** Nothing the repository or the developer configured is to run, and nothing is to be tidied up on the side. */
const quietly = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.untrackedCache=false',
  '-c',
  'gc.auto=0',
  '-c',
  'maintenance.auto=false',
];

export interface GitOptions {
  /** Further variables, such as an index of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  readonly input?: string | Buffer;
}

/** Git's answer. @throws when git is not there or answers with an error */
export async function git(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(cwd, args, options)).toString('utf8');
}

/** As {@link git}, with the answer as it came. */
export async function gitBytes(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  return answerOf(cwd, [...quietly, ...args], { ...gitEnvironment(), ...options.env }, options.input);
}

/** As the developer would ask it: in their name and language. */
export async function gitAsDeveloper(cwd: string, args: readonly string[]): Promise<string> {
  return (await answerOf(cwd, args, developersEnvironment())).toString('utf8');
}

/** The developer's own, without what says which repository and index the command that started us was about. */
export function developersEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !ofOneRepository.includes(name.toUpperCase()));
  return { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: '0' };
}

async function answerOf(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string | Buffer = '',
): Promise<Buffer> {
  const answer = run('git', args, { cwd, env, maxBuffer: MAX_LISTING, encoding: 'buffer' });
  answer.child.stdin?.on('error', () => {}); // It ended without reading all: its answer says why.
  answer.child.stdin?.end(input);
  return (await answer).stdout;
}

/** As {@link git}; null instead of an error. */
export async function gitOrNull(cwd: string, args: readonly string[]): Promise<string | null> {
  return git(cwd, args).catch(() => null);
}

/** The parts of an answer given with `-z`. */
export function zeroSeparated(answer: string): string[] {
  return answer.split('\0').filter((part) => part !== '');
}

/** As {@link zeroSeparated}, with a character for each byte: names in no encoding stay what they are. */
export function zeroSeparatedBytes(answer: Buffer): string[] {
  return zeroSeparated(answer.toString('latin1'));
}

/** The text of a name that came as bytes; null when it is not UTF-8. */
export function textOfBytes(bytes: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
}

/** What `git rev-parse --local-env-vars` names: it says which repository and index, of the command that started us. */
const ofOneRepository: readonly string[] = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

function gitEnvironment(): NodeJS.ProcessEnv {
  // A git command that started this process has said which repository and index it meant: not ours.
  const own = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name));
  // Without optional locks, looking at the repository does not rewrite its index.
  return { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

/** The repository a folder is in. */
export interface Repository {
  /** Absolute: the top of the working tree. */
  readonly top: string;
  /** The folder in it, with a slash behind it; empty for the top itself. */
  readonly prefix: string;
}

/** Null without git, outside a repository, and for a folder that the repository around it knows nothing of. */
export async function repositoryOf(folder: string): Promise<Repository | null> {
  const answer = await gitOrNull(folder, ['rev-parse', '--show-toplevel', '--show-prefix']);
  const [top, prefix = ''] = answer?.split('\n') ?? [];
  if (top === undefined || top === '') return null;
  // A home folder that is a repository would be copied for any project in it.
  if (prefix !== '' && !(await gitOrNull(folder, ['ls-files', '--cached', '--', '.']))) return null;
  return { top, prefix };
}

/** Every file of the working tree, tracked or not, that is not ignored. A repository in it is one entry. */
export async function filesOf({ top }: Repository): Promise<string[]> {
  const answer = await git(top, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return [...new Set(zeroSeparated(answer))];
}
