import { exact, type MetricName } from './catalogue.ts';

/** One measurement. */
export interface Sample {
  readonly metric: MetricName;
  /** A JSON object, its keys sorted: the same labels are the same text. */
  readonly labels: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

export function sample(metric: MetricName, at: number, value: number, labels: Labels = {}): Sample {
  return { metric, labels: labelsText(labels), at, value: exact(metric, value) };
}

export function labelsText(labels: Labels): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
}
