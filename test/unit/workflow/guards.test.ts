import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedPath, isDangerous, isDangerousChange, isDenied } from '../../../src/workflow/guards.ts';

test('files that can run code or steer agents need a question of their own', () => {
  for (const path of [
    '.vscode/settings.json',
    '.vscode/tasks.json',
    '.devcontainer/devcontainer.json',
    '.github/workflows/ci.yml',
    '.github/copilot-instructions.md',
    '.husky/pre-commit',
    'AGENTS.md',
    'packages/a/CLAUDE.md',
    'package.json',
    'packages/a/package.json',
    'Makefile',
    'Dockerfile',
    'project.code-workspace',
  ])
    assert.ok(isDangerous(path), path);
  for (const path of ['src/index.ts', 'README.md', 'docs/package.json.md', 'vscode/settings.json'])
    assert.ok(!isDangerous(path), path);
  assert.ok(isDangerousChange({ path: 'old/package.txt', from: 'package.json' }), 'moving one away is one');
});

test('secrets and version-control data are denied in any case and folder', () => {
  for (const path of [
    '.env',
    '.ENV.local',
    'a/.env.production',
    '.git/config',
    'a/id_rsa',
    'certs/x.pem',
    '.npmrc',
    '.aws/credentials',
  ])
    assert.ok(isDenied(path), path);
  for (const path of ['src/env.ts', 'environment.md', 'gitignore.md']) assert.ok(!isDenied(path), path);
});

test('a path is relative, inside, and clean', () => {
  assert.equal(checkedPath('./src//a.ts'), 'src/a.ts');
  assert.equal(checkedPath('src\\a.ts'), 'src/a.ts');
  for (const path of ['/etc/passwd', '../a', 'a/../../b', 'C:\\a', '\\\\server\\share', '', '.', 'a\0b'])
    assert.throws(() => checkedPath(path), { code: 'OUTSIDE_WORKSPACE' }, JSON.stringify(path));
  assert.throws(() => checkedPath('a/../.env'), { code: 'OUTSIDE_WORKSPACE' });
  assert.throws(() => checkedPath('.env'), { code: 'DENIED_PATH' });
});
