import type { ComponentChildren } from 'preact';

/**
 * What an agent wrote, as paragraphs, lists, code and headings. Every piece ends up in a text node; nothing
 * in it is ever read as HTML.
 */
export function Prose({ text }: { text: string }) {
  return <div class="prose">{blocksOf(text).map(drawBlock)}</div>;
}

interface Block {
  readonly kind: 'text' | 'list' | 'code' | 'heading';
  readonly lines: readonly string[];
}

function drawBlock({ kind, lines }: Block): ComponentChildren {
  switch (kind) {
    case 'code':
      return <pre>{lines.join('\n')}</pre>;
    case 'heading':
      return <p class="prose-heading">{inline(lines.join(' '))}</p>;
    case 'list':
      return (
        <ul>
          {lines.map((line) => (
            <li>{inline(line)}</li>
          ))}
        </ul>
      );
    case 'text':
      return <p>{inline(lines.join('\n'))}</p>;
  }
}

/** Code spans between backticks; all else as it is. */
export function inline(text: string): ComponentChildren {
  return text.split('`').map((part, index, parts) => {
    const closed = index % 2 === 1 && index < parts.length - 1;
    if (closed) return <code>{part}</code>;
    return index % 2 === 1 ? `\`${part}` : part;
  });
}

function blocksOf(text: string): readonly Block[] {
  const blocks: { kind: Block['kind']; lines: string[] }[] = [];
  let open: { kind: Block['kind']; lines: string[] } | null = null;
  const add = (kind: Block['kind'], line: string) => {
    if (open?.kind !== kind) {
      open = { kind, lines: [] };
      blocks.push(open);
    }
    open.lines.push(line);
  };
  let fenced = false;
  for (const line of text.trim().split(/\r?\n/)) {
    if (line.trimStart().startsWith('```')) {
      fenced = !fenced;
      open = null;
    } else if (fenced) {
      add('code', line);
    } else if (line.trim() === '') {
      open = null;
    } else if (/^#{1,6}\s/.test(line)) {
      open = null;
      add('heading', line.replace(/^#+\s+/, ''));
      open = null;
    } else if (/^\s*[-*]\s/.test(line)) {
      add('list', line.replace(/^\s*[-*]\s+/, ''));
    } else {
      add('text', line);
    }
  }
  return blocks;
}
