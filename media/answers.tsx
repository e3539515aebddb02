import { useState } from 'preact/hooks';
import type { Question } from '../src/workflow/engine/events.ts';
import { t } from './l10n.ts';

interface AnswersProps {
  readonly questions: readonly Question[];
  readonly sent: boolean;
  readonly send: (answers: Readonly<Record<string, string>>) => void;
}

/** The planner's questions; a suggestion fills the field, which takes any other answer too. */
export function Answers({ questions, sent, send }: AnswersProps) {
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  return (
    <form
      class="answers"
      data-testid="questions"
      onSubmit={(event) => {
        event.preventDefault();
        send(answers);
      }}
    >
      {questions.map(({ id, question, suggestions, default: fallback }) => (
        <fieldset key={id}>
          <legend>{question}</legend>
          <div class="chips">
            {suggestions.map((suggestion) => (
              <button
                type="button"
                key={suggestion}
                class="secondary"
                aria-pressed={answers[id] === suggestion}
                onClick={() => setAnswers({ ...answers, [id]: suggestion })}
              >
                {suggestion}
              </button>
            ))}
          </div>
          <input
            type="text"
            aria-label={question}
            data-testid={`answer-${id}`}
            placeholder={t('Default: {0}', fallback)}
            value={answers[id] ?? ''}
            onInput={(event) => setAnswers({ ...answers, [id]: event.currentTarget.value })}
          />
        </fieldset>
      ))}
      <button type="submit" class="primary" disabled={sent} data-testid="answers-send">
        {t('Answer')}
      </button>
    </form>
  );
}
