import { linesOf } from './oracle.ts';
import type { Seeded } from './seeded.ts';

type Edit = (lines: string[], random: Seeded) => string[];

const at = (lines: readonly string[], random: Seeded) => random.below(lines.length + 1);
const runAt = (lines: readonly string[], random: Seeded): [start: number, end: number] => {
  const start = at(lines, random);
  return [start, Math.min(lines.length, start + 1 + random.below(6))];
};
const endOf = (lines: readonly string[]) => (lines[0]?.endsWith('\r\n') ? '\r\n' : '\n');

/** What people do to a file: each takes lines and gives others. */
const edits: readonly [Edit, ...Edit[]] = [
  // Changes words of a few lines.
  (lines, random) => {
    const [start, end] = runAt(lines, random);
    return lines.map((line, index) =>
      index >= start && index < end ? line.replace(/\w+/, `word${random.below(99)}`) : line,
    );
  },
  // Deletes some lines.
  (lines, random) => lines.toSpliced(at(lines, random), 1 + random.below(5)),
  // Writes new lines, among them such as every file has many of.
  (lines, random) => {
    const eol = endOf(lines);
    const written = Array.from({ length: 1 + random.below(5) }, () =>
      random.pick([`new ${random.below(1000)}${eol}`, eol, `}${eol}`, `  return x;${eol}`]),
    );
    return lines.toSpliced(at(lines, random), 0, ...written);
  },
  // Copies lines to another place.
  (lines, random) => lines.toSpliced(at(lines, random), 0, ...lines.slice(...runAt(lines, random))),
  // Writes a block twice.
  (lines, random) => {
    const [start, end] = runAt(lines, random);
    return lines.toSpliced(end, 0, ...lines.slice(start, end));
  },
  // Moves lines.
  (lines, random) => {
    const [start, end] = runAt(lines, random);
    const rest = lines.toSpliced(start, end - start);
    return rest.toSpliced(at(rest, random), 0, ...lines.slice(start, end));
  },
  // Indents a block.
  (lines, random) => {
    const [start, end] = runAt(lines, random);
    return lines.map((line, index) => (index >= start && index < end && line.trim() ? `  ${line}` : line));
  },
  // Takes empty lines out of a part.
  (lines, random) => {
    const [start] = runAt(lines, random);
    return lines.filter((line, index) => index < start || index > start + 20 || line.trim() !== '');
  },
  // Renames a word in the whole file.
  (lines, random) => {
    const word = /\b[a-z]\w{3,}\b/i.exec(lines[random.below(lines.length)] ?? '')?.[0];
    return word === undefined ? lines : lines.map((line) => line.replaceAll(word, `${word}2`));
  },
  // Adds or drops the last line end.
  (lines) => {
    const last = lines.at(-1) ?? '';
    return lines.with(-1, last.endsWith('\n') ? last.replace(/\r?\n$/, '') : last + endOf(lines));
  },
];

/** The text after `count` random edits. */
export function edited(text: string, count: number, random: Seeded): string {
  let lines = linesOf(text);
  for (let done = 0; done < count; done++) {
    if (lines.length === 0) lines = ['\n'];
    // An edit may have left a line without its end inside the file: it joins the next one.
    lines = linesOf(random.pick(edits)(lines, random).join(''));
  }
  return lines.join('');
}
