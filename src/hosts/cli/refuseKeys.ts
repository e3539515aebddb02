import { PlanwrightError } from '../../workflow/errors.ts';

/** The usual beginnings of keys, followed by enough characters and a digit to be none by chance. */
const keyLike =
  /(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|hf|ghp|gho|github_pat|glpat|nvapi|AIza)[-_]?(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{20,}/;

const keyOption = /^--?(?:api[-_]?key|key|token|openai[-_]?(?:api[-_]?)?key)(?:=|$)/i;

/**
 * Arguments can be read by every process of the machine and stay in the shell's history, so a key is none of them.
 * @throws PlanwrightError INVALID_INPUT; the message does not repeat it
 */
export function refuseKeys(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  const own = [env.OPENAI_API_KEY, env.PLANWRIGHT_API_KEY].filter((key) => key !== undefined && key.length >= 8);
  const found = argv.some(
    (text) => keyOption.test(text) || keyLike.test(text) || own.some((key) => key && text.includes(key)),
  );
  if (!found) return;
  throw new PlanwrightError('INVALID_INPUT', 'An argument looks like an API key. Nothing was done with it.', {
    hint: 'Other programs and your shell’s history can read arguments. Set OPENAI_API_KEY in the environment (PLANWRIGHT_API_KEY for --base-url), and replace a key that was typed here.',
  });
}
