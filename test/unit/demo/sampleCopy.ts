import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RecordedCall, RecordedEdit, RecordedFile, Recording } from '../../../src/models/demo/recording.ts';

export const sampleFolder = fileURLToPath(new URL('../../../samples/slugs/', import.meta.url));

/** A copy of the sample that lives as long as the test. */
export async function copySample(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planwright-slugs-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(sampleFolder, folder, { recursive: true });
  return folder;
}

export interface TestRun {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs the sample's own tests in a process of their own. */
export function runSampleTests(folder: string): Promise<TestRun> {
  // Inherited, this variable would make the child report to the outer test runner instead of running files.
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--test', '--test-reporter=tap'], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr });
    });
  });
}

/** Applies the edits of a recording as strictly as the implementer's tools do. */
export async function applyRecording(folder: string, recording: Recording, except?: RecordedCall): Promise<void> {
  for (const call of editsOf(recording)) {
    if (call !== except) await applyCall(folder, call);
  }
}

/** The calls of a recording that change files, in order. */
export function editsOf(recording: Recording): RecordedCall[] {
  return recording
    .flatMap((turn) => (turn.kind === 'act' ? turn.calls : []))
    .filter(({ tool }) => tool === 'edit_file' || tool === 'write_file');
}

async function applyCall(folder: string, { tool, input }: RecordedCall): Promise<void> {
  if (tool === 'write_file') {
    const { path, content } = input as unknown as RecordedFile;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
    return;
  }
  const { path, oldText, newText } = input as unknown as RecordedEdit;
  const text = await readFile(join(folder, path), 'utf8');
  const times = text.split(oldText).length - 1;
  if (times !== 1) throw new Error(`${path} has ${times} times: ${oldText}`);
  await writeFile(
    join(folder, path),
    text.replace(oldText, () => newText),
  );
}
