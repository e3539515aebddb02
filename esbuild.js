/**
 * Builds what VS Code loads, and the command line, into dist/.
 *
 *   node esbuild.js [--production] [--watch] [--tests] [--cli]
 *
 * Besides the bundles it writes the JSON schema of a plan, for the editor.
 *
 * --production  minifies, leaves source maps out, writes dist/meta-*.json (what is in each bundle) and the notices
 * --watch       builds again on every change
 * --tests       adds dist/test/host.cjs, the tests that run inside VS Code
 * --cli         builds the command line and what it shares with the extension, and nothing else
 */
import { existsSync } from 'node:fs';
import { chmod, glob, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context, transform } from 'esbuild';
import { z } from 'zod';
import { planSchema } from './src/workflow/schemas.ts';

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const watch = flags.has('--watch');

const sized = (/** @type {string} */ name, /** @type {number} */ bytes) => `${name}  ${(bytes / 1000).toFixed(1)} kB`;

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'silent',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
};

/** @type {import('esbuild').BuildOptions} */
const inExtensionHost = {
  ...shared,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['vscode'],
};

/**
 * Activation must stay small, so everything that extension.ts imports dynamically is left to dist/workflow.cjs.
 * @type {import('esbuild').Plugin}
 */
const loadRestOnFirstUse = {
  name: 'load-rest-on-first-use',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './workflow.cjs', external: true } : undefined,
    );
  },
};

/**
 * Zod has its own messages in fifty languages, a quarter of a megabyte that nobody asks it for.
 * @type {import('esbuild').Plugin}
 */
const withoutZodLocales = {
  name: 'without-zod-locales',
  setup(build) {
    build.onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      /[\\/]zod[\\/]v4[\\/]/.test(importer) ? { path: 'none', namespace: 'zod-locales' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'zod-locales' }, () => ({ contents: 'export {};' }));
  },
};

/**
 * The entry of the host tests: one lazy require per test file, because Mocha's globals have to exist first.
 * @type {import('esbuild').Plugin}
 */
const hostTestEntry = {
  name: 'host-test-entry',
  setup(build) {
    build.onResolve({ filter: /^planwright:host-tests$/ }, ({ path }) => ({ path, namespace: 'host-tests' }));
    build.onLoad({ filter: /.*/, namespace: 'host-tests' }, async () => {
      const files = await Array.fromAsync(glob('test/host/**/*.test.ts', { cwd: root }));
      const loaders = files.sort().map((file) => {
        const path = file.replaceAll('\\', '/');
        return `[${JSON.stringify(path)}, () => require(${JSON.stringify(`./${path}`)})]`;
      });
      return {
        contents: `import { runHostTests } from './test/host/run.ts';
export const run = () => runHostTests([${loaders.join(', ')}]);`,
        resolveDir: root,
        watchDirs: [join(root, 'test/host'), join(root, 'test/host/reload')].filter((folder) => existsSync(folder)),
      };
    });
  },
};

/**
 * Writes a build that esbuild has split at its dynamic imports as CommonJS. esbuild splits ES modules only, and VS Code
 * answers require('vscode') in CommonJS alone, so each file is transformed once more on its way to the disk.
 * @type {import('esbuild').Plugin}
 */
const writeAsCommonJs = {
  name: 'write-as-common-js',
  setup(build) {
    build.onEnd(async ({ errors, outputFiles = [] }) => {
      if (errors.length > 0) return;
      await rm(join(root, 'dist/chunks'), { recursive: true, force: true });
      await mkdir(join(root, 'dist/chunks'), { recursive: true });
      await Promise.all(
        outputFiles.map(async ({ path, text }) => {
          const { code } = await transform(text, {
            format: 'cjs',
            platform: 'node',
            target: /** @type {string} */ (build.initialOptions.target),
            minify: production,
            sourcemap: production ? false : 'inline',
            sourcefile: basename(path),
            legalComments: 'none',
            supported: { 'dynamic-import': false },
          });
          await writeFile(path, code);
          // Lets it be run by its name.
          if (basename(path) === 'cli.cjs') await chmod(path, 0o755);
        }),
      );
    });
  },
};

