import { useEffect, useState } from 'preact/hooks';
import { duration } from './format.ts';
import { t } from './l10n.ts';

/** This page's time, ticking each second while `ticking`. */
function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

/**
 * Time since `since`, ticking each second until there is an end. All in milliseconds since the epoch on the
 * extension's clock, of which `offset` is what this page's lacks.
 */
export function Elapsed({ since, until, offset }: { since: number; until: number | null; offset: number }) {
  const now = useNow(until === null);
  return <span data-clock>{duration((until ?? now + offset) - since)}</span>;
}

/** Time until the agents are expected to be done. */
export function TimeLeft({ until, offset }: { until: number; offset: number }) {
  const left = until - (useNow(true) + offset);
  return (
    <span
      title={t('By how long phases and tasks took in this workspace; your own decisions are not in it')}
      data-clock
      data-testid="time-left"
    >
      {left > 0 ? t('about {0} left', duration(left)) : t('should be done any moment')}
    </span>
  );
}
