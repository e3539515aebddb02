import { asPlanwrightError } from '../errors.ts';
import type { Workspace } from '../ports.ts';
import type { Template } from '../schemas.ts';
import { builtInTemplates } from './builtIn.ts';
import { parseTemplate } from './parse.ts';

export const TEMPLATES_FOLDER = '.planwright/templates';

export interface TemplateEntry {
  /** The file's name without its ending. */
  readonly id: string;
  readonly source: 'built-in' | 'workspace';
  /** What is wrong with the file, when it cannot be used. */
  readonly template: Template | { readonly problem: string };
}

/** The built-in templates and those of the workspace, which replace one of the same id; by name. */
export async function templateLibrary(workspace: Pick<Workspace, 'listFiles' | 'read'>): Promise<TemplateEntry[]> {
  const entries = new Map<string, TemplateEntry>();
  for (const [id, template] of builtInTemplates()) entries.set(id, { id, source: 'built-in', template });
  for (const path of await workspace.listFiles()) {
    const id = new RegExp(`^${TEMPLATES_FOLDER}/([^/]+)\\.md$`).exec(path)?.[1];
    if (id === undefined) continue;
    entries.set(id, { id, source: 'workspace', template: await load(workspace, path, id) });
  }
  return [...entries.values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

async function load(workspace: Pick<Workspace, 'read'>, path: string, id: string): Promise<TemplateEntry['template']> {
  try {
    return parseTemplate((await workspace.read(path))?.text ?? '', id);
  } catch (error) {
    return { problem: asPlanwrightError(error).message };
  }
}

function nameOf({ id, template }: TemplateEntry): string {
  return 'problem' in template ? id : template.name;
}
