import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { dataFolder } from '../../../src/hosts/cli/dataFolder.ts';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { runReportSchema } from '../../../src/workflow/runReport/reportSchema.ts';
import { planSchema, reviewSchema, statusSchema } from '../../../src/workflow/schemas.ts';
import { jsonLines, openPlace, sampleRun } from './cliProcess.ts';

test('list, status and export tell of a run in the contract’s names', async (t) => {
  const { cli, folder } = await openPlace(t);
  const { result } = jsonLines((await cli([...sampleRun, '--plan-only', '--json'])).stdout);

  const listed = JSON.parse((await cli(['list', '--json'])).stdout);
  assert.equal(listed.id, result.id);
  assert.equal(listed.request, 'Make slugs safe for real-world titles');
  assert.match((await cli(['list'])).stdout, new RegExp(`^${result.id}  waiting `));

  const status = statusSchema.strict().parse(JSON.parse((await cli(['status', result.id, '--json'])).stdout));
  assert.equal(status.status, 'waiting');
  assert.match((await cli(['status'])).stdout, new RegExp(`^Run ${result.id}: waiting[\\s\\S]*Approve the plan`));

  const markdown = await cli(['export', result.id]);
  assert.match(markdown.stdout, /^# Slugs for real-world titles/);
  assert.equal((await cli(['export', result.id, '--format', 'json', '--out', 'run.json'])).stdout, '');
  const reported = await cli(['export', result.id, '--report']);
  assert.match(reported.stdout, /^# Slugs for real-world titles[\s\S]*\| ○ open \| \*\*R1\*\* /);
  const report = JSON.parse((await cli(['export', result.id, '--report', '--format', 'json'])).stdout);
  assert.deepEqual(runReportSchema.parse(report).openRequirementIds, ['R1', 'R2', 'R3', 'R4', 'R5']);

  const { context } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
  assert.equal(planSchema.parse(context.plan).tasks.length, 4);
  assert.equal(reviewSchema.parse(context.reviewReport).score, 88);
  assert.equal(context.refinements.length, 1);
});

test('looking makes no database', async (t) => {
  const { cli, folder, data } = await openPlace(t);
  const { code, stdout } = await cli(['list', '--json']);
  assert.equal(code, 0);
  assert.equal(stdout, '');
  assert.ok(!existsSync(databasePath(data, folder)));
});

test('runs are kept where the editor keeps them, where there is one', async (t) => {
  const { data: home } = await openPlace(t);
  const place = { env: {}, platform: 'linux', home } as const;
  const folder = '/somewhere/project';
  assert.equal(dataFolder(undefined, folder, place), join(home, '.local/share/planwright'));
  const storage = (config: string) => join(config, 'User/globalStorage/planwright.planwright');
  const code = storage(join(home, '.config/Code'));
  const other = storage(join(home, '.config/VSCodium'));
  await mkdir(other, { recursive: true });
  assert.equal(dataFolder(undefined, folder, place), other);
  await mkdir(code, { recursive: true });
  assert.equal(dataFolder(undefined, folder, place), code);
  openDatabase(databasePath(other, folder)).db.close();
  assert.equal(dataFolder(undefined, folder, place), other, 'the one that knows the folder');
  const portable = storage(join(home, 'portable/user-data'));
  await mkdir(portable, { recursive: true });
  const env = { VSCODE_PORTABLE: join(home, 'portable') };
  assert.equal(dataFolder(undefined, '/another', { ...place, env }), portable);
  assert.equal(dataFolder(undefined, folder, { ...place, env: { PLANWRIGHT_DATA_DIR: '/named' } }), '/named');
  assert.equal(dataFolder('/told', folder, { ...place, env: { PLANWRIGHT_DATA_DIR: '/named' } }), '/told');
});
