import type { PhaseState, TaskState } from '../src/workflow/runState.ts';
import type { FileAction, HunkDecision, RunStatus, Severity } from '../src/workflow/schemas.ts';
import { t } from './l10n.ts';

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
  queued: { icon: 'clock', tone: 'quiet', label: t('Queued') },
  in_progress: { icon: 'loading', tone: 'active', label: t('In progress') },
  waiting: { icon: 'bell', tone: 'warn', label: t('Waiting for you') },
  completed: { icon: 'pass-filled', tone: 'good', label: t('Completed') },
  failed: { icon: 'error', tone: 'bad', label: t('Failed') },
  cancelled: { icon: 'circle-slash', tone: 'quiet', label: t('Cancelled') },
};

export const phaseLooks: Readonly<Record<PhaseState, Look>> = {
  pending: { icon: 'circle-large-outline', tone: 'quiet', label: t('not started') },
  active: { icon: 'loading', tone: 'active', label: t('running') },
  done: { icon: 'pass-filled', tone: 'good', label: t('done') },
  skipped: { icon: 'debug-step-over', tone: 'quiet', label: t('skipped') },
  failed: { icon: 'error', tone: 'bad', label: t('failed') },
};

export const taskLooks: Readonly<Record<TaskState, Look>> = {
  pending: { icon: 'circle-large-outline', tone: 'quiet', label: t('not started') },
  running: { icon: 'loading', tone: 'active', label: t('running') },
  done: { icon: 'pass-filled', tone: 'good', label: t('done') },
  failed: { icon: 'error', tone: 'bad', label: t('failed') },
  cancelled: { icon: 'circle-slash', tone: 'warn', label: t('cancelled') },
  skipped: { icon: 'debug-step-over', tone: 'quiet', label: t('left out') },
};

export const decisionLooks: Readonly<Record<HunkDecision, Look>> = {
  pending: { icon: 'circle-large-outline', tone: 'warn', label: t('pending') },
  accepted: { icon: 'pass-filled', tone: 'good', label: t('accepted') },
  rejected: { icon: 'discard', tone: 'bad', label: t('rejected') },
  superseded: { icon: 'history', tone: 'quiet', label: t('superseded by a later edit') },
};

export const actionLooks: Readonly<Record<FileAction, Look>> = {
  create: { icon: 'diff-added', tone: 'added', label: t('new file') },
  modify: { icon: 'diff-modified', tone: 'modified', label: t('changed file') },
  delete: { icon: 'diff-removed', tone: 'removed', label: t('deleted file') },
  rename: { icon: 'diff-renamed', tone: 'modified', label: t('renamed file') },
};

export const severityLooks: Readonly<Record<Severity, Look>> = {
  minor: { icon: 'info', tone: 'active', label: t('minor') },
  major: { icon: 'warning', tone: 'warn', label: t('major') },
  blocker: { icon: 'error', tone: 'bad', label: t('blocker') },
};
