import type { Family } from './families.ts';
import type { Labels } from './sample.ts';

/** What the text is, for the Content-Type of an answer. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metrics in the text format that Prometheus reads, version 0.0.4:
 * https://prometheus.io/docs/instrumenting/exposition_formats/.
 */
export function prometheusText(families: readonly Family[]): string {
  return [...families.flatMap((family) => [...head(family), ...lines(family)]), ''].join('\n');
}

function head({ name, help, type }: Family): string[] {
  return [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`];
}

function lines(family: Family): string[] {
  const { name } = family;
  if (family.type !== 'histogram') return family.series.map(({ labels, value }) => line(name, labels, value));
  return family.series.flatMap(({ labels, buckets, count, sum }) => [
    ...buckets.map((bucket) => line(`${name}_bucket`, { ...labels, le: String(bucket.upTo) }, bucket.count)),
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ]);
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
