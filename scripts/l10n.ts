import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults, readTexts, textsInSources } from './lib/l10nStrings.ts';
import { root } from './lib/paths.ts';

/**
 * Writes l10n/bundle.l10n.json, the English texts of the sources, and says what each translation lacks.
 * A translation keeps its entries in the English order; what nothing uses any more leaves it.
 */
const english = Object.fromEntries(textsInSources().map((text) => [text, text]));
write('l10n/bundle.l10n.json', english);
const manifest = readTexts('package.nls.json');
for (const path of globSync(['l10n/bundle.l10n.*.json', 'package.nls.*.json'], { cwd: root }).sort()) {
  const wanted = path.startsWith('l10n') ? english : manifest;
  const given = readTexts(path);
  const kept = Object.keys(wanted).flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]]));
  write(path, Object.fromEntries(kept));
  for (const fault of faults(path, wanted, readTexts(path))) console.log(fault);
}

function write(path: string, texts: object): void {
  writeFileSync(join(root, path), `${JSON.stringify(texts, null, 2)}\n`);
}
