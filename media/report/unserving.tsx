import type { Trace } from '../../src/workflow/trace/traceSchema.ts';
import { t } from '../l10n.ts';
import { HunkList } from './hunkList.tsx';

/** Edits that nobody asked for. */
export function Unserving({ trace }: { trace: Trace }) {
  const ids = new Set(trace.unservingHunkIds);
  return (
    <section data-testid="unserving">
      <h2>{t('Edits that serve no requirement')}</h2>
      <HunkList hunks={trace.hunks.filter(({ id }) => ids.has(id))} of="none" />
    </section>
  );
}
