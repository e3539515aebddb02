import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts, root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';

/** Takes the pictures of the README and the walkthrough from the browser tests, which drive the demo on the sample. */

const tests = ['test/ui/mainJob.test.ts'];

/** Of docs/pictures, by the picture of the tests it is. */
const pictures: Readonly<Record<string, string>> = {
  'tour-request': '01-request',
  'tour-plan': '02-plan',
  'tour-review': '03-review',
  'tour-edits': '05-edits',
  'proposal-diff': '06-diff',
  'tour-change': '08-ask',
  'tour-report': '10-report',
};
const MOST_BYTES = 300_000;

const build = await runShown(process.execPath, ['esbuild.js']);
if (build.code !== 0) process.exit(build.code);
const { code } = await runShown(process.execPath, ['--test', '--test-concurrency=1', ...tests]);
if (code !== 0) process.exit(code);
const folder = join(root, 'docs', 'pictures');
mkdirSync(folder, { recursive: true });
for (const [name, artifact] of Object.entries(pictures)) {
  const taken = join(artifacts, `${artifact}.png`);
  if (!existsSync(taken))
    throw new Error(`The tests took no picture ${artifact}.png; name another in scripts/pictures.ts.`);
  const { size } = statSync(taken);
  if (size > MOST_BYTES) console.warn(`${name}.png has ${size} bytes; more than ${MOST_BYTES} is much for a README.`);
  copyFileSync(taken, join(folder, `${name}.png`));
}
