import type { StoredEvent } from '../../workflow/engine/events.ts';
import type { RunService } from './runService.ts';

/** Events are read from the log in pages of this size, and so many that happen meanwhile are kept in memory. */
const PAGE = 200;

/** How long a client should wait before it connects again, in milliseconds. */
const RECONNECT_MS = 1000;

const HEARTBEAT = ': heartbeat\n\n';

/**
 * How long what happens is gathered before it is sent, in milliseconds: a run that writes many events at a time is sent in
 * few pieces to each of many clients.
 */
const GATHER_MS = 50;

/** Every stream sends the same events as the same bytes: by the first of them, up to the last. */
const frames = new WeakMap<StoredEvent, { readonly last: StoredEvent; readonly bytes: Uint8Array }>();
const encoder = new TextEncoder();

/**
 * A run's events after `after` as server-sent events, the id of each being its number; ends once the run has ended
 * and all was sent. A client that reads slowly makes the server read the log again, not keep the events.
 * @param heartbeatMs how long to be silent at most, in milliseconds
 */
export function eventStream(
  service: RunService,
  runId: string,
  after: number,
  heartbeatMs: number,
): ReadableStream<Uint8Array> {
  let last = after;
  /** What has happened since the log was read to its end. */
  let news: StoredEvent[] = [];
  /** There may be events in the log that are not in the news. */
  let behind = true;
  let wake = () => {};
  let unsubscribe = () => {};
  let greeted = false;
  let stopped = false;

  const hear = (stored: StoredEvent): void => {
    if (stored.runId !== runId) return;
    if (news.length < PAGE) news.push(stored);
    else behind = true;
    wake();
  };
  const nextEvents = (): readonly StoredEvent[] => {
    if (!behind) {
      const fresh = news.filter(({ seq }) => seq > last);
      news = [];
      if (fresh.every(({ seq }, index) => seq === last + 1 + index)) return fresh;
    }
    news = [];
    const page = service.events(runId, last, PAGE);
    behind = page.length === PAGE;
    return page;
  };
  /** True once something happened, false when nothing did for so long. */
  const pause = (): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), heartbeatMs);
      wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  const nextBytes = async (): Promise<Uint8Array | null> => {
    while (!stopped) {
      const events = nextEvents();
      last = events.at(-1)?.seq ?? last;
      if (events.length > 0) return framed(events);
      if (isOver(service, runId, last)) return null;
      if (!(await pause())) return encoder.encode(HEARTBEAT);
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
    return null;
  };
  const stop = (): void => {
    stopped = true;
    unsubscribe();
    wake();
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!greeted) {
          greeted = true;
          unsubscribe = service.subscribe(hear);
          controller.enqueue(encoder.encode(`retry: ${RECONNECT_MS}\n\n`));
          return;
        }
        try {
          const bytes = await nextBytes();
          if (bytes !== null) return controller.enqueue(bytes);
        } catch {
          // The run was deleted meanwhile: there is nothing more to come.
        }
        if (stopped) return; // The client has gone.
        stop();
        controller.close();
      },
      cancel: stop,
    },
    // Nothing is subscribed for an answer that nobody reads, such as that to HEAD.
    { highWaterMark: 0 },
  );
}

/** The run has ended and `seq` is its last event. */
export function isOver(service: RunService, runId: string, seq: number): boolean {
  const view = service.view(runId);
  return seq >= view.seq && view.endedAt !== null;
}

function framed(events: readonly StoredEvent[]): Uint8Array {
  const [first, last] = [events[0] as StoredEvent, events.at(-1) as StoredEvent];
  const known = frames.get(first);
  if (known?.last === last) return known.bytes.slice();
  const text = events.map((stored) => `id: ${stored.seq}\ndata: ${JSON.stringify(stored)}\n\n`).join('');
  const bytes = encoder.encode(text);
  frames.set(first, { last, bytes });
  return bytes.slice();
}
