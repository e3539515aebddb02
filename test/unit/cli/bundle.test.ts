import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import manifest from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const onWindows = process.platform === 'win32';

test('the bundle runs by its name, and npm packs it with nothing that it does not need', async () => {
  await run(process.execPath, ['esbuild.js', '--production', '--cli'], { cwd: root });
  const bundle = join(root, 'dist/cli.cjs');
  const { stdout } = await (onWindows ? run(process.execPath, [bundle, '--version']) : run(bundle, ['--version']));
  assert.equal(stdout, `${manifest.version}\n`);

  const packed = await run('npm', ['pack', '--dry-run', '--json'], { cwd: root, shell: onWindows });
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  assert.ok(paths.includes('dist/cli.cjs'), paths.join(', '));
  assert.deepEqual(
    paths.filter((path) => /^(src|test|samples|media|node_modules)\//.test(path)),
    [],
  );
});

test('the extension’s package has the bundle too', async () => {
  assert.ok(!('files' in manifest), 'vsce package refuses "files" beside .vscodeignore');
  const { stdout } = await run(
    process.execPath,
    [join(root, 'node_modules/@vscode/vsce/vsce'), 'ls', '--no-dependencies'],
    { cwd: root },
  );
  assert.match(stdout, /^dist\/cli\.cjs$/m);
});
