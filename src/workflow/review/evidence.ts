import type { Evidence, Plan } from '../schemas.ts';

/** What evidence may point at. */
export interface EvidenceSources {
  readonly plan: Plan;
  readonly files: ReadonlySet<string>;
  /** The texts a quote may come from, besides the plan: what the reviewer read. */
  readonly texts: readonly string[];
}

/**
 * Keeps the evidence that points at something real: every task, requirement, path and quote it names must
 * exist. A quote is looked for in the plan's strings and the texts read, white space folded.
 */
export function checkEvidence(
  evidence: readonly Evidence[],
  sources: EvidenceSources,
): { kept: Evidence[]; dropped: number } {
  const quotable = [...stringsOf(sources.plan), ...sources.texts].map(fold);
  const kept = evidence.filter((item) => isReal(item, sources, quotable));
  return { kept, dropped: evidence.length - kept.length };
}

function isReal(item: Evidence, { plan, files }: EvidenceSources, quotable: readonly string[]): boolean {
  const { taskId, requirementId, path, quote } = item;
  if (!taskId && !requirementId && !path && !quote) return false;
  if (taskId && !plan.tasks.some(({ id }) => id === taskId)) return false;
  if (requirementId && !plan.requirements.some(({ id }) => id === requirementId)) return false;
  if (path && !files.has(path) && !plan.tasks.some((task) => task.files.some((file) => file.path === path)))
    return false;
  if (quote && (fold(quote) === '' || !quotable.some((text) => text.includes(fold(quote))))) return false;
  return true;
}

function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(stringsOf);
  return [];
}
