import { PlanwrightError } from '../workflow/errors.ts';

/** Which model is meant, as the setting `planwright.model` and the CLI's `--model` spell it. */
export type ModelId =
  | { readonly provider: 'demo' }
  | { readonly provider: 'openai'; readonly model: string }
  | { readonly provider: 'openai-compatible'; readonly model: string }
  /** A model that another extension gives to the editor, by its id or its family. */
  | { readonly provider: 'vscode'; readonly vendor: string; readonly model: string };

const forms = '“openai:<model>”, “openai-compatible:<model>”, “vscode:<vendor>/<model>” or “demo”';
const chooseHint = `Choose one with “Planwright: Choose model…”, or set planwright.model to ${forms}.`;

/**
 * Reads 'demo', 'openai:<model>', 'openai-compatible:<model>' or 'vscode:<vendor>/<model>'. A model's own name may
 * contain colons and slashes ('openai-compatible:llama3:8b').
 * @throws PlanwrightError NO_MODEL when there is none, or it cannot be read
 */
export function parseModelId(text: string | null): ModelId {
  const id = text?.trim() ?? '';
  if (id === '') throw new PlanwrightError('NO_MODEL', 'No model is chosen yet.', { hint: chooseHint });
  if (id === 'demo') return { provider: 'demo' };
  const colon = id.indexOf(':');
  const provider = colon < 0 ? id : id.slice(0, colon);
  const model = colon < 0 ? '' : id.slice(colon + 1).trim();
  if (provider === 'vscode') return editorModel(id, model);
  if (provider !== 'openai' && provider !== 'openai-compatible') {
    throw new PlanwrightError('NO_MODEL', `“${id}” names no model that Planwright knows.`, { hint: chooseHint });
  }
  if (model === '') {
    throw new PlanwrightError('NO_MODEL', `“${id}” does not say which model.`, {
      hint: `Write the model’s name after the provider, as in “${provider}:<model>”.`,
    });
  }
  return { provider, model };
}

function editorModel(id: string, name: string): ModelId {
  const slash = name.indexOf('/');
  const vendor = name.slice(0, Math.max(slash, 0)).trim();
  const model = name.slice(slash + 1).trim();
  if (vendor !== '' && model !== '') return { provider: 'vscode', vendor, model };
  throw new PlanwrightError('NO_MODEL', `“${id}” does not say which model of the editor.`, {
    hint: 'Write its vendor and its id or family, as in “vscode:<vendor>/<model>”, or run “Planwright: Choose model…”.',
  });
}
