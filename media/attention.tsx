import { useEffect, useState } from 'preact/hooks';
import type { Choice, Gate } from '../src/workflow/engine/events.ts';
import type { RunView } from '../src/workflow/runState.ts';
import { Answers } from './answers.tsx';
import { CheckChoice } from './checkChoice.tsx';
import { Icon } from './icon.tsx';
import { aText, orNone, useKept } from './kept.ts';
import { plural, t, told } from './l10n.ts';
import { post, type TabName } from './vscode.ts';

interface AttentionProps {
  readonly view: RunView;
  readonly active: boolean;
  /** The tab that is open. */
  readonly shown: TabName;
  readonly showTab: (tab: TabName) => void;
}

/** What the developer should know or do before anything else; nothing when all goes well. */
export function Attention({ view, active, shown, showTab }: AttentionProps) {
  const gate = view.openGates.find(({ kind }) => kind !== 'proposal');
  if (view.status === 'failed') return <Failure view={view} />;
  if (view.paused) {
    return (
      <section class="banner banner-info" aria-label={t('Paused')}>
        <p>
          <Icon name="debug-pause" tone="active" />{' '}
          {t(
            'Paused. Resume goes on where it stopped; finished model calls are not paid for again. Proposals can be decided meanwhile.',
          )}
        </p>
      </section>
    );
  }
  if (gate !== undefined && (view.status === 'waiting' || (gate.kind === 'task-failed' && active)))
    return <GateBanner key={gate.id} gate={gate} />;
  if (view.endedAt === null && !active) {
    return (
      <section class="banner banner-info" aria-label={t('Not running')}>
        <p>
          <Icon name="debug-pause" tone="active" />{' '}
          {t(
            'This window is not working on this run. Resume goes on where it stopped; finished model calls are not paid for again.',
          )}
        </p>
      </section>
    );
  }
  if (view.status !== 'waiting') return null;
  return (
    <section class="banner banner-warn" aria-label={t('Waiting for you')}>
      <h2>
        <Icon name="bell" tone="warn" />{' '}
        {plural(
          view.pendingHunks,
          t('{0} hunk to decide', view.pendingHunks),
          t('{0} hunks to decide', view.pendingHunks),
        )}
      </h2>
      <p>{t('The agents are done. The run ends when each hunk is accepted or rejected.')}</p>
      {shown !== 'edits' && (
        <div class="buttons">
          <button type="button" class="primary" onClick={() => showTab('edits')}>
            {t('Show the edits')}
          </button>
        </div>
      )}
    </section>
  );
}

function Failure({ view: { error } }: { view: RunView }) {
  return (
    <section class="banner banner-bad" role="alert">
      <h2>
        <Icon name="error" tone="bad" /> {t('The run failed')}
      </h2>
      <p>
        {error === null ? '' : told(error.message)} {error !== null && <code>{error.code}</code>}
      </p>
      {error?.hint !== undefined && <p>{told(error.hint)}</p>}
    </section>
  );
}

/** How long buttons stay off after an answer, should the run never take it. */
const patienceMs = 5000;

function GateBanner({ gate }: { gate: Gate }) {
  const [notingId, setNoting] = useKept<string | null>(`noting ${gate.id}`, null, orNone(aText));
  const noting = gate.choices.find(({ id, wantsNote }) => id === notingId && wantsNote) ?? null;
  const [sent, setSent] = useState(false);
  useEffect(() => {
    if (!sent) return;
    const timer = setTimeout(() => setSent(false), patienceMs);
    return () => clearTimeout(timer);
  }, [sent]);
  const answer = (choice: string, data: Readonly<Record<string, string>>) => {
    setSent(true);
    post({ type: 'decide', gateId: gate.id, choice, data });
  };
  const decide = (choice: Choice, note?: string) => {
    setSent(true);
    post({ type: 'decide', gateId: gate.id, choice: choice.id, ...(note === undefined ? {} : { note }) });
  };
  const allow = gate.choices.find(({ takesNames }) => takesNames);
  return (
    <section class="banner banner-warn" aria-labelledby="gate-title">
      <h2 id="gate-title">
        <Icon name="question" tone="warn" /> {told(gate.title)}
      </h2>
      <p>{told(gate.question)}</p>
      {gate.questions !== undefined && (
        <Answers gateId={gate.id} questions={gate.questions} sent={sent} send={(data) => answer('answer', data)} />
      )}
      {gate.checks !== undefined && allow !== undefined && (
        <CheckChoice
          gateId={gate.id}
          checks={gate.checks}
          label={allow.label}
          sent={sent}
          send={(names) => answer(allow.id, { names })}
        />
      )}
      <div class="buttons">
        {gate.choices
          .filter((choice) => !choice.wantsAnswers && choice !== allow)
          .map((choice) => (
            <button
              type="button"
              key={choice.id}
              class={choice.id === gate.defaultChoice ? 'primary' : 'secondary'}
              title={choice.description && told(choice.description)}
              disabled={sent}
              aria-expanded={choice.wantsNote === true ? noting === choice : undefined}
              data-testid={`gate-choice-${choice.id}`}
              onClick={() => {
                if (choice.wantsPlan === true) post({ type: 'editPlan' });
                else if (choice.wantsNote === true) setNoting(noting === choice ? null : choice.id);
                else decide(choice);
              }}
            >
              {told(choice.label)}
            </button>
          ))}
      </div>
      {noting !== null && (
        <Note key={noting.id} gateId={gate.id} choice={noting} sent={sent} send={(note) => decide(noting, note)} />
      )}
    </section>
  );
}

interface NoteProps {
  readonly gateId: string;
  readonly choice: Choice;
  readonly sent: boolean;
  readonly send: (note: string) => void;
}

function Note({ gateId, choice, sent, send }: NoteProps) {
  const [text, setText] = useKept(`note ${gateId} ${choice.id}`, '', aText);
  const ready = text.trim() !== '' && !sent;
  const submit = () => ready && send(text.trim());
  return (
    <form
      class="note"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={(element) => element?.focus()}
        aria-label={told(choice.description ?? choice.label)}
        data-testid="gate-note"
        rows={3}
        value={text}
        placeholder={t('Say what should be different.')}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
        }}
      />
      <button type="submit" class="primary" disabled={!ready} data-testid="gate-send">
        {t('Send')}
      </button>
    </form>
  );
}
