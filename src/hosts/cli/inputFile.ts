import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { PlanwrightError } from '../../workflow/errors.ts';
import { type Input, inputSchema } from '../../workflow/schemas.ts';
import { firstIssue, forPeople } from '../../workflow/words/issues.ts';
import { type Flags, wrongUse } from './options.ts';

/** As the schema has it, and nothing else: a misspelt field must not be a requirement nobody hears of. */
const fileSchema = inputSchema.strict();

/** @throws PlanwrightError INVALID_INPUT */
export async function readInput({ input, request, requirement, constraint }: Flags): Promise<Input> {
  const typed = request !== undefined || requirement !== undefined || constraint !== undefined;
  if (input !== undefined && typed) throw wrongUse('Give --input or --request, not both.', 'run');
  if (input !== undefined) return checked(await readJson(input), input === '-' ? 'The input' : input);
  if (request === undefined) throw wrongUse('Say what shall be built: --input FILE.json or --request TEXT.', 'run');
  return checked(
    { request, requirements: requirement ?? [], ...(constraint ? { constraints: constraint } : {}) },
    'What was asked for',
  );
}

async function readJson(file: string): Promise<unknown> {
  let json: string;
  try {
    json = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new PlanwrightError('INVALID_INPUT', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  try {
    const { $schema: _schema, ...value } = JSON.parse(json.replace(/^\uFEFF/, '')) ?? {};
    return value;
  } catch (cause) {
    throw new PlanwrightError(
      'INVALID_INPUT',
      `${file === '-' ? 'The input' : file} is not JSON: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function checked(value: unknown, file: string): Input {
  const result = fileSchema.safeParse(value, forPeople);
  if (result.success) return result.data;
  const { where: place, what } = firstIssue(result.error, 'request');
  throw new PlanwrightError('INVALID_INPUT', `${file} cannot be used: ${place}: ${what}.`, {
    hint: 'It is { "request": "…", "requirements": ["…"], "constraints": ["…"] }.',
  });
}
