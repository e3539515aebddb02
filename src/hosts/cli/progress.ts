import type { StoredEvent } from '../../workflow/engine/events.ts';
import type { RunView } from '../../workflow/runState.ts';
import { eventText } from './eventText.ts';
import type { Terminal } from './terminal.ts';
import { columnsOf, oneLine } from './visible.ts';

/**
 * Shows how far a run is: a line for what happens, and, on a terminal, one at the bottom for what goes on. A
 * program that reads events does not want the lines too.
 */
export function showProgress(terminal: Terminal, view: RunView, { event }: StoredEvent, lines: boolean): void {
  const text = lines ? eventText(event, view) : undefined;
  if (text !== undefined) {
    const indent = text.startsWith('  ') ? '  ' : '';
    const line = indent + oneLine(text, terminal.live ? terminal.columns - indent.length - 1 : undefined);
    terminal.note(indent === '' ? terminal.style('bold', line) : line);
  }
  terminal.liveLine(goesOn(view) ? terminal.style('dim', liveText(view, terminal.columns - 1)) : '');
}

function goesOn({ status }: RunView): boolean {
  return status === 'in_progress' || status === 'queued';
}

function liveText(view: RunView, columns: number): string {
  const tokens = view.usage.inputTokens + view.usage.outputTokens;
  const facts = [
    `${view.currentPhase ?? 'begins'} ${view.progress} %`,
    ...(tokens > 0 ? [`${(tokens / 1000).toFixed(1)}k tokens`] : []),
    ...(view.pendingHunks > 0 ? [`${view.pendingHunks} hunks to decide`] : []),
  ].join(' · ');
  const last = view.activity.at(-1);
  const left = columns - columnsOf(facts) - 3;
  if (!last || left < 10) return oneLine(facts, columns);
  return `${facts} · ${oneLine(`${last.taskId ?? last.agent} ${last.summary}`, left)}`;
}
