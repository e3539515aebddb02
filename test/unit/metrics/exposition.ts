/** A strict reader of Prometheus' text format 0.0.4: what it does not know, it refuses. */

export interface Family {
  readonly type: string;
  readonly help: string;
  /** By name and labels as they stand. */
  readonly series: ReadonlyMap<string, { readonly labels: Readonly<Record<string, string>>; readonly value: number }>;
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const number = String.raw`[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)`;
const sampleLine = new RegExp(String.raw`^(${name})(?:\{(.*)\})? (${number})$`);
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The text does not end with a line feed.');
  const families = new Map<
    string,
    Family & { series: Map<string, { labels: Record<string, string>; value: number }> }
  >();
  let help: { name: string; text: string } | undefined;
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, of = '', rest = ''] = new RegExp(`^# (HELP|TYPE) (${name}) (.*)$`).exec(line) ?? [];
    if (keyword === 'HELP') {
      help = { name: of, text: rest };
    } else if (keyword === 'TYPE') {
      if (help?.name !== of || families.has(of)) throw new Error(`A family without its own head: ${line}`);
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw new Error(`No type: ${line}`);
      families.set(of, { type: rest, help: help.text, series: new Map() });
      current = of;
    } else {
      const [, sample = '', labels, value = ''] = sampleLine.exec(line) ?? [];
      const family = families.get(current);
      const suffixes = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!family || !suffixes.some((suffix) => sample === current + suffix))
        throw new Error(`Not of ${current}: ${line}`);
      const key = line.slice(0, line.lastIndexOf(' '));
      if (family.series.has(key)) throw new Error(`Twice: ${line}`);
      family.series.set(key, { labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) });
    }
  }
  return families;
}

function labelsOf(text: string | undefined): Record<string, string> {
  const labels: Record<string, string> = {};
  if (text === undefined) return labels;
  labelPair.lastIndex = 0;
  for (let end = ','; end === ','; ) {
    const [, label, value = '', separator = ''] = labelPair.exec(text) ?? [];
    if (label === undefined || label in labels) throw new Error(`No labels: {${text}}`);
    labels[label] = value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    end = separator;
  }
  return labels;
}
