import { PlanwrightError } from './errors.ts';
import { type Input, inputSchema, planSchema } from './schemas.ts';
import { firstIssue, forPeople } from './words/issues.ts';
import { say } from './words/say.ts';

/**
 * The request of an exported plan, or of a bare one, with the plan to start from. A bare plan's title and given
 * requirements become the request.
 * @throws PlanwrightError INVALID_INPUT that names what is missing
 */
export function readPlanFile(text: string): Input {
  const value = parsed(text);
  const exported = isRecord(value) && 'plan' in value;
  const checked = planSchema.safeParse(exported ? value.plan : value, forPeople);
  if (!checked.success) {
    const { where, what } = firstIssue(checked.error, 'plan');
    throw invalid(say`It is not a whole plan: ${where}: ${what}.`);
  }
  const plan = checked.data;
  const given = plan.requirements.filter(({ source }) => source === 'given').map(({ text: said }) => said);
  const about = exported && isRecord(value.input) ? value.input : { request: plan.title, requirements: given };
  const input = inputSchema.safeParse({ ...about, plan }, forPeople);
  if (!input.success) {
    const { where, what } = firstIssue(input.error, 'input');
    throw invalid(say`Its request cannot be used: ${where}: ${what}.`);
  }
  const asked = input.data.requirements.filter((requirement) => !given.includes(requirement));
  if (asked.length === 0) return input.data;
  throw invalid(say`The plan leaves out the requirement “${asked[0] ?? ''}” of its request.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw invalid(say`It is not JSON.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalid(problem: string): PlanwrightError {
  return new PlanwrightError('INVALID_INPUT', `The file cannot be used as a plan. ${problem}`, {
    hint: 'Use a .json file that “Export plan into the repository” wrote, or mend what is named.',
  });
}
