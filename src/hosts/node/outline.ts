import type { OutlineSymbol } from '../../workflow/ports.ts';

const definitions: readonly [kind: string, pattern: RegExp][] = [
  ['class', /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:pub\s+)?class\s+([\w$]+)/],
  ['interface', /^\s*(?:export\s+)?(?:interface|trait|protocol)\s+([\w$]+)/],
  ['type', /^\s*(?:export\s+)?(?:pub\s+)?(?:type|struct|enum)\s+([\w$]+)/],
  ['function', /^\s*(?:export\s+)?(?:default\s+)?(?:pub\s+)?(?:async\s+)?(?:function\*?|def|func|fn)\s+([\w$]+)/],
  ['constant', /^(?:export\s+)?(?:const|let|var)\s+([\w$]+)/],
];

/** The definitions a text seems to make, found line by line: for where no language service runs. */
export function outlineOf(text: string): OutlineSymbol[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    for (const [kind, pattern] of definitions) {
      const name = pattern.exec(line)?.[1];
      if (name !== undefined) return [{ name, kind, line: index + 1 }];
    }
    return [];
  });
}
