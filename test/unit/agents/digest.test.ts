import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { workspaceDigest } from '../../../src/workflow/agents/digest.ts';
import { endingsOf, fileTree } from '../../../src/workflow/agents/fileTree.ts';
import type { Workspace } from '../../../src/workflow/ports.ts';

test('a small tree is shown whole', () => {
  assert.equal(
    fileTree(['README.md', 'src/a.ts', 'src/deep/b.ts'], 100),
    ['src/', '  deep/', '    b.ts', '  a.ts', 'README.md'].join('\n'),
  );
});

test('a large folder stays closed and says what it holds, a small one beside it is opened', () => {
  const many = Array.from({ length: 500 }, (_, n) => `data/f${n}.${n % 5 === 0 ? 'json' : 'csv'}`);
  assert.equal(
    fileTree([...many, 'src/a.ts', 'README.md'], 20),
    ['data/ … 500 files (csv 400, json 100)', 'src/', '  a.ts', 'README.md'].join('\n'),
  );
});

test('a root with more entries than fit is cut, and says by how much', () => {
  const lines = fileTree(
    Array.from({ length: 50 }, (_, n) => `f${n}`),
    10,
  ).split('\n');
  assert.equal(lines.length, 11);
  assert.equal(lines.at(-1), '… 40 more (use list_files)');
});

test('whatever the files: never more lines than asked for and the one that says so', () => {
  const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd.ts', 'e.md'), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(path, { maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (paths, most) => {
      const files = [...new Set(paths.map((parts) => parts.join('/')))];
      assert.ok(fileTree(files, most).split('\n').length <= most + 1);
    }),
    { numRuns: 200 },
  );
});

test('endings are counted, the commonest first', () => {
  assert.equal(endingsOf(['a.ts', 'b.ts', 'x.ts', 'c.md', 'Makefile', '.gitignore']), 'ts 3, no ending 2, md 1');
});

test('the digest of a workspace full of long files stays under 6,000 tokens, and says what it cut', async () => {
  const long = 'x'.repeat(100_000);
  const digest = await workspaceDigest({
    name: 'long',
    listFiles: async () => Array.from({ length: 5000 }, (_, n) => `packages/p${n % 70}/some/long/path/file${n}.ts`),
    read: async (path: string) => ({ path, text: long, hash: '', readOnly: false, dirty: false }),
    gitLog: async () => Array.from({ length: 8 }, () => long),
  } as unknown as Workspace);
  assert.ok(digest.length / 4 < 6000, `${digest.length / 4} tokens`);
  assert.match(digest, /more characters \(use read_file\)/);
});
