import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeWorkspace } from '../src/hosts/node/nodeWorkspace.ts';
import { workspaceDigest } from '../src/workflow/agents/digest.ts';
import { lintPlan } from '../src/workflow/review/planLinter.ts';
import type { Plan, Task } from '../src/workflow/schemas.ts';

/** The digest of a workspace of 100,000 files beside a bare walk of it, and the linter on a plan of 500 tasks. */

const FILES = 100_000;
const FOLDER = 100;
const root = mkdtempSync(join(tmpdir(), 'planwright-planning-'));
console.error(`Making ${FILES} files…`);
for (let folder = 0; folder < FILES / FOLDER; folder++) {
  const path = join(root, 'packages', `p${folder % 40}`, 'src', `m${folder}`);
  mkdirSync(path, { recursive: true });
  for (let file = 0; file < FOLDER; file++) writeFileSync(join(path, `f${file}.ts`), '');
}
writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'big', scripts: { test: 'node --test' } }));

try {
  const workspace = new NodeWorkspace(root);
  await workspace.listFiles(); // The disk's own caches are warm for both.
  const walk = await timed(() => workspace.listFiles());
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const digest = await timed(() => workspaceDigest(workspace));
  const memory = (process.memoryUsage().heapUsed - before) / 1e6;
  const tokens = Math.ceil(digest.result.length / 4);
  console.log(
    `digest of ${FILES} files: ${digest.ms.toFixed(0)} ms, ${(digest.ms / walk.ms).toFixed(2)} times a bare walk (${walk.ms.toFixed(0)} ms); about ${tokens} tokens; ${memory.toFixed(0)} MB of heap`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}

const plan = planOf(500);
const files = new Set(Array.from({ length: 10_000 }, (_, n) => `src/f${n}.ts`));
lintPlan(plan, files);
const lint = await timed(async () => {
  for (let n = 0; n < 20; n++) lintPlan(plan, files);
});
console.log(`plan linter, 500 tasks: ${(lint.ms / 20).toFixed(1)} ms`);

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now();
  return { result: await work(), ms: performance.now() - started };
}

function planOf(count: number): Plan {
  const tasks = Array.from(
    { length: count },
    (_, n): Task => ({
      id: `T${n + 1}`,
      title: `Task ${n}`,
      description: '',
      dependsOn: n === 0 ? [] : [`T${n}`, ...(n > 10 ? [`T${n - 9}`] : [])],
      requirements: ['R1'],
      files: [
        { path: `src/f${n}.ts`, action: 'modify' },
        { path: `src/f${n % 7}.ts`, action: 'modify' },
        { path: `new/${n}.ts`, action: 'create' },
      ],
      tests: ['t'],
      doneWhen: ['d'],
      size: 'S',
    }),
  );
  return {
    title: 'Big',
    summary: '',
    requirements: [{ id: 'R1', text: 'r', source: 'given' }],
    architecture: { overview: '', components: [], decisions: [] },
    tasks,
    successMetrics: [{ name: 'm', target: 't', measuredBy: 'b' }],
    risks: [],
    assumptions: [],
    outOfScope: [],
  };
}
