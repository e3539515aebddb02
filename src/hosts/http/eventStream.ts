import type { StoredEvent } from '../../workflow/engine/events.ts';
import type { RunService } from './runService.ts';

/** Events are read from the log in pages of this size, and so many that happen meanwhile are kept in memory. */
const PAGE = 200;

/** How long a client should wait before it connects again, in milliseconds. */
const RECONNECT_MS = 1000;

const HEARTBEAT = ': heartbeat\n\n';

/** Every stream sends the same event as the same text. */
const frames = new WeakMap<StoredEvent, string>();

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
  const encoder = new TextEncoder();
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
  const nextText = async (): Promise<string | null> => {
    while (!stopped) {
      const events = nextEvents();
      last = events.at(-1)?.seq ?? last;
      if (events.length > 0) return events.map(frame).join('');
      if (isOver(service, runId, last)) return null;
      if (!(await pause())) return HEARTBEAT;
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
          const text = await nextText();
          if (text !== null) return controller.enqueue(encoder.encode(text));
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

function frame(stored: StoredEvent): string {
  const known = frames.get(stored);
  if (known !== undefined) return known;
  const text = `id: ${stored.seq}\ndata: ${JSON.stringify(stored)}\n\n`;
  frames.set(stored, text);
  return text;
}