/** @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  extension: {
    ...inExtensionHost,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    // As require(): VS Code answers require('vscode') inside the second bundle however it hooks ES modules.
    supported: { 'dynamic-import': false },
    plugins: [loadRestOnFirstUse],
  },
  hosts: {
    ...inExtensionHost,
    // The command line must get as far as saying that its Node is too old.
    target: 'node16',
    format: 'esm',
    splitting: true,
    write: false,
    sourcemap: production ? false : 'inline',
    entryPoints: [
      { in: 'src/commands/open.ts', out: 'workflow' },
      { in: 'src/hosts/cli/main.ts', out: 'cli' },
    ],
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [withoutZodLocales, writeAsCommonJs],
  },
  media: {
    ...shared,
    platform: 'browser',
    target: 'es2023',
    format: 'iife',
    entryPoints: [
      { in: 'media/panel.tsx', out: 'panel' },
      { in: 'media/panel.css', out: 'panel' },
      { in: 'media/dashboard/dashboard.tsx', out: 'dashboard' },
      { in: 'media/dashboard/dashboard.css', out: 'dashboard' },
    ],
    outdir: 'dist/media',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    assetNames: '[name]',
    loader: { '.ttf': 'file', '.svg': 'dataurl' },
  },
};
if (flags.has('--tests')) {
  bundles.tests = {
    ...inExtensionHost,
    minify: false,
    sourcemap: 'inline',
    entryPoints: ['planwright:host-tests'],
    outfile: 'dist/test/host.cjs',
    external: ['vscode', 'mocha'],
    plugins: [hostTestEntry],
  };
}

if (flags.has('--cli')) {
  for (const name of Object.keys(bundles)) if (name !== 'hosts') delete bundles[name];
}

/**
 * Prints the begin and end of each build in the form that .vscode/tasks.json watches for, and its errors.
 * @param {string} name
 * @returns {import('esbuild').Plugin}
 */
function report(name) {
  return {
    name: 'report',
    setup(build) {
      build.onStart(() => {
        if (watch) console.log(`[watch] ${name}: build started`);
      });
      build.onEnd((result) => {
        for (const { severity, text, location } of [
          ...result.errors.map((message) => ({ ...message, severity: 'error' })),
          ...result.warnings.map((message) => ({ ...message, severity: 'warning' })),
        ]) {
          const where = location ? `${location.file}:${location.line}:${location.column + 1}: ` : '';
          console.error(`${where}${severity}: ${text}`);
        }
        const built = Object.entries(result.metafile?.outputs ?? {}).filter(([file]) => /\.(js|cjs|css)$/.test(file));
        const chunks = built.filter(([file]) => file.startsWith('dist/chunks/'));
        for (const [file, { bytes }] of built.filter((one) => !chunks.includes(one))) console.log(sized(file, bytes));
        if (chunks.length > 0) {
          const bytes = chunks.reduce((sum, [, chunk]) => sum + chunk.bytes, 0);
          console.log(sized(`dist/chunks/ (${chunks.length} files)`, bytes));
        }
        if (watch) console.log(`[watch] ${name}: build finished`);
      });
    },
  };
}

/**
 * The licences of every package whose code is in the bundles, as their terms ask.
 * @param {import('esbuild').Metafile[]} metafiles
 */
async function notices(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const file of Object.keys(inputs)) {
      const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
      if (match) folders.add(match[0]);
    }
  }
  const parts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? (await readFile(join(root, folder, file), 'utf8')).trim() : '';
    parts.push(`${name} ${version} (${license})\n\n${text}`.trim());
  }
  return `Planwright contains code of these packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

const contexts = await Promise.all(
  Object.entries(bundles).map(async ([name, options]) => ({
    name,
    build: await context({ ...options, plugins: [...(options.plugins ?? []), report(name)] }),
  })),
);

await mkdir(join(root, 'dist/media'), { recursive: true });
await writeFile(
  join(root, 'dist/media/plan.schema.json'),
  JSON.stringify(z.toJSONSchema(planSchema, { io: 'input', target: 'draft-7' })),
);

if (watch) {
  await Promise.all(contexts.map(({ build }) => build.watch()));
} else {
  const results = await Promise.allSettled(
    contexts.map(async ({ name, build }) => ({ name, metafile: (await build.rebuild()).metafile })),
  );
  await Promise.all(contexts.map(({ build }) => build.dispose()));
  const built = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (built.length < results.length) process.exitCode = 1;
  if (production) {
    await mkdir(join(root, 'dist'), { recursive: true });
    for (const { name, metafile } of built) {
      await writeFile(join(root, 'dist', `meta-${name}.json`), JSON.stringify(metafile));
    }
    // One bundle's packages are not all of them.
    if (!flags.has('--cli'))
      await writeFile(join(root, 'dist/ThirdPartyNotices.txt'), await notices(built.map(({ metafile }) => metafile)));
  }
}
