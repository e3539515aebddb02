import { PlanwrightError } from './errors.ts';

/** Files whose content is never read into a prompt and never written. */
const denied: readonly RegExp[] = [
  /(^|\/)\.env($|[./-])/i,
  /(^|\/)\.npmrc$/i,
  /(^|\/)\.netrc$/i,
  /(^|\/)id_(rsa|dsa|ecdsa|ed25519)(\.|$)/i,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx)$/i,
  /(^|\/)(\.aws|\.ssh|\.gnupg)(\/|$)/i,
  /(^|\/)(credentials|secrets?)(\.(json|ya?ml|toml|ini))?$/i,
  /(^|\/)\.git(\/|$)/,
];

/** Files that can run code, or steer an agent, when they change: they need a confirmation of their own. */
const dangerous: readonly RegExp[] = [
  /(^|\/)\.(vscode|devcontainer|husky|githooks|claude|codex|cursor)(\/|$)/i,
  /(^|\/)\.github\/(workflows|actions|copilot-instructions\.md|instructions)(\/|$)/i,
  /(^|\/)(AGENTS|CLAUDE|GEMINI)\.md$/i,
  /(^|\/)(package\.json|Makefile|Dockerfile|setup\.py|build\.rs|\.envrc|\.gitattributes|\.gitmodules|\.pre-commit-config\.yaml)$/i,
  /\.code-workspace$/i,
];

/** Configuration that an editor's extensions run as code when they look at a file beside it. */
const runByEditors: readonly RegExp[] = [
  /(^|\/)[^/]*(\.config|rc)\.[cm]?[jt]sx?$/i,
  /(^|\/)\.(eslint|stylelint|prettier|babel)rc(\.\w+)?$/i,
];

export function isDenied(path: string): boolean {
  return denied.some((pattern) => pattern.test(path));
}

export function isDangerous(path: string): boolean {
  return dangerous.some((pattern) => pattern.test(path));
}

/** Would looking at the files of a copy with the change run what the change says? */
export function isRunByEditors(path: string): boolean {
  return isDangerous(path) || runByEditors.some((pattern) => pattern.test(path));
}

/** As {@link isDangerous}, for a change: also one that moves such a file away. */
export function isDangerousChange({
  path,
  from,
}: {
  readonly path: string;
  readonly from?: string | undefined;
}): boolean {
  return isDangerous(path) || (from !== undefined && isDangerous(from));
}

/**
 * The path as the workflow keeps it: relative, forward slashes, no `.` parts. This looks at the text only;
 * a host also resolves links, at the moment it reads or writes.
 * @throws PlanwrightError OUTSIDE_WORKSPACE | DENIED_PATH
 */
export function checkedPath(path: string): string {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '.' && part !== '');
  const absolute = /^([/\\]|[A-Za-z]:)/.test(path);
  if (absolute || parts.includes('..') || parts.length === 0 || path.includes('\0')) {
    throw new PlanwrightError('OUTSIDE_WORKSPACE', `“${path}” is not a path inside the workspace.`, {
      hint: 'Use a path relative to the workspace folder, such as src/index.ts.',
    });
  }
  const clean = parts.join('/');
  if (isDenied(clean)) {
    throw new PlanwrightError('DENIED_PATH', `“${clean}” may hold secrets or version-control data and is off limits.`, {
      hint: 'Work without it; the developer can change this file by hand.',
    });
  }
  return clean;
}
