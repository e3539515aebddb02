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

/** A server that is there is given so long to say so, in milliseconds. */
const ANSWER_MS = 2000;

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
  const before = await discover(file);
  // A number may have gone to another process meanwhile: who serves answers.
  if (before === null || !(await answers(before.port))) await rm(file, { force: true });
  await createFile(file, mine, MODE).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    const owner = await discover(file);
    const who = owner ? `Process ${owner.pid} serves` : 'Another process serves';
    const where = owner ? `, at http://127.0.0.1:${owner.port}` : '';
    throw new PlanwrightError('CONFLICT', `${who} this workspace already${where}.`, {
      hint: `Use that server, whose token is in ${file}, or stop it first.`,
    });
  });
  return async () => {
    const now = await readFile(file, 'utf8').catch(() => null);
    if (now === mine) await rm(file, { force: true });
  };
}

async function answers(port: number): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  return fetch(`http://127.0.0.1:${port}/healthz`, { signal, redirect: 'manual' }).then(
    async ({ body }) => {
      await body?.cancel();
      return true;
    },
    // Silent is not gone: it may have much to do.
    ({ name }: Error) => name === 'TimeoutError',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
