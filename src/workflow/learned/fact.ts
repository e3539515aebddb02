/** Something worth knowing in the next run. People read, change and delete these as lines of a Markdown list. */
export interface Fact {
  readonly kind: FactKind;
  readonly text: string;
}

export const factKinds = ['command', 'convention', 'finding', 'request', 'rejection'] as const;
/**
 * A command that works here, a convention, what plans here were found to lack more than once, what the developer asked
 * for, or why they rejected an edit.
 */
export type FactKind = (typeof factKinds)[number];

export const header = `# What Planwright learned in this workspace

Each line below is an entry; what fits goes into the prompts of the next run. Change, add or delete lines as you like.
An entry you delete is not learned again. One without a kind in brackets counts as a convention.
`;

/** The entries of the file, in order. What is no list item is left alone. */
export function parseFacts(markdown: string): Fact[] {
  return markdown.split(/\r?\n/).flatMap((line): Fact[] => {
    const item = /^[-*]\s+(?:\[(\w+)\]\s*)?(.+?)\s*$/.exec(line);
    if (!item?.[2]) return [];
    const kind = factKinds.find((known) => known === item[1]);
    return [{ kind: kind ?? 'convention', text: kind ? item[2] : line.replace(/^[-*]\s+/, '').trim() }];
  });
}

export function formatFact({ kind, text }: Fact): string {
  return `- [${kind}] ${text.replace(/\s+/g, ' ').trim()}`;
}

/** Two facts with the same key are the same; a finding is known by its rule, whatever example it names. */
export function keyOf({ kind, text }: Fact): string {
  const rule = kind === 'finding' ? /“([\w-]+)”/.exec(text)?.[1] : undefined;
  return `${kind} ${rule ?? text.toLowerCase().replace(/\W+/g, ' ').trim()}`;
}
