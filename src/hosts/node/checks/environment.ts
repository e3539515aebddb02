import { delimiter } from 'node:path';

/** Variables whose names say that they hold a secret, or the way to one. */
const secretName =
  /KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE|COOKIE|DSN$|_PASS$|_PWD$|^PGPASS|_AUTH|^AUTH|ASKPASS/i;

/** Variables of services and tools that hold keys, or that say who the developer is to them. */
const secretPrefix =
  /^(PLANWRIGHT|OPENAI|ANTHROPIC|CLAUDE|GEMINI|MISTRAL|AWS|AZURE|ARM|GOOGLE|GCP|GCLOUD|CLOUDFLARE|HF|GH|GITHUB|GITLAB|GL|CI_JOB|BITBUCKET|NPM|YARN_NPM|TWINE|PYPI|CARGO_REGISTRIES|CARGO_REGISTRY|DOCKER|VAULT|SLACK|SENTRY|STRIPE|TWILIO|OTEL)_/i;

/**
 * Variables that belong to the process that starts the check: git’s, the editor’s, a test runner’s own, and the cache of
 * compiled modules, which makes coverage imprecise.
 */
const startersOwn =
  /^(GIT_(?!AUTHOR|COMMITTER)|VSCODE_|ELECTRON_|CHROME_DESKTOP$|NODE_TEST_|NODE_V8_COVERAGE$|NODE_COMPILE_CACHE$|NODE_CHANNEL|FORCE_COLOR$|INIT_CWD$)/i;

/** A URL with a name and a password in it. */
const urlWithPassword = /:\/\/[^\s/:@]*:[^\s/@]+@/;

/**
 * The environment of a check: the developer's, without secrets and without what would steer it from outside.
 * @param first folders to look for programs in before those of PATH
 */
export function checkEnvironment(
  env: Readonly<NodeJS.ProcessEnv>,
  {
    first = [],
    more = {},
  }: { readonly first?: readonly string[]; readonly more?: Readonly<Record<string, string>> } = {},
): Record<string, string> {
  const result: Record<string, string> = {};
  let pathName = 'PATH';
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || isSecret(name, value)) continue;
    if (startersOwn.test(name)) continue;
    if (/^NODE_OPTIONS$/i.test(name) && /inspect|bootloader/.test(value)) continue;
    if (/^path$/i.test(name)) pathName = name; // 'Path' on Windows.
    result[name] = value;
  }
  result[pathName] = [...first, result[pathName] ?? ''].filter((part) => part !== '').join(delimiter);
  return { ...result, CI: '1', NO_COLOR: '1', TERM: 'dumb', GIT_TERMINAL_PROMPT: '0', ...more };
}

function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || secretPrefix.test(name) || urlWithPassword.test(value);
}
