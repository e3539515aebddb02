import { FileLines, type RawCoverage, unreadable } from './raw.ts';

/** lcov: 'SF:PATH', 'DA:LINE,HITS' for each line, 'end_of_record'. */
export function readLcov(text: string): RawCoverage {
  const lines = new FileLines();
  let path: string | undefined;
  let records = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('SF:')) {
      path = line.slice(3);
    } else if (line === 'end_of_record') {
      if (path !== undefined) records++;
      path = undefined;
    } else if (path !== undefined && line.startsWith('DA:')) {
      const [number = '', hits = ''] = line.slice(3).split(',');
      if (number !== '' && hits !== '') lines.add(path, Number(number), Number(hits));
    }
  }
  if (records === 0) return unreadable('The report is not lcov: it has no complete record.');
  if (path !== undefined) return unreadable('The lcov report breaks off in the middle of a record.');
  return { files: lines.files };
}
