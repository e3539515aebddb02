import type { ErrorInfo } from '../../workflow/errors.ts';

/** What to do next, in the words of the command line where the error speaks of the editor's commands. */
export function cliHint({
  code,
  hint,
}: {
  readonly code: ErrorInfo['code'];
  readonly hint?: string | undefined;
}): string | undefined {
  switch (code) {
    case 'NO_MODEL':
      return 'Name one: --model openai:<model>, --model openai-compatible:<model> with --base-url URL, or --model demo.';
    case 'NO_KEY':
      return 'Set OPENAI_API_KEY in the environment, or PLANWRIGHT_API_KEY for the address of --base-url.';
    case 'DEMO_ONLY_SAMPLE':
      return 'Take a fresh copy of samples/slugs and its .planwright/request.json, or name a model of your own with --model.';
    case 'NO_SQLITE':
      return 'Install Node 22.13 or newer.';
    case 'INVALID_INPUT':
      return hint?.includes('planwright.baseUrl')
        ? 'Give the base of its API with --base-url, usually ending in /v1, such as http://127.0.0.1:11434/v1.'
        : hint?.includes('Set API key…')
          ? 'Take it out and set PLANWRIGHT_API_KEY in the environment.'
          : hint;
    default:
      return hint;
  }
}
