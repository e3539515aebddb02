import type { Workspace } from '../ports.ts';
import { endingsOf, fileTree } from './fileTree.ts';

const GUIDANCE = ['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md'];
const MANIFESTS = ['package.json', 'pyproject.toml', 'Cargo.toml', 'go.mod', 'pom.xml', 'Makefile'];
const TREE_LINES = 160;

/** Characters that all quoted files of a kind may take, so that the digest stays under 6,000 tokens of four each. */
const GUIDANCE_CHARACTERS = 8000;
const MANIFEST_CHARACTERS = 6000;

/** What an agent should know of a workspace before its first question: conventions, manifests, history, tree. */
export async function workspaceDigest(workspace: Workspace): Promise<string> {
  const files = await workspace.listFiles();
  const log = await workspace.gitLog(undefined, 8);
  return [
    `Workspace: ${workspace.name}, ${files.length} files: ${endingsOf(files)}`,
    await guidance(workspace),
    ...(await quoted(workspace, MANIFESTS, MANIFEST_CHARACTERS)),
    log.length > 0 ? `Recent commits:\n${log.map((line) => line.slice(0, 120)).join('\n')}` : '',
    `Files:\n${fileTree(files, TREE_LINES)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The project's own conventions, for every agent that writes. Empty when it has none. */
export async function guidance(workspace: Workspace): Promise<string> {
  const found = await quoted(workspace, GUIDANCE, GUIDANCE_CHARACTERS);
  return found.length === 0 ? '' : `The project's conventions, to be followed:\n${found.join('\n')}`;
}

/** Those of the files that there are; what does not fit into `characters` is cut, and said to be. */
async function quoted(workspace: Workspace, paths: readonly string[], characters: number): Promise<string[]> {
  const files = await Promise.all(paths.map((path) => workspace.read(path).catch(() => null)));
  const found = files.filter((file) => file !== null);
  const share = Math.floor(characters / Math.max(1, found.length));
  return found.map(({ path, text }) => {
    const more = text.length - share;
    const shown = more > 0 ? `${text.slice(0, share)}\n… ${more} more characters (use read_file)` : text;
    return `--- ${path}\n${shown}`;
  });
}
