import { FileLines, type RawCoverage, unreadable } from './raw.ts';

const TAG = /<(\/?)(coverage|source|class|line)\b([^<>]*)>/g;

/** Cobertura XML: `<class filename>` around `<line number hits>`; nothing else in it is needed. */
export function readCobertura(text: string): RawCoverage {
  if (!/<coverage\b/.test(text)) return unreadable('The report is not Cobertura XML: it has no <coverage> element.');
  if (!/<\/coverage\s*>/.test(text) && !/<coverage\b[^<>]*\/>/.test(text)) {
    return unreadable('The Cobertura report breaks off before its end.');
  }
  const lines = new FileLines();
  const sources: string[] = [];
  let path: string | undefined;
  for (const tag of text.matchAll(TAG)) {
    const [whole, closing, name, attributes = ''] = tag;
    if (name === 'class') {
      path = closing === '' && !attributes.endsWith('/') ? attribute(attributes, 'filename') : undefined;
    } else if (name === 'source' && closing === '') {
      const start = tag.index + whole.length;
      const end = text.indexOf('<', start);
      if (end > start) sources.push(decoded(text.slice(start, end).trim()));
    } else if (name === 'line' && closing === '' && path !== undefined) {
      const number = attribute(attributes, 'number');
      const hits = attribute(attributes, 'hits');
      if (number !== undefined && hits !== undefined) lines.add(path, Number(number), Number(hits));
    }
  }
  return { files: lines.files, sources };
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  const value = found?.[1] ?? found?.[2];
  return value === undefined || value === '' ? undefined : decoded(value);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '');
}
