import type { LanguageModelV4 } from '@ai-sdk/provider';
import * as vscode from 'vscode';
import { mapEditorModelError, noConsent } from '../../../models/editorModelErrors.ts';
import type { EditorModelId } from '../../../models/factory.ts';
import { PlanwrightError } from '../../../workflow/errors.ts';
import { say } from '../../../workflow/words/say.ts';
import { editorModel } from './editorModel.ts';
import { TokenCounts } from './tokenCounts.ts';

/** Models named in a message about one that is not there. */
const NAMED = 8;

export interface EditorModelChoice {
  /** As `planwright.model` spells it: 'vscode:<vendor>/<id>'. */
  readonly modelId: string;
  readonly name: string;
  readonly vendor: string;
  readonly family: string;
  readonly maxInputTokens: number;
  /** False where the editor knows that it calls no tools; undefined where it does not say. */
  readonly callsTools: boolean | undefined;
}

/** The models that other extensions give to the editor. */
export class EditorModels {
  readonly #access: Pick<vscode.LanguageModelAccessInformation, 'canSendRequest'>;
  readonly #counts = new TokenCounts();

  constructor(access: Pick<vscode.LanguageModelAccessInformation, 'canSendRequest'>) {
    this.#access = access;
  }

  /** All there are now. Looking asks the developer nothing. */
  async list(): Promise<EditorModelChoice[]> {
    const models = await vscode.lm.selectChatModels();
    return models.map((chat) => ({
      modelId: labelOf({ vendor: chat.vendor, model: chat.id }),
      name: chat.name || chat.id,
      vendor: chat.vendor,
      family: chat.family,
      maxInputTokens: chat.maxInputTokens,
      callsTools: callsTools(chat),
    }));
  }

  /**
   * The model for a run. It never has the editor ask for consent, since a run also goes on by itself, after a
   * reload: that is {@link allow}'s.
   * @throws PlanwrightError MODEL_GONE | NO_CONSENT | INVALID_REQUEST (it cannot call tools)
   */
  async model(id: EditorModelId): Promise<LanguageModelV4> {
    const chat = await find(id);
    const label = labelOf(id);
    if (this.#access.canSendRequest(chat) !== true) throw noConsent(label);
    if (callsTools(chat) === false) throw noTools(label);
    return editorModel(chat, { label, justification: justification(), counts: this.#counts, gone: () => gone(id) });
  }

  /**
   * Has the editor ask the developer, where it has not yet, by a first, tiny request, which also shows that the model
   * answers. To be called on something the developer did.
   * @throws PlanwrightError MODEL_GONE | NO_CONSENT | QUOTA … whatever the request fails with
   */
  async allow(id: EditorModelId): Promise<void> {
    const chat = await find(id);
    try {
      const hello = vscode.LanguageModelChatMessage.User('Answer with the word “ready”.');
      const response = await chat.sendRequest([hello], { justification: justification() });
      for await (const _ of response.stream) break;
    } catch (error) {
      throw mapEditorModelError(error, labelOf(id));
    }
  }
}

function labelOf({ vendor, model }: Pick<EditorModelId, 'vendor' | 'model'>): string {
  return `vscode:${vendor}/${model}`;
}

function justification(): string {
  return vscode.l10n.t('Planwright plans, reviews and implements the changes you ask for with it.');
}

/** By its id, else the first of its family. */
async function find(id: EditorModelId): Promise<vscode.LanguageModelChat> {
  const { vendor, model } = id;
  const models = await vscode.lm.selectChatModels({ vendor });
  const found = models.find((chat) => chat.id === model) ?? models.find((chat) => chat.family === model);
  if (found) return found;
  throw await gone(id);
}

/** Says that the model is not there now, and what is. */
async function gone(id: EditorModelId): Promise<PlanwrightError> {
  const models = await vscode.lm.selectChatModels();
  const there = [...models].sort((a, b) => Number(b.vendor === id.vendor) - Number(a.vendor === id.vendor));
  const named = there.slice(0, NAMED).map((chat) => `${chat.vendor}/${chat.id}`);
  return new PlanwrightError('MODEL_GONE', say`The editor has no model “${labelOf(id)}” now.`, {
    hint:
      named.length === 0
        ? say`It has none at all now. Check that the extension behind it is on and signed in, or pick another with “Planwright: Choose model…”, then try again.`
        : say`It has ${named.join(', ')}. Check that the extension behind it is on and signed in, or pick another with “Planwright: Choose model…”, then try again.`,
  });
}

function noTools(label: string): PlanwrightError {
  return new PlanwrightError('INVALID_REQUEST', `The editor’s model “${label}” cannot call tools.`, {
    hint: 'Agents read and edit files through tools. Pick another model with “Planwright: Choose model…”.',
  });
}

/** Newer editors say so; it is not in the API that is declared yet. */
function callsTools(chat: vscode.LanguageModelChat): boolean | undefined {
  const { capabilities } = chat as { readonly capabilities?: { readonly supportsToolCalling?: boolean } };
  return capabilities?.supportsToolCalling;
}
