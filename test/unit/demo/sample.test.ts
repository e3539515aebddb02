import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { inputSchema } from '../../../src/workflow/schemas.ts';
import { copySample, runSampleTests, sampleFolder } from './sampleCopy.ts';

test('the sample passes its own tests, the one about Tom & Jerry among them', async (t) => {
  const { passed, output } = await runSampleTests(await copySample(t));
  assert.ok(passed, output);
  assert.match(output, /^ok \d+ - treats symbols as the space between words/m);
  const tests = await readFile(join(sampleFolder, 'test/slug.test.ts'), 'utf8');
  assert.ok(tests.includes("assert.equal(slug('Tom & Jerry'), 'tom-jerry');"));
});

test('the request the start command suggests is the one beside the sample', async () => {
  const stored: unknown = JSON.parse(await readFile(join(sampleFolder, '.planwright/request.json'), 'utf8'));
  assert.deepEqual(stored, sampleInput);
  assert.deepEqual(inputSchema.parse(stored), sampleInput);
});

test('the sample needs nothing to be installed', async () => {
  const manifest = JSON.parse(await readFile(join(sampleFolder, 'package.json'), 'utf8'));
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.devDependencies, undefined);
});
