import { say } from '../words/say.ts';
import type { CoverageFormat } from './coverageFormat.ts';
import { readCobertura } from './reports/cobertura.ts';
import { readGoProfile } from './reports/goProfile.ts';
import { readIstanbul } from './reports/istanbul.ts';
import { readLcov } from './reports/lcov.ts';
import { FileLines, type RawCoverage } from './reports/raw.ts';

/** What a coverage report says, by the workspace's paths. */
export interface Coverage {
  /** Percent of lines, to one decimal, rounded down; null when the report tells nothing. */
  readonly overall: number | null;
  /** Line numbers from 1. Empty for a report that has sums only. */
  readonly files: ReadonlyMap<string, { readonly covered: ReadonlySet<number>; readonly total: ReadonlySet<number> }>;
  /** Why `overall` is null. */
  readonly reason?: string;
}

/** Where a report was written, so that its paths can be told. */
export interface ReportPlace {
  /** The absolute path of the folder that stood for the workspace. */
  readonly root: string;
  /** Where the command ran, relative to `root`; '.' for `root` itself. */
  readonly cwd: string;
  readonly prefix?: string | undefined;
}

const readers: Record<CoverageFormat, (text: string) => RawCoverage> = {
  lcov: readLcov,
  cobertura: readCobertura,
  istanbul: readIstanbul,
  go: readGoProfile,
};

/** Reads a coverage report. Never throws: a report that makes no sense has no `overall`, and says why. */
export function readCoverage(text: string, format: CoverageFormat, place: ReportPlace): Coverage {
  if (text.trim() === '') return noCoverage(say`The report is empty.`);
  const raw = readers[format](text);
  if (raw.reason !== undefined) return noCoverage(raw.reason);

  const lines = new FileLines();
  for (const [path, file] of raw.files) {
    const known = pathInWorkspace(path, place, raw.sources ?? []);
    if (known !== null) lines.addAll(known, file);
  }
  const overall = raw.summary ?? sumOf(lines.files);
  if (overall.total === 0) return noCoverage(say`The report has no lines of this workspace.`);
  return { overall: percent(overall.covered, overall.total), files: lines.files };
}

export function noCoverage(reason: string): Coverage {
  return { overall: null, files: new Map(), reason };
}

/**
 * Percent of the changed lines that tests ran, of those the report counts as code; null when it counts none.
 * @param changedLines line numbers from 1, by path
 */
export function changedLineCoverage(
  coverage: Coverage,
  changedLines: ReadonlyMap<string, readonly number[]>,
): number | null {
  let covered = 0;
  let total = 0;
  for (const [path, lines] of changedLines) {
    const file = coverage.files.get(path);
    for (const line of new Set(lines)) {
      if (!file?.total.has(line)) continue;
      total++;
      if (file.covered.has(line)) covered++;
    }
  }
  return total === 0 ? null : percent(covered, total);
}

/** Changed files the report does not speak of: no test has loaded them, or they are no code. */
export function unmeasuredFiles(coverage: Coverage, changedLines: ReadonlyMap<string, readonly number[]>): string[] {
  return [...changedLines.keys()].filter((path) => !coverage.files.has(path));
}

/** Of several reports: what any of them has covered is covered. */
export function mergeCoverage(reports: readonly Coverage[]): Coverage {
  const measured = reports.filter(({ overall }) => overall !== null);
  const [first] = measured;
  if (!first) return noCoverage(reports.find(({ reason }) => reason)?.reason ?? say`Nothing was measured.`);
  if (measured.length === 1) return first;
  if (measured.some(({ files }) => files.size === 0)) return noCoverage(say`Sums alone cannot be added up.`);
  const lines = new FileLines();
  for (const { files } of measured) for (const [path, file] of files) lines.addAll(path, file);
  const { covered, total } = sumOf(lines.files);
  return { overall: percent(covered, total), files: lines.files };
}

function sumOf(files: Coverage['files']): { covered: number; total: number } {
  let covered = 0;
  let total = 0;
  for (const file of files.values()) {
    covered += file.covered.size;
    total += file.total.size;
  }
  return { covered, total };
}

/** Rounded down, so that only all lines make 100. */
function percent(covered: number, total: number): number {
  return Math.floor((covered / total) * 1000) / 10;
}

/** The workspace's path for a report's; null for a file that is not the workspace's. */
function pathInWorkspace(path: string, place: ReportPlace, sources: readonly string[]): string | null {
  const { prefix } = place;
  let known = slashes(path);
  if (prefix !== undefined) {
    if (!known.startsWith(`${prefix}/`)) return null;
    known = known.slice(prefix.length + 1);
  }
  const root = `${slashes(place.root)}/`;
  if (!isAbsolute(known)) {
    // Cobertura's paths are relative to one of its sources; with several, nobody says which.
    const [source] = sources.length === 1 ? sources : [];
    const base = source !== undefined && isAbsolute(slashes(source)) ? slashes(source) : root + place.cwd;
    known = `${base}/${known}`;
  }
  const normal = normalized(known);
  return normal.startsWith(root) ? normal.slice(root.length) : null;
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/').replace(/^file:\/\//, '');
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 1) parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}
