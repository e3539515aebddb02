import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { written } from './cliProcess.ts';

const victim = `
import { onStopSignals } from ${JSON.stringify(new URL('../../../src/hosts/cli/stopSignals.ts', import.meta.url).href)};
onStopSignals({ cancel: () => console.log('cancelling'), letGo: () => {} });
setInterval(() => {}, 1000);
console.log('ready');
`;

test('a second Ctrl-C leaves at once, also while cancelling takes its time', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', victim]);
  t.after(() => child.kill('SIGKILL'));
  const code = new Promise((resolve) => child.on('exit', resolve));
  const cancelling = written(child.stdout, /cancelling/);
  await written(child.stdout, /ready/);
  child.kill('SIGINT');
  await cancelling;
  child.kill('SIGINT');
  assert.equal(await code, 130);
});
