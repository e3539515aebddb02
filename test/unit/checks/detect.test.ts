import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { type CheckCommand, checkCommandSchema } from '../../../src/workflow/checks/checks.ts';
import { Folders } from './folders.ts';

let folders: Folders;
afterEach(() => folders.dispose());

async function detected(files: Readonly<Record<string, string | object>>): Promise<CheckCommand[]> {
  const texts = Object.entries(files).map(([path, file]) => [
    path,
    typeof file === 'string' ? file : JSON.stringify(file),
  ]);
  folders = new Folders(Object.fromEntries(texts));
  const found = await folders.checks().detect();
  for (const check of found) checkCommandSchema.parse(check);
  assert.equal(new Set(found.map(({ name }) => name)).size, found.length, 'each name is there once');
  return found;
}

/** 'name [kind] command @ cwd', which is all but the coverage. */
const lines = (checks: readonly CheckCommand[]) =>
  checks.map(({ name, kind, command, cwd }) => `${name} [${kind}] ${command.join(' ')} @ ${cwd}`);
const coverageOf = (checks: readonly CheckCommand[]) => checks.find(({ kind }) => kind === 'test')?.coverage;

describe('detecting the checks of npm packages', () => {
  it('finds the scripts that check, and none that write or wait', async () => {
    const scripts = {
      test: 'mocha',
      typecheck: 'tsc',
      lint: 'eslint .',
      format: 'prettier --write .',
      'format:check': 'prettier --check .',
      build: 'esbuild',
      start: 'node .',
    };
    assert.deepEqual(lines(await detected({ 'package.json': { scripts } })), [
      'npm test [test] npm test @ .',
      'npm run typecheck [types] npm run typecheck @ .',
      'npm run lint [lint] npm run lint @ .',
      'npm run format:check [format] npm run format:check @ .',
      'npm run build [build] npm run build @ .',
    ]);
  });

  it('leaves out the test that is none, and one that watches for the one that does not', async () => {
    const none = { test: 'echo "Error: no test specified" && exit 1', format: 'prettier --write .' };
    assert.deepEqual(await detected({ 'package.json': { scripts: none } }), []);
    folders.dispose();
    const watching = { test: 'jest --watch', 'test:ci': 'jest' };
    assert.deepEqual(lines(await detected({ 'package.json': { scripts: watching } })), [
      'npm run test:ci [test] npm run test:ci @ .',
    ]);
  });

  for (const [lockfile, command] of Object.entries({
    'package-lock.json': 'npm test',
    'pnpm-lock.yaml': 'pnpm test',
    'yarn.lock': 'yarn test',
    'bun.lock': 'bun run test',
    'bun.lockb': 'bun run test',
  })) {
    it(`runs scripts with the package manager of ${lockfile}`, async () => {
      const found = await detected({ 'package.json': { scripts: { test: 'x' } }, [lockfile]: '' });
      assert.equal(found[0]?.command.join(' '), command);
    });
  }

  it('believes packageManager over a lockfile', async () => {
    const manifest = { packageManager: 'pnpm@9.1.0', scripts: { test: 'x' } };
    assert.equal((await detected({ 'package.json': manifest, 'yarn.lock': '' }))[0]?.name, 'pnpm test');
  });

  it('checks types with the compiler where no script does', async () => {
    const found = await detected({ 'package.json': { devDependencies: { typescript: '5' } }, 'tsconfig.json': '{}' });
    assert.deepEqual(lines(found), ['tsc [types] npx --no -- tsc --noEmit @ .']);
  });

  it('finds the members of a workspace and of no other folder', async () => {
    const found = await detected({
      'package.json': { workspaces: ['packages/*', '!packages/old'], scripts: { lint: 'eslint .' } },
      'package-lock.json': '',
      'packages/a/package.json': { scripts: { test: 'x', lint: 'x' } },
      'packages/old/package.json': { scripts: { test: 'x' } },
      'tools/b/package.json': { scripts: { test: 'x' } },
      'test/fixtures/c/package.json': { scripts: { test: 'x' } },
    });
    assert.deepEqual(lines(found), [
      'npm run lint [lint] npm run lint @ .',
      'packages/a: npm test [test] npm test @ packages/a',
      'packages/a: npm run lint [lint] npm run lint @ packages/a',
    ]);
  });

  it('reads pnpm-workspace.yaml in either style', async () => {
    for (const yaml of ["packages:\n  # ours\n  - 'apps/**'\n  - libs/* # all\n", 'packages: ["apps/**", libs/*]\n']) {
      const found = await detected({
        'package.json': {},
        'pnpm-lock.yaml': '',
        'pnpm-workspace.yaml': yaml,
        'apps/x/y/package.json': { scripts: { test: 'x' } },
        'libs/z/package.json': { scripts: { test: 'x' } },
        'other/package.json': { scripts: { test: 'x' } },
      });
      assert.deepEqual(
        found.map(({ name }) => name),
        ['apps/x/y: pnpm test', 'libs/z: pnpm test'],
      );
      folders.dispose();
    }
  });

  it('takes the root’s script for all where it runs those of the members', async () => {
    const found = await detected({
      'package.json': { workspaces: { packages: ['packages/*'] }, scripts: { test: 'turbo run test' } },
      'packages/a/package.json': { scripts: { test: 'x', lint: 'x' } },
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      ['npm test', 'packages/a: npm run lint'],
    );
  });

  it('finds packages below a root that is none, and survives a broken manifest', async () => {
    const found = await detected({
      'web/package.json': { scripts: { test: 'x', lint: 1 } },
      'broken/package.json': '{ "scripts": ',
      'list/package.json': '[]',
      'null/package.json': 'null',
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      ['web: npm test'],
    );
  });

  it('runs nothing to find out', async () => {
    const touch = `node -e "require('fs').writeFileSync('ran', '')"`;
    await detected({
      'package.json': { scripts: { test: touch, pretest: touch, lint: touch, prepare: touch } },
      'setup.py': "open('ran', 'w')\n",
      Makefile: '$(shell touch ran)\ncheck:\n\ttouch ran\n',
    });
    assert.equal(existsSync(join(folders.workspace, 'ran')), false);
  });
});

describe('the variant of npm tests that measures', () => {
  const withScript = (test: string, devDependencies: object = {}) =>
    detected({ 'package.json': { scripts: { test }, devDependencies } });

  it('puts the switches of node:test before its files', async () => {
    const coverage = coverageOf(await withScript('node --import tsx --test "test/**/*.ts" --test-reporter=dot'));
    assert.deepEqual(coverage?.command, [
      'node',
      '--experimental-test-coverage',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=lcov',
      `--test-reporter-destination=${coverage?.report}`,
      '--import',
      'tsx',
      '--test',
      'test/**/*.ts',
    ]);
  });

  it('is none where a shell does more with the script', async () => {
    for (const script of ['node --test && rm x', 'node --test $FILES', 'node --test > out', 'node -e "`x`" --test']) {
      assert.equal(coverageOf(await withScript(script)), undefined, script);
      folders.dispose();
    }
  });

  it('hands the switches of vitest and jest on, where they can be', async () => {
    const vitest = await withScript('tsc && vitest run', { vitest: '3', '@vitest/coverage-v8': '3' });
    assert.deepEqual(coverageOf(vitest)?.command.slice(0, 4), ['npm', 'test', '--', '--coverage.enabled']);
    folders.dispose();
    assert.equal(coverageOf(await withScript('vitest run', { vitest: '3' })), undefined);
    folders.dispose();
    assert.deepEqual(coverageOf(await withScript('cross-env A=1 jest'))?.command.slice(0, 4), [
      'npm',
      'test',
      '--',
      '--coverage',
    ]);
    folders.dispose();
    assert.equal(coverageOf(await withScript('jest && eslint .')), undefined);
    folders.dispose();
    const pnpm = await detected({ 'package.json': { scripts: { test: 'jest' } }, 'pnpm-lock.yaml': '' });
    assert.deepEqual(coverageOf(pnpm)?.command.slice(0, 3), ['pnpm', 'test', '--coverage']);
  });

  it('is measured from outside where c8 or nyc is installed', async () => {
    const found = coverageOf(await withScript('mocha', { mocha: '11', c8: '10' }));
    assert.equal(found?.command.join(' '), 'npx --no -- c8 --reporter=lcovonly --reports-dir=.check-reports npm test');
    assert.equal(found?.report, '.check-reports/lcov.info');
  });
});

describe('detecting the checks of Python projects', () => {
  it('finds what pyproject.toml lists or sets up', async () => {
    const found = await detected({
      'pyproject.toml':
        '[project]\ndependencies = ["requests"]\n[dependency-groups]\ndev = ["pytest>=8", "pytest-cov", "mypy"]\n[tool.ruff]\nline-length = 100\n',
      'tests/test_a.py': '',
    });
    assert.deepEqual(lines(found), [
      'pytest [test] python -m pytest @ .',
      'mypy [types] python -m mypy . @ .',
      'ruff check [lint] ruff check . @ .',
    ]);
    assert.deepEqual(coverageOf(found), {
      command: ['python', '-m', 'pytest', '--cov', '--cov-report=xml:.check-reports/coverage.xml'],
      report: '.check-reports/coverage.xml',
      format: 'cobertura',
    });
  });

  it('finds what setup.cfg and requirements files list, and measures only with pytest-cov', async () => {
    const found = await detected({
      'setup.cfg': '[mypy]\nfiles = src\n[flake8]\nmax-line-length = 100\n',
      'requirements/dev.txt': '# ruff\npytest==8.3\nblack\n',
      'requirements.txt': 'pytest-mock\n',
    });
    assert.deepEqual(lines(found), [
      'pytest [test] python -m pytest @ .',
      'mypy [types] python -m mypy @ .',
      'flake8 [lint] python -m flake8 @ .',
      'black [format] python -m black --check . @ .',
    ]);
    assert.equal(coverageOf(found), undefined);
  });

  it('falls back to unittest, in a folder below too', async () => {
    const found = await detected({ 'backend/setup.py': '', 'backend/tests/test_a.py': 'import unittest\n' });
    assert.deepEqual(lines(found), ['backend: unittest [test] python -m unittest discover @ backend']);
  });

  it('takes no script without a manifest for a project', async () => {
    assert.deepEqual(await detected({ 'tool.py': '', 'test_tool.py': '' }), []);
  });
});

describe('detecting the checks of other toolchains', () => {
  it('finds cargo’s, once for a workspace', async () => {
    const found = await detected({
      'Cargo.toml': '[workspace]\nmembers = ["a"]\n',
      'a/Cargo.toml': '[package]\nname = "a"\n',
    });
    assert.deepEqual(lines(found), [
      'cargo test [test] cargo test --workspace @ .',
      'cargo check [types] cargo check --workspace --all-targets @ .',
      'cargo clippy [lint] cargo clippy --workspace --all-targets @ .',
      'cargo fmt [format] cargo fmt --all --check @ .',
    ]);
    assert.equal(coverageOf(found)?.command.slice(0, 2).join(' '), 'cargo llvm-cov');
  });

  it('finds go’s for each module, and knows the module’s name', async () => {
    const found = await detected({
      'go.mod': 'module example.com/root\n',
      'tools/go.mod': 'module example.com/tools\n',
      '.golangci.yml': '',
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      [
        'go test',
        'go vet',
        'go build',
        'golangci-lint',
        'tools: go test',
        'tools: go vet',
        'tools: go build',
        'tools: golangci-lint',
      ],
    );
    assert.equal(coverageOf(found)?.prefix, 'example.com/root');
  });

  it('takes the wrapper of Maven and Gradle first', async () => {
    assert.equal(
      (await detected({ 'pom.xml': '', mvnw: '', 'mod/pom.xml': '' }))[0]?.command.join(' '),
      './mvnw -B test',
    );
    folders.dispose();
    assert.equal((await detected({ 'pom.xml': '' }))[0]?.command[0], 'mvn');
    folders.dispose();
    const gradle = await detected({
      'build.gradle.kts': '',
      'settings.gradle.kts': '',
      gradlew: '',
      'app/build.gradle': '',
    });
    assert.deepEqual(gradle[0]?.command, ['./gradlew', '--no-daemon', '--console=plain', 'test']);
    folders.dispose();
    assert.equal((await detected({ 'build.gradle': '' }))[0]?.command[0], 'gradle');
  });

  it('finds dotnet’s by solution or project', async () => {
    const found = await detected({
      'All.sln': '',
      'src/A/A.csproj': '<Project/>',
      'test/A.Tests/A.Tests.csproj': '<PackageReference Include="coverlet.msbuild" Version="6" />',
    });
    assert.deepEqual(lines(found), ['dotnet test [test] dotnet test @ .', 'dotnet build [build] dotnet build @ .']);
    assert.ok(coverageOf(found)?.command.includes('/p:CoverletOutput=../../.check-reports/coverage.cobertura.xml'));
    folders.dispose();
    assert.deepEqual(lines(await detected({ 'src/A.fsproj': '' }))[0], 'src: dotnet test [test] dotnet test @ src');
  });

  it('takes make targets for what nothing else checks', async () => {
    const makefile = 'CC := gcc\ntest := no\n.PHONY: test lint\nlint check: deps\n\techo test:\nbuild:\n';
    assert.deepEqual(lines(await detected({ Makefile: makefile })), [
      'make check [test] make check @ .',
      'make lint [lint] make lint @ .',
      'make build [build] make build @ .',
    ]);
    folders.dispose();
    const found = await detected({ Makefile: makefile, 'package.json': { scripts: { test: 'x' } } });
    assert.deepEqual(
      found.map(({ name }) => name),
      ['npm test', 'make lint', 'make build'],
    );
  });

  it('finds pre-commit', async () => {
    assert.deepEqual(lines(await detected({ '.pre-commit-config.yaml': '' })), [
      'pre-commit [lint] pre-commit run --all-files @ .',
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    assert.deepEqual(await detected({ 'README.md': '' }), []);
  });
});
