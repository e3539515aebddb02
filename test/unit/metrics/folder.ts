import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { storeAt } from './generatedRuns.ts';

/** Where a database of this test may be; removed after it. */
export function databaseOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-metrics-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'planwright.db');
}

/** A store on a database of this test, or on the one given; closed after it. */
export function openStore(t: TestContext, path = databaseOf(t)) {
  const opened = storeAt(path);
  t.after(() => opened.db.close());
  return { ...opened, path };
}
