import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { isDangerous, isDangerousChange } from '../../workflow/guards.ts';
import type { NodeWorkspace } from './nodeWorkspace.ts';

/**
 * Can the change make something run code, or steer a tool? The path that is written counts as well as the one
 * that is named: a harmless name may be a link to a file that is not.
 */
export async function isDangerousHere(
  workspace: NodeWorkspace,
  change: { readonly path: string; readonly from?: string | undefined },
): Promise<boolean> {
  if (isDangerousChange(change)) return true;
  const root = await realpath(workspace.root);
  for (const path of [change.path, change.from]) {
    if (path === undefined) continue;
    const real = relative(root, await workspace.resolveInside(path));
    if (isDangerous(real.split(sep).join('/'))) return true;
  }
  return false;
}
