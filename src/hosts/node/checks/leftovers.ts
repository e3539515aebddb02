import { chmod, readdir, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

const PREFIX = 'scratch-';

/** The scratch folders of this very process, which another one of the same number cannot have left. */
const own = new Set<string>();

/** What the name of a scratch folder of this process begins with. */
export function scratchPrefix(temp: string): string {
  return join(temp, `${PREFIX}${process.pid}-`);
}

export function claimScratch(folder: string): void {
  own.add(folder);
}

/** Removes a scratch folder. What resists is a leftover, for the next time. */
export async function discardScratch(folder: string): Promise<void> {
  await removeFolder(folder);
  own.delete(folder);
}

/** Removes the scratch folders below `temp` whose processes are gone. */
export async function removeLeftovers(temp: string): Promise<void> {
  const place = await realpath(temp).catch(() => null);
  if (place === null) return;
  for (const name of await readdir(place)) {
    const folder = join(place, name);
    if (isLeftover(folder)) await discardScratch(folder);
  }
}

function isLeftover(folder: string): boolean {
  const pid = /^scratch-(\d+)-/.exec(basename(folder))?.[1];
  if (pid === undefined || own.has(folder)) return false;
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeFolder(folder: string): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  // A check may have made folders that cannot be written to, as Go's module cache has them.
  await remove()
    .catch(async () => {
      await makeWritable(folder);
      await remove();
    })
    .catch(() => {});
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
