// The entry of `npm start` and `npm test` on a fresh clone: plain JavaScript that runs on Node 20 with nothing
// installed. It installs what package-lock.json names and hands over to the Node 24 that came with it.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const [task, ...args] = process.argv.slice(2);
const windows = process.platform === 'win32';

function run(command, commandArgs) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const { status, error } = spawnSync(command, commandArgs, { cwd: root, env, stdio: 'inherit', shell: windows });
  if (error) console.error(error.message);
  return status ?? 1;
}

const installed = join(root, 'node_modules', '.package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) {
  console.log('Installing dependencies (npm ci)…');
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']);
  if (status !== 0) {
    console.error('npm ci failed. See above; the npm registry must be reachable.');
    process.exit(status);
  }
}

const packaged = join(bin, windows ? 'node.cmd' : 'node');
const [major, minor] = process.versions.node.split('.').map(Number);
if (!existsSync(packaged) && (major < 22 || (major === 22 && minor < 18))) {
  console.error(`No packaged Node for ${process.platform}-${process.arch}. Install Node 22.18 or newer and run again.`);
  process.exit(1);
}
process.exit(run(existsSync(packaged) ? packaged : process.execPath, [join('scripts', `${task}.ts`), ...args]));
