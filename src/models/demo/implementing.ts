import type { Recording } from './recording.ts';
import { addRegistry } from './tasks/addRegistry.ts';
import { describeInReadme } from './tasks/describeInReadme.ts';
import { foldLetters } from './tasks/foldLetters.ts';
import { limitLength } from './tasks/limitLength.ts';

/** What the implementer does, by task id. The ids mean the same in the first and in the refined plan. */
export const implementing: ReadonlyMap<string, Recording> = new Map([
  ['T1', foldLetters],
  ['T2', limitLength],
  ['T3', addRegistry],
  ['T4', describeInReadme],
]);
