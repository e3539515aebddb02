import type { Question } from '../src/workflow/engine/events.ts';
import { textByName, useKept } from './kept.ts';
import { t } from './l10n.ts';

interface AnswersProps {
  readonly gateId: string;
  readonly questions: readonly Question[];
  readonly sent: boolean;
  readonly send: (answers: Readonly<Record<string, string>>) => void;
}

const none: Readonly<Record<string, string>> = {};

/** The planner's questions; a suggestion fills the field, which takes any other answer too. */
export function Answers({ gateId, questions, sent, send }: AnswersProps) {
  const [answers, setAnswers] = useKept(`answers ${gateId}`, none, textByName);
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
