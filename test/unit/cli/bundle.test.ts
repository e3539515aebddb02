import assert from 'node:assert/strict';
import { type ExecFileException, execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import manifest from '../../../package.json' with { type: 'json' };
import { packCli } from '../../../scripts/pack-cli.ts';
import { copySample } from '../demo/sampleCopy.ts';
import { jsonLines, requestFile } from './cliProcess.ts';
import { servesTriggers } from './servedTriggers.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const shell = process.platform === 'win32';

before(() => run(process.execPath, ['esbuild.js', '--production', '--cli'], { cwd: root }));

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planwright-packed-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Nothing of whoever runs the tests, and this Node first. */
function bare(home: string): NodeJS.ProcessEnv {
  const { PATH = '', SystemRoot } = process.env;
  return {
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    SystemRoot,
    HOME: home,
    PLANWRIGHT_DATA_DIR: join(home, 'data'),
    NO_COLOR: '1',
  };
}

/** The sample, from its request to its last accepted hunk. */
async function runsTheSample(t: TestContext, command: string, first: readonly string[], env: NodeJS.ProcessEnv) {
  const folder = await copySample(t);
  const more = ['--workspace', folder, '--input', requestFile, '--model', 'demo', '--accept', 'all', '--json'];
  const { stdout } = await run(command, [...first, 'run', ...more], { env, shell, maxBuffer: 1e8 });
  const { result } = jsonLines(stdout);
  assert.equal(result.status, 'completed');
  assert.equal(result.output?.metrics.planScore, 88);
  assert.match(await readFile(join(folder, 'src/registry.ts'), 'utf8'), /class SlugRegistry/);
  return result.id;
}

test('npm installs the packed command line without a registry, and it runs the sample to its end', async (t) => {
  const folder = await emptyFolder(t);
  const env = bare(folder);
  const tarball = await packCli(folder);
  assert.ok((await stat(tarball)).size < 1_500_000, 'the tarball is small');
  const nowhere = ['--registry', 'http://127.0.0.1:9', '--cache', join(folder, 'cache'), '--offline'];
  await run('npm', ['install', '--no-audit', '--no-fund', ...nowhere, tarball], { cwd: folder, env, shell });
  const installed = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
  assert.deepEqual(installed, ['planwright'], 'it needs no other package');

  const planwright = join(folder, 'node_modules', '.bin', 'planwright');
  assert.equal((await run(planwright, ['--version'], { env, shell })).stdout, `${manifest.version}\n`);
  const wrong = await run(planwright, ['frob'], { env, shell }).catch((error: ExecFileException) => error.code);
  assert.equal(wrong, 2);
  const id = await runsTheSample(t, planwright, [], env);
  assert.match(id, /^[a-z0-9]+$/);
});

test('the tarball holds what the command line loads and nothing else', async (t) => {
  const folder = await emptyFolder(t);
  await packCli(folder);
  const packed = await run('npm', ['pack', '--dry-run', '--json'], { cwd: join(root, 'dist/npm'), shell });
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  for (const path of paths)
    assert.match(
      path,
      /^(package\.json|LICENSE|README\.md|ThirdPartyNotices\.txt|dist\/cli\.cjs|dist\/chunks\/[\w-]+\.cjs)$/,
    );
  const texts = await Promise.all(
    paths.filter((path) => path.endsWith('.cjs')).map((path) => readFile(join(root, 'dist/npm', path), 'utf8')),
  );
  assert.ok(!texts.some((text) => text.includes('require("vscode")')), 'nothing of the editor');

  const whole = await run('npm', ['pack', '--dry-run', '--json'], { cwd: root, shell });
  const [repository] = JSON.parse(whole.stdout) as [{ files: { path: string }[] }];
  assert.deepEqual(
    repository.files.map(({ path }) => path).filter((path) => /^(src|test|samples|media|node_modules)\//.test(path)),
    [],
    'the repository packs no more than it must either',
  );
});

test('OpenTelemetry is in a chunk of its own, which nothing loads at once', async () => {
  const chunks = await readdir(join(root, 'dist/chunks'));
  const texts = new Map(
    await Promise.all(
      [...chunks.map((name) => `chunks/${name}`), 'cli.cjs', 'workflow.cjs'].map(
        async (name) => [name, await readFile(join(root, 'dist', name), 'utf8')] as const,
      ),
    ),
  );
  const otel = [...texts].filter(([, text]) => text.includes('resourceSpans')).map(([name]) => name);
  assert.equal(otel.length, 1, otel.join(', '));
  const name = otel[0]?.replace('chunks/', '') ?? '';
  const loads = [...texts].flatMap(([from, text]) =>
    [...text.matchAll(new RegExp(`.{30}require\\("[^"]*${name}"\\)`, 'g'))].map(([call]) => `${from}: ${call}`),
  );
  assert.ok(loads.length > 0);
  for (const load of loads) assert.match(load, /then\(/, 'it is loaded on demand');
});

test('the command line in the extension’s package runs from there, and serves triggers', async (t) => {
  assert.ok(!('files' in manifest), 'vsce package refuses "files" beside .vscodeignore');
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const { stdout } = await run(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: root });
  const files = stdout.split('\n').filter((file) => /^dist\/(cli|chunks\/.*)\.cjs$/.test(file));
  assert.ok(files.includes('dist/cli.cjs'));
  const folder = await emptyFolder(t);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(root, file), join(folder, file));
  }
  await runsTheSample(t, process.execPath, [join(folder, 'dist/cli.cjs')], bare(folder));
  await servesTriggers(t, join(folder, 'dist/cli.cjs'), bare(folder));
});
