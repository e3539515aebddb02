import { token } from './apiServer.ts';

export interface SentEvent {
  readonly id: string;
  readonly data: string;
}

/** What a stream sent until it ended or `enough` was true; comments apart. */
export async function readEvents(
  port: number,
  runId: string,
  options: {
    readonly lastEventId?: string;
    readonly enough?: (events: readonly SentEvent[], comments: readonly string[]) => boolean;
  } = {},
): Promise<{ status: number; events: SentEvent[]; comments: string[]; ended: boolean }> {
  const { lastEventId, enough = () => false } = options;
  const response = await fetch(`http://127.0.0.1:${port}/api/workflows/${runId}/events`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  const events: SentEvent[] = [];
  const comments: string[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(':')) comments.push(part.slice(1).trim());
      const id = /^id: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (id !== undefined && data !== undefined) events.push({ id, data });
    }
    // Leaving the loop cancels the body, and with it the connection.
    if (enough(events, comments)) return { status: response.status, events, comments, ended: false };
  }
  return { status: response.status, events, comments, ended: true };
}
