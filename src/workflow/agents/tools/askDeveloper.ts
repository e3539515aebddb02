import { tool } from 'ai';
import { z } from 'zod';
import type { Decision, Gate, Question } from '../../engine/events.ts';
import { say } from '../../words/say.ts';
import type { ToolBox } from './toolBox.ts';

const MOST = 3;

/** A question and what it was answered with. */
export interface Clarification {
  readonly question: string;
  readonly answer: string;
  /** Nobody answered: it is the planner's own default. */
  readonly assumed: boolean;
}

const inputSchema = z.object({
  questions: z
    .array(
      z.object({
        question: z.string().trim().min(1).max(300),
        suggestions: z.array(z.string().trim().min(1).max(200)).max(5).default([]),
        default: z.string().trim().min(1).max(200).describe('what you take when nobody answers'),
      }),
    )
    .min(1)
    .max(MOST),
});

/**
 * Asks the developer at a durable gate, once in a conversation.
 * @param ask false takes the defaults without asking
 * @param heard gets each answer
 */
export function askDeveloper(box: ToolBox, ask: boolean, heard: (answers: readonly Clarification[]) => void) {
  let asked = false;
  return tool({
    description: `Asks the developer up to ${MOST} short questions, once. Each has suggested answers and the default that is taken when nobody answers.`,
    inputSchema,
    execute: (input) =>
      box.calls.inTurn(async () => {
        if (asked) return 'You have asked already. Decide the rest yourself and name it among the assumptions.';
        asked = true;
        const questions = input.questions.map((question, index): Question => ({ id: `Q${index + 1}`, ...question }));
        const answers = answersTo(questions, await decisionOn(box, questions, ask));
        heard(answers);
        box.run.emit({
          type: 'agent.acted',
          agent: box.agent,
          tool: 'ask_developer',
          summary: answers.every(({ assumed }) => assumed) ? say`took its defaults` : say`asked, and was answered`,
        });
        const text = answers
          .map(
            ({ question, answer, assumed }) =>
              `${question}\n${assumed ? 'Nobody answered; take' : 'Answer'}: ${answer}`,
          )
          .join('\n\n');
        box.seen.push(text);
        return text;
      }),
  });
}

/** Journaled either way, so that a replay takes what was taken first. */
function decisionOn(box: ToolBox, questions: readonly Question[], ask: boolean): Promise<Decision> {
  if (ask) return box.run.decide(questionsGate(questions));
  const schema = z.object({ choice: z.string(), by: z.string() });
  return box.run.step('questions', schema, async () => ({ choice: 'defaults', by: 'settings' }));
}

function answersTo(questions: readonly Question[], { choice, data }: Decision): Clarification[] {
  return questions.map(({ id, question, default: fallback }) => {
    const answer = choice === 'answer' ? data?.[id]?.trim() : undefined;
    return { question, answer: answer || fallback, assumed: !answer };
  });
}

function questionsGate(questions: readonly Question[]): Gate {
  return {
    id: 'questions',
    kind: 'questions',
    title:
      questions.length === 1 ? say`The planner has a question` : say`The planner has ${questions.length} questions`,
    question: say`Your answers shape the plan. What you leave open is planned with the default and listed as an assumption.`,
    choices: [
      { id: 'answer', label: say`Answer`, wantsAnswers: true },
      { id: 'defaults', label: say`Take the defaults` },
    ],
    defaultChoice: 'answer',
    questions,
  };
}
