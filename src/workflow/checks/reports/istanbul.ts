import { z } from 'zod';
import { FileLines, type RawCoverage, unreadable } from './raw.ts';

const fileSchema = z.object({
  path: z.string(),
  statementMap: z.record(z.string(), z.object({ start: z.object({ line: z.number() }) })),
  s: z.record(z.string(), z.number()),
});

const summarySchema = z.object({
  total: z.object({ lines: z.object({ total: z.number().int().min(0), covered: z.number().int().min(0) }) }),
});

/** Istanbul's coverage-final.json, or the sums of its coverage-summary.json. */
export function readIstanbul(text: string): RawCoverage {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return unreadable('The report is not JSON.');
  }
  const summary = summarySchema.safeParse(report);
  if (summary.success) {
    const { covered, total } = summary.data.total.lines;
    if (covered > total) return unreadable('The report has more covered lines than lines.');
    return { files: new Map(), summary: { covered, total } };
  }
  const final = z.record(z.string(), z.unknown()).safeParse(report);
  if (!final.success || Array.isArray(report)) return unreadable('The report is not Istanbul’s: it is no object.');
  const lines = new FileLines();
  let read = 0;
  for (const value of Object.values(final.data)) {
    const file = fileSchema.safeParse(value);
    if (!file.success) continue;
    read++;
    const { path, statementMap, s } = file.data;
    // As Istanbul has it: a line is one on which a statement begins, and ran when one of them did.
    for (const [id, { start }] of Object.entries(statementMap)) lines.add(path, start.line, s[id] ?? 0);
  }
  return read === 0 ? unreadable('The report is not Istanbul’s: it tells of no file.') : { files: lines.files };
}
