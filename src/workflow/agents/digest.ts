import type { Workspace } from '../ports.ts';

const GUIDANCE = ['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md'];
const MANIFESTS = ['package.json', 'pyproject.toml', 'Cargo.toml', 'go.mod', 'pom.xml', 'Makefile'];
const MAX_FILES = 400;
const MAX_TEXT = 6000;

/** What an agent should know of a workspace before its first question: conventions, manifests, history, tree. */
export async function workspaceDigest(workspace: Workspace): Promise<string> {
  const files = await workspace.listFiles();
  const shown = files.slice(0, MAX_FILES);
  const more = files.length > shown.length ? [`… ${files.length - shown.length} more (use list_files)`] : [];
  const log = await workspace.gitLog(undefined, 8);
  return [
    `Workspace: ${workspace.name}`,
    await guidance(workspace),
    ...(await quoted(workspace, MANIFESTS)),
    log.length > 0 ? `Recent commits:\n${log.join('\n')}` : '',
    `Files:\n${[...shown, ...more].join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The project's own conventions, for every agent that writes. Empty when it has none. */
export async function guidance(workspace: Workspace): Promise<string> {
  const found = await quoted(workspace, GUIDANCE);
  return found.length === 0 ? '' : `The project's conventions, to be followed:\n${found.join('\n')}`;
}

async function quoted(workspace: Workspace, paths: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    paths.map(async (path) => {
      const file = await workspace.read(path).catch(() => null);
      if (!file) return '';
      const cut =
        file.text.length > MAX_TEXT
          ? `${file.text.slice(0, MAX_TEXT)}\n… ${file.text.length - MAX_TEXT} more characters`
          : file.text;
      return `--- ${path}\n${cut}`;
    }),
  );
  return texts.filter((text) => text !== '');
}
