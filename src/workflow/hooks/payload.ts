import type { StoredEvent } from '../engine/events.ts';
import type { RunRecord } from '../engine/store.ts';
import { fieldsOf } from './fields.ts';
import type { Hook } from './hook.ts';

/**
 * What a hook is told of an event: `{ type, timestamp, data }`, as Standard Webhooks recommends
 * (https://github.com/standard-webhooks/standard-webhooks). Names, numbers and states, by a list of what may be
 * told: no text of files, plans or models; the request only for a hook that asks for it.
 */
export function payloadOf({ runId, attempt, seq, at, event }: StoredEvent, run: RunRecord, hook: Hook): object {
  const request = hook.includeRequest ? { request: run.input.request } : {};
  return {
    type: event.type,
    timestamp: new Date(at).toISOString(),
    data: { runId, attempt, seq, workspace: run.workspace, status: run.status, ...request, ...fieldsOf(event) },
  };
}
