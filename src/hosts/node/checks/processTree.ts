import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POLL_MS = 20;

/** A process that was started as the leader of its own group, and what its descendants can be told by. */
export interface Tree {
  readonly pid: number;
  /** Stands in the environment of all of them, 'NAME=VALUE'. */
  readonly mark: string;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/**
 * Ends a process with all that it started, politely first. Resolves when they are gone.
 * @param graceMs how long they may take after being asked
 */
export async function endTree(tree: Tree, graceMs: number): Promise<void> {
  if (process.platform === 'win32') {
    await run('taskkill', ['/PID', String(tree.pid), '/T', '/F'], { windowsHide: true }).catch(() => {});
    return;
  }
  if ((await members(tree)).length === 0) return;
  await signalAll(tree, 'SIGTERM');
  if (await gone(tree, graceMs)) return;
  await signalAll(tree, 'SIGKILL');
  await gone(tree, graceMs);
}

async function signalAll(tree: Tree, signal: NodeJS.Signals): Promise<void> {
  const found = await members(tree);
  send(-tree.pid, signal);
  // Those that left the group for one of their own.
  for (const { pid, group } of found) if (group !== tree.pid) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

async function gone(tree: Tree, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  for (;;) {
    if ((await members(tree)).length === 0) return true;
    if (Date.now() >= end) return false;
    await wait(POLL_MS);
  }
}

/** The living processes of the tree: by group, by descent, and by their mark once their parents are gone. */
async function members({ pid, mark }: Tree): Promise<Process[]> {
  const all = await processes();
  const known = new Set([pid]);
  const found = new Map<number, Process>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const one of all) {
      if (found.has(one.pid) || !(one.pid === pid || one.group === pid || known.has(one.parent))) continue;
      found.set(one.pid, one);
      known.add(one.pid);
      grew = true;
    }
  }
  if (process.platform === 'linux') {
    const others = all.filter((one) => !found.has(one.pid) && one.pid !== process.pid);
    const marked = await Promise.all(others.map((one) => hasMark(one.pid, mark)));
    others.forEach((one, index) => {
      if (marked[index]) found.set(one.pid, one);
    });
  }
  return [...found.values()];
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  // Of somebody else's process this cannot be read, and it is none of ours.
  const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environ.includes(mark);
}

/** All processes but those that have ended and wait for their parent to notice. */
async function processes(): Promise<Process[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,state='], { maxBuffer: 16 << 20 });
    return stdout.split('\n').flatMap((line) => {
      const [pid, parent, group, state = 'Z'] = line.trim().split(/\s+/);
      return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group) }];
    });
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(processOf));
  return found.filter((one) => one !== null);
}

async function processOf(pid: number): Promise<Process | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name, in parentheses, may hold anything.
  const [state = 'Z', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return null;
  return { pid, parent: Number(parent), group: Number(group) };
}
