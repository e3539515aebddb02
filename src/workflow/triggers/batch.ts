import { hashOf } from '../engine/hash.ts';
import { PlanwrightError } from '../errors.ts';
import type { Workspace } from '../ports.ts';
import type { Input } from '../schemas.ts';
import type { TriggerOf } from './definition.ts';
import { checkedInput, fillInput } from './fill.ts';

/** One request of a batch. */
export interface BatchItem {
  /** The same as long as the request is. */
  readonly key: string;
  /** What to call it: the file, or its number. */
  readonly name: string;
  /** @throws PlanwrightError INVALID_INPUT */
  input(): Input;
}

type Batch = NonNullable<TriggerOf<'schedule'>['batch']>;

/** A batch's requests in order. Those of a folder are its files by name, at most so many. */
const MOST_FILES = 1000;

/**
 * @param workspace where the folder is; what it does not list (ignored, denied) is no request
 * @param isOwn whether Planwright wrote this text to the path: a run makes no requests
 */
export async function batchItems(
  batch: Batch,
  workspace: Pick<Workspace, 'listFiles' | 'read'>,
  isOwn: (path: string, hash: string) => boolean,
): Promise<BatchItem[]> {
  if (batch.requests) {
    return batch.requests.map((template, index) => ({
      key: `batch:${hashOf(template)}:${index}`,
      name: `request ${index + 1} of ${batch.requests?.length}`,
      input: () => fillInput(template, {}),
    }));
  }
  const folder = `${(batch.folder ?? '').replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '')}/`;
  const paths = (await workspace.listFiles())
    .filter((path) => path.startsWith(folder) && /^[^/]+\.(json|md|txt)$/i.test(path.slice(folder.length)))
    .sort()
    .slice(0, MOST_FILES);
  const items: BatchItem[] = [];
  for (const path of paths) {
    const file = await workspace.read(path).catch(() => null);
    if (file && !isOwn(path, file.hash))
      items.push({ key: `batch:${hashOf([path, file.hash])}`, name: path, input: () => inputIn(path, file.text) });
  }
  return items;
}

function inputIn(path: string, text: string): Input {
  if (!/\.json$/i.test(path)) return checkedInput({ request: text });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PlanwrightError('INVALID_INPUT', `${path} is not JSON.`, {
      hint: 'Mend the file; it is tried again then.',
    });
  }
  return checkedInput(value);
}
