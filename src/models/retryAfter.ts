/**
 * How long a server asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as an HTTP
 * date. A date is measured from the server's own `date` where it gives one, so that a wrong clock here does not
 * matter. Undefined when it does not say, or says something unreadable.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: () => number): number | undefined {
  const exact = number(headers['retry-after-ms']);
  if (exact !== undefined) return exact;
  const text = headers['retry-after'];
  const seconds = number(text);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  const until = Date.parse(text ?? '');
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(headers.date ?? '');
  return Math.max(0, until - (Number.isNaN(sent) ? now() : sent));
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
