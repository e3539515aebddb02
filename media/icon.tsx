import type { PhaseState, TaskState } from '../src/workflow/runState.ts';
import type { FileAction, HunkDecision, RunStatus, Severity } from '../src/workflow/schemas.ts';

/** A codicon. Without a label it is decoration, and the words beside it carry the meaning. */
export function Icon({ name, label, tone }: { name: string; label?: string; tone?: string }) {
  const spin = name === 'loading' ? ' codicon-modifier-spin' : '';
  const className = `codicon codicon-${name}${spin}${tone === undefined ? '' : ` tone-${tone}`}`;
  return label === undefined ? (
    <i class={className} aria-hidden="true" />
  ) : (
    <i class={className} role="img" aria-label={label} title={label} />
  );
}

interface Look {
  readonly icon: string;
  readonly tone: string;
  readonly label: string;
}

export const statusLooks: Readonly<Record<RunStatus, Look>> = {
  queued: { icon: 'clock', tone: 'quiet', label: 'Queued' },
  in_progress: { icon: 'loading', tone: 'active', label: 'In progress' },
  waiting: { icon: 'bell', tone: 'warn', label: 'Waiting for you' },
  completed: { icon: 'pass-filled', tone: 'good', label: 'Completed' },
  failed: { icon: 'error', tone: 'bad', label: 'Failed' },
  cancelled: { icon: 'circle-slash', tone: 'quiet', label: 'Cancelled' },
};

export const phaseLooks: Readonly<Record<PhaseState, Look>> = {
  pending: { icon: 'circle-large-outline', tone: 'quiet', label: 'not started' },
  active: { icon: 'loading', tone: 'active', label: 'running' },
  done: { icon: 'pass-filled', tone: 'good', label: 'done' },
  skipped: { icon: 'debug-step-over', tone: 'quiet', label: 'skipped' },
  failed: { icon: 'error', tone: 'bad', label: 'failed' },
};

export const taskLooks: Readonly<Record<TaskState, Look>> = {
  pending: { icon: 'circle-large-outline', tone: 'quiet', label: 'not started' },
  running: { icon: 'loading', tone: 'active', label: 'running' },
  done: { icon: 'pass-filled', tone: 'good', label: 'done' },
  failed: { icon: 'error', tone: 'bad', label: 'failed' },
};

export const decisionLooks: Readonly<Record<HunkDecision, Look>> = {
  pending: { icon: 'circle-large-outline', tone: 'warn', label: 'pending' },
  accepted: { icon: 'pass-filled', tone: 'good', label: 'accepted' },
  rejected: { icon: 'discard', tone: 'bad', label: 'rejected' },
  superseded: { icon: 'history', tone: 'quiet', label: 'superseded by a later edit' },
};

export const actionLooks: Readonly<Record<FileAction, Look>> = {
  create: { icon: 'diff-added', tone: 'added', label: 'new file' },
  modify: { icon: 'diff-modified', tone: 'modified', label: 'changed file' },
  delete: { icon: 'diff-removed', tone: 'removed', label: 'deleted file' },
  rename: { icon: 'diff-renamed', tone: 'modified', label: 'renamed file' },
};

export const severityLooks: Readonly<Record<Severity, Look>> = {
  minor: { icon: 'info', tone: 'active', label: 'minor' },
  major: { icon: 'warning', tone: 'warn', label: 'major' },
  blocker: { icon: 'error', tone: 'bad', label: 'blocker' },
};
