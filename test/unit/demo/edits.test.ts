import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { structuredPatch } from 'diff';
import { diff3Merge } from 'node-diff3';
import { changeRequest, demoChangeRequest } from '../../../src/models/demo/changeRequest.ts';
import { implementing } from '../../../src/models/demo/implementing.ts';
import type { Recording } from '../../../src/models/demo/recording.ts';
import { foldLetters, overreachingEdit } from '../../../src/models/demo/tasks/foldLetters.ts';
import { limitLength } from '../../../src/models/demo/tasks/limitLength.ts';
import { applyRecording, copySample, editsOf, runSampleTests } from './sampleCopy.ts';

const all: readonly Recording[] = [...implementing.values()];

test('every recorded edit applies exactly once, in the order of the tasks', async (t) => {
  const folder = await copySample(t);
  for (const recording of all) await applyRecording(folder, recording);
  await applyRecording(folder, changeRequest);
  assert.ok((await readFile(join(folder, 'src/registry.ts'), 'utf8')).includes('#lastNumbers'));
});

test('without the over-reaching edit the sample passes its tests, old and new', async (t) => {
  const folder = await copySample(t);
  for (const recording of all) await applyRecording(folder, recording, overreachingEdit);
  const { passed, output } = await runSampleTests(folder);
  assert.ok(passed, output);
  for (const recording of all) {
    for (const name of testsOf(recording)) assert.ok(output.includes(` - ${name}\n`), name);
  }
});

test('the sample still passes once the change asked for is made', async (t) => {
  const folder = await copySample(t);
  for (const recording of all) await applyRecording(folder, recording, overreachingEdit);
  const proposed = await readFile(join(folder, demoChangeRequest.path), 'utf8');
  assert.equal(proposed.split(demoChangeRequest.hunkText).length, 2);
  await applyRecording(folder, changeRequest);
  const { passed, output } = await runSampleTests(folder);
  assert.ok(passed, output);
});

test('each task alone leaves the tests passing, so that accepting task by task is safe', async (t) => {
  const folder = await copySample(t);
  for (const recording of all) {
    await applyRecording(folder, recording, overreachingEdit);
    const { passed, output } = await runSampleTests(folder);
    assert.ok(passed, output);
  }
});

test('with the over-reaching edit the test about symbols fails, and only that', async (t) => {
  const folder = await copySample(t);
  for (const recording of all) await applyRecording(folder, recording);
  const { passed, output } = await runSampleTests(folder);
  assert.equal(passed, false);
  const failed = [...output.matchAll(/^not ok \d+ - (.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(failed, ['treats symbols as the space between words']);
});

test('the over-reaching edit is a hunk of its own, some lines away from the others', async (t) => {
  const folder = await copySample(t);
  const before = await slugSource(folder);
  await applyRecording(folder, foldLetters);
  const { hunks } = structuredPatch('a', 'b', before, await slugSource(folder), '', '', { context: 1 });
  const own = hunks.filter(({ lines }) => lines.some((line) => line.startsWith('+') && line.includes("'&'")));
  assert.equal(own.length, 1);
  assert.deepEqual(
    own[0]?.lines.filter((line) => /^[+-]/.test(line)),
    ['-  return plain(text)', "+  return plain(text.replaceAll('&', ' and '))"],
  );
});

test('T2 merges cleanly onto T1 whichever of its edits of src/slug.ts was rejected', async (t) => {
  const both = await copySample(t);
  await applyRecording(both, foldLetters);
  const base = await slugSource(both);
  await applyRecording(both, limitLength);
  const theirs = await slugSource(both);
  const edits = editsOf(foldLetters).filter(({ input }) => input.path === 'src/slug.ts');
  assert.equal(edits.length, 4);
  for (const rejected of edits) {
    const partial = await copySample(t);
    await applyRecording(partial, foldLetters, rejected);
    const merged = diff3Merge(lines(await slugSource(partial)), lines(base), lines(theirs));
    assert.deepEqual(
      merged.filter((region) => region.conflict),
      [],
    );
    await applyRecording(partial, limitLength);
    assert.equal(merged.flatMap((region) => region.ok ?? []).join('\n'), await slugSource(partial));
  }
});

test('the implementer reads every existing file before it edits it', () => {
  for (const recording of [...all, changeRequest]) {
    const read = new Set<unknown>();
    for (const turn of recording) {
      if (turn.kind !== 'act') continue;
      for (const { tool, input } of turn.calls) {
        if (tool === 'read_file') read.add(input.path);
        if (tool === 'edit_file') assert.ok(read.has(input.path), `${input.path} is read first`);
      }
    }
  }
});

function slugSource(folder: string): Promise<string> {
  return readFile(join(folder, 'src/slug.ts'), 'utf8');
}

function lines(text: string): string[] {
  return text.split('\n');
}

function testsOf(recording: Recording): readonly string[] {
  const last = recording.at(-1);
  return last?.kind === 'answer' && 'tests' in last.result ? (last.result.tests as string[]) : [];
}
