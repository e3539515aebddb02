import type { Input } from '../schemas.ts';
import { type Block, type ListItem, markdownBlocks } from './markdownBlocks.ts';

type Section = 'requirements' | 'constraints' | 'outOfScope';

/** Headings that say what the items under them are, in English and German; docs/starting.md lists them. */
const sections: readonly (readonly [Section, RegExp])[] = [
  ['outOfScope', /^(out of scope|not in scope|non-?goals?|nicht im umfang|nicht[- ]ziele)\b/i],
  [
    'constraints',
    /^(constraints?|limits|limitations|rules|must not|non-functional requirements|(rahmen)?bedingungen|einschränkungen|regeln)\b/i,
  ],
  [
    'requirements',
    /^((functional )?requirements?|acceptance criteria|definition of done|done when|goals?|must( have)?|expected( behaviou?r| result)?|what to build|to ?do|tasks|anforderungen|akzeptanzkriterien|ziele|aufgaben|erwartetes verhalten)\b/i,
  ],
];

/** The longest request that is made of a file; the schema's own limit is 20,000 characters. */
const MAX_REQUEST = 19_000;

/**
 * What a Markdown text asks for. Items under a heading such as “Requirements” or “Acceptance criteria” are
 * requirements, under “Constraints” or “Out of scope” constraints. Without such a heading, the boxes of task lists
 * are requirements; without those, the items right under the title. Ticked boxes are done and stay in the request.
 * The request is the title and all the text that is neither.
 * @param name of the file, to point at when it is too long to be taken whole
 */
export function markdownRequest(markdown: string, name?: string): Input {
  const { title: given, body } = withoutFrontMatter(markdown.replace(/^\uFEFF/, ''));
  const blocks = markdownBlocks(body);
  const titled = blocks[0]?.kind === 'heading' ? blocks[0] : undefined;
  const title = titled?.text ?? given;
  const rest = titled ? blocks.slice(1) : blocks;
  const { requirements, constraints, text } = sorted(rest);
  const whole = [title, ...text].filter(Boolean).join('\n\n');
  const where = name ? ` The whole is in ${name}.` : '';
  const request =
    whole.length > MAX_REQUEST ? `${whole.slice(0, MAX_REQUEST).trimEnd()}\n\n… cut here.${where}` : whole;
  return { request, requirements, ...(constraints.length > 0 ? { constraints } : {}) };
}

function sorted(blocks: readonly Block[]): { requirements: string[]; constraints: string[]; text: string[] } {
  const found: Record<Section, string[]> = { requirements: [], constraints: [], outOfScope: [] };
  const text: string[] = [];
  for (const { section, block } of inSections(blocks)) {
    if (section === null) text.push(block.source);
    else if (block.kind === 'list') {
      found[section].push(...block.items.filter(open).map((entry) => entry.text));
      text.push(...doneOf(block.items));
    } else if (block.kind === 'text') found[section].push(block.source.replace(/\s+/g, ' ').trim());
  }
  const constraints = [...found.constraints, ...found.outOfScope.map((entry) => `Out of scope: ${entry}`)];
  if (found.requirements.length > 0) return { requirements: found.requirements, constraints, text };
  const lists = listsThatAsk(blocks);
  const taken = new Set(lists.map(({ source }) => source));
  const asked = lists.flatMap(({ items }) => items.filter(open)).map((entry) => entry.text);
  const left = text.filter((source) => !taken.has(source));
  return { requirements: asked, constraints, text: [...left, ...lists.flatMap(({ items }) => doneOf(items))] };
}

/** Each block with the section it is in. A section ends at the next heading of its level or above, or of another kind. */
function inSections(blocks: readonly Block[]): { section: Section | null; block: Block }[] {
  let section: Section | null = null;
  let level = 0;
  return blocks.map((block) => {
    if (block.kind !== 'heading') return { section, block };
    const kind = sections.find(([, pattern]) => pattern.test(block.text))?.[0] ?? null;
    if (kind !== null || block.level <= level) [section, level] = [kind, block.level];
    return { section, block };
  });
}

/** Where no heading says so: task lists, else the lists right under the title. */
function listsThatAsk(blocks: readonly Block[]): Extract<Block, { kind: 'list' }>[] {
  const isList = (block: Block) => block.kind === 'list';
  const inNone = inSections(blocks).flatMap(({ section, block }) => (section === null ? [block] : []));
  const tasks = inNone.filter(isList).filter(({ items }) => items.some(({ ticked }) => ticked !== null));
  if (tasks.length > 0) return tasks;
  const firstHeading = blocks.findIndex(({ kind }) => kind === 'heading');
  return blocks.slice(0, firstHeading < 0 ? undefined : firstHeading).filter(isList);
}

function open({ ticked }: ListItem): boolean {
  return ticked !== true;
}

function doneOf(items: readonly ListItem[]): string[] {
  const done = items.filter((entry) => !open(entry));
  return done.length === 0 ? [] : [`Done already:\n${done.map(({ text }) => `- ${text}`).join('\n')}`];
}

/** Of front matter only a title says something about the request. */
function withoutFrontMatter(text: string): { title?: string; body: string } {
  const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n?---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined) return { body: text };
  const title = /^title:[ \t]*(["']?)(.*?)\1[ \t]*$/m.exec(head)?.[2];
  return { ...(title ? { title } : {}), body };
}
