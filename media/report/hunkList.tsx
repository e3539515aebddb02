import type { TracedHunk } from '../../src/workflow/trace/traceSchema.ts';
import { decisionLooks, Icon } from '../icon.tsx';
import { aFlag, useKept } from '../kept.ts';
import { t } from '../l10n.ts';
import { inline } from '../prose.tsx';
import { post } from '../vscode.ts';

/** A requirement of a large run may have thousands; the first ones are what a reader begins with. */
const FIRST = 100;

/** Hunks with what became of them; each leads to its place. */
export function HunkList({ hunks, of }: { hunks: readonly TracedHunk[]; of: string }) {
  const [all, setAll] = useKept(`all hunks ${of}`, false, aFlag);
  const shown = all ? hunks : hunks.slice(0, FIRST);
  return (
    <>
      <ul class="plain">
        {shown.map((hunk) => (
          <HunkLine key={hunk.id} hunk={hunk} />
        ))}
      </ul>
      {shown.length < hunks.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {t('Show {0} more', hunks.length - shown.length)}
        </button>
      )}
    </>
  );
}

function HunkLine({ hunk }: { hunk: TracedHunk }) {
  const { id, proposalId, taskId, path, line, added, removed, why, decision, reason, feedback } = hunk;
  const look = decisionLooks[decision];
  return (
    <li class="hunk long-list-item">
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <div>
        <span class="task-id">{taskId}</span>{' '}
        <button
          type="button"
          class="link path"
          data-testid={`trace-hunk-${id}`}
          onClick={() => post({ type: 'openHunk', proposalId, hunkId: id })}
        >
          {path}:{line}
        </button>{' '}
        <span class="quiet">{`+${added} −${removed}`}</span>
        {why !== '' && <div>{inline(why)}</div>}
        {reason !== null && <div class="quiet">{t('Why: {0}', reason)}</div>}
        {feedback !== null && <div class="quiet">{t('You asked: {0}', feedback)}</div>}
      </div>
    </li>
  );
}
