import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { PlanwrightError } from '../../workflow/errors.ts';
import { createFile } from '../node/atomicWrite.ts';
import { processOwner } from '../node/owner.ts';

/** Where programs of the same user find a running server and its token. */

const discoverySchema = z.object({
  port: z.int().min(1).max(65_535),
  token: z.string().min(1),
  pid: z.int().min(1),
  /** The absolute path of the workspace's folder. */
  workspace: z.string(),
});
export type Discovery = z.infer<typeof discoverySchema>;

/** For the owner alone. */
const MODE = 0o600;

/** A token nobody can guess, for one server. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The server that the file tells of; null when there is none or its process is gone. */
export async function discover(file: string): Promise<Discovery | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const { data } = discoverySchema.safeParse(jsonOf(text));
  return data && processOwner().isAlive(String(data.pid)) ? data : null;
}

/**
 * Tells of this process's server, in place of one whose process is gone.
 * @returns how to take it back
 * @throws PlanwrightError CONFLICT while another process serves there
 */
export async function announce(file: string, server: Omit<Discovery, 'pid'>): Promise<() => Promise<void>> {
  const { port, token, workspace } = server;
  const mine = `${JSON.stringify({ port, token, pid: process.pid, workspace })}\n`;
  await mkdir(dirname(file), { recursive: true });
  if ((await discover(file)) === null) await rm(file, { force: true });
  await createFile(file, mine, MODE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new PlanwrightError('CONFLICT', 'Another process serves this workspace already.', {
      hint: `Use that server, which ${file} tells of, or stop it.`,
    });
  });
  return async () => {
    const now = await readFile(file, 'utf8').catch(() => null);
    if (now === mine) await rm(file, { force: true });
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
