import { useEffect, useState } from 'preact/hooks';
import { duration } from './format.ts';

/**
 * Time since `since`, ticking each second until there is an end. All in milliseconds since the epoch on the
 * extension's clock, of which `offset` is what this page's lacks.
 */
export function Elapsed({ since, until, offset }: { since: number; until: number | null; offset: number }) {
  const [now, setNow] = useState(Date.now);
  const ticking = until === null;
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return <>{duration((until ?? now + offset) - since)}</>;
}
