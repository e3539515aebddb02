import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { GitCheckpoints } from '../src/hosts/node/git/checkpoints.ts';

/**
 * How long a checkpoint of a repository of 10,000 files takes, beside `git add -A` into an index of its own over the
 * same files in the same run: with everything committed, and with nothing.
 */

const FILES = 10_000;
const RUNS = 5;

const root = mkdtempSync(join(tmpdir(), 'planwright-bench-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const git = (folder: string, args: string[], more = {}) =>
  execFileSync('git', ['-c', 'user.name=B', '-c', 'user.email=b@example.org', '-c', 'gc.auto=0', ...args], {
    cwd: folder,
    env: { ...env, ...more },
    stdio: 'pipe',
  });

function repository(name: string, isCommitted: boolean): string {
  const folder = join(root, name);
  mkdirSync(folder);
  git(folder, ['init', '-q']);
  for (let n = 0; n < FILES; n++) {
    const place = join(folder, `d${n % 100}`);
    if (n < 100) mkdirSync(place);
    writeFileSync(join(place, `f${n}.ts`), `export const n${n} = ${n};\n${'// a line of text\n'.repeat(20)}`);
  }
  if (!isCommitted) return folder;
  git(folder, ['add', '-A']);
  git(folder, ['commit', '-qm', 'all']);
  return folder;
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

try {
  for (const isCommitted of [true, false]) {
    const [first, warm, floor, changed]: number[][] = [[], [], [], []];
    for (let run = 0; run < RUNS; run++) {
      const folder = repository(`${isCommitted}-${run}`, isCommitted);
      const other = repository(`${isCommitted}-${run}-floor`, isCommitted);
      const checkpoints = new GitCheckpoints({ workspace: folder, temp: join(root, 'temp') });
      floor?.push(await timed(() => git(other, ['add', '-A'], { GIT_INDEX_FILE: join(root, `index-${run}`) })));
      first?.push(await timed(() => checkpoints.make('bench', 'first')));
      warm?.push(await timed(() => checkpoints.make('bench', 'nothing changed')));
      for (let n = 0; n < 10; n++) writeFileSync(join(folder, `d${n}`, `f${n}.ts`), `changed ${run}\n`);
      changed?.push(await timed(() => checkpoints.make('bench', 'ten files changed')));
      await checkpoints.dispose();
      for (const one of [folder, other]) rmSync(one, { recursive: true, force: true });
      rmSync(join(root, `index-${run}`), { force: true });
    }
    const floorMs = median(floor ?? []);
    console.log(
      `${FILES} files, ${isCommitted ? 'all committed' : 'none committed'}; git add -A: ${floorMs.toFixed(0)} ms`,
    );
    for (const [what, times] of Object.entries({ first, 'nothing changed': warm, 'ten files changed': changed })) {
      const ms = median(times ?? []);
      console.log(
        `  checkpoint, ${what.padEnd(18)} ${ms.toFixed(0).padStart(6)} ms   ${(ms / floorMs).toFixed(2)} times`,
      );
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
