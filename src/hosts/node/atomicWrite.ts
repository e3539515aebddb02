import {
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Files that are either as they were or as they shall be, whenever the process or the machine stops. */

const MARK = '.planwright-';

/** Replaces a file's content, keeping its mode. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const scratch = await written(file, content, (await stat(file)).mode);
  await rename(scratch, file);
}

/** Makes a file that is not there yet; `mode` is the usual one when absent. @throws an EEXIST error when it is */
export async function createFile(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const scratch = await written(file, content, mode);
  try {
    // Unlike a rename, a link does not replace what somebody else has just put there.
    await link(scratch, file);
  } catch (error) {
    if (!withoutLinks.includes(String((error as NodeJS.ErrnoException).code))) throw error;
    await writeFile(file, content, { flag: 'wx', ...(mode === undefined ? {} : { mode }) });
  } finally {
    await rm(scratch, { force: true });
  }
}

/** Puts a copy of `source` in the place of whatever file or link is at `file`; the mode of a file there is kept. */
export async function placeCopy(source: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const before = await lstat(file).catch(() => null);
  const scratch = scratchOf(file);
  await rm(scratch, { force: true });
  await copyFile(source, scratch);
  const handle = await open(scratch, 'r+');
  try {
    if (before?.isFile()) await handle.chmod(before.mode & 0o7777);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await renamed(scratch, file);
}

/** Puts a link to where the link `source` leads in the place of whatever file or link is at `file`. */
export async function placeLink(source: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const scratch = scratchOf(file);
  await rm(scratch, { force: true });
  await symlink(await readlink(source), scratch);
  await renamed(scratch, file);
}

async function renamed(scratch: string, file: string): Promise<void> {
  try {
    await rename(scratch, file);
  } catch (error) {
    await rm(scratch, { force: true });
    throw error;
  }
}

/** What a file system without hard links answers. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'];

/** Removes what interrupted writes have left beside a file. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(`.${basename(file)}${MARK}`));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

/** The path of a file beside `file` that has the content, on the disk. */
async function written(file: string, content: string | Uint8Array, mode?: number): Promise<string> {
  const scratch = scratchOf(file);
  const handle = await open(scratch, 'w', mode);
  try {
    await handle.writeFile(content);
    if (mode !== undefined) await handle.chmod(mode & 0o7777);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return scratch;
}

function scratchOf(file: string): string {
  return join(dirname(file), `.${basename(file)}${MARK}${process.pid}`);
}
