import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { runQuietly } from './processes.ts';

/** Debian's headless shell first: the same engine without a browser around it, which starts in two thirds of the time. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium: PLANWRIGHT_BROWSER, one that is installed, Playwright's download, or Debian's package when root. */
export async function findBrowser(): Promise<string> {
  const found = process.env.PLANWRIGHT_BROWSER ?? installed();
  if (found) return found;
  console.log('No Chromium found; getting one…');
  await runQuietly('npx', ['playwright-core', 'install', 'chromium-headless-shell']).catch(() => {});
  const downloaded = chromium.executablePath();
  if (downloaded && existsSync(downloaded)) return downloaded;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runQuietly('apt-get', ['update'], { env });
    for (const name of ['chromium-headless-shell', 'chromium']) {
      const args = ['install', '-y', '--no-install-recommends', name, 'fonts-dejavu-core'];
      await runQuietly('apt-get', args, { env }).catch(() => {}); // Older releases have no such package.
      const packaged = installed();
      if (packaged) return packaged;
    }
  }
  throw new Error('The tests need a Chromium. Install Chrome, Chromium or Edge, or name one in PLANWRIGHT_BROWSER.');
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findBrowser(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
}

function installed(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find((path) => existsSync(path));
}
