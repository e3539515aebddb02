import type { Task } from '../../src/workflow/schemas.ts';

/** A task's lists as the text one types, and back. What cannot be read is left out, and the field shows that. */

export function linesFromText(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** @param letter the one that ids of this kind begin with */
export function idsFromText(text: string, letter: 'T' | 'R'): string[] {
  const ids = text.toUpperCase().match(new RegExp(`\\b${letter}\\d+\\b`, 'g')) ?? [];
  return [...new Set(ids)];
}

export function filesAsText(files: Task['files']): string {
  return files
    .map(({ action, path, from }) => (action === 'rename' ? `rename ${from ?? ''} -> ${path}` : `${action} ${path}`))
    .join('\n');
}

export function filesFromText(text: string): Task['files'] {
  return linesFromText(text).flatMap((line): Task['files'] => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.+)$/.exec(line) ?? [];
    const action = (['create', 'modify', 'delete', 'rename'] as const).find((known) => known === word.toLowerCase());
    if (action === undefined) return [];
    if (action !== 'rename') return [{ path: rest.trim(), action }];
    const [from = '', path = ''] = rest.split('->').map((part) => part.trim());
    return from === '' || path === '' ? [] : [{ path, action, from }];
  });
}
