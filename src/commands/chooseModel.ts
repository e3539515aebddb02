import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { EditorModelChoice } from '../hosts/vscode/editorModels/editorModels.ts';
import { parseModelId } from '../models/modelId.ts';
import { askModelName, chooseLocal, chooseServer } from './chooseServer.ts';
import { saveModelSetting as save } from './saveModelSetting.ts';
import { setApiKey } from './setApiKey.ts';
import { tryOut } from './tryModel.ts';

interface ModelItem extends vscode.QuickPickItem {
  /** Does what picking it says; true when a model was chosen. */
  readonly choose?: () => Promise<boolean>;
}

/** Picks a model and stores the choice in the user's settings. True when one was chosen. */
export async function chooseModel(app: App): Promise<boolean> {
  const picked = await vscode.window.showQuickPick<ModelItem>(itemsOf(app), {
    title: vscode.l10n.t('Choose a model for Planwright'),
    placeHolder: vscode.l10n.t('Which model shall plan and implement?'),
    matchOnDescription: true,
    // A notification that closes meanwhile, as the one that led here, takes the focus.
    ignoreFocusOut: true,
  });
  return (await picked?.choose?.()) ?? false;
}

async function itemsOf(app: App): Promise<ModelItem[]> {
  const editorModels = await soon(app.services().editorModels.list(), []);
  return [
    ...(editorModels.length > 0 ? [separator(vscode.l10n.t('Models of this editor'))] : []),
    ...editorModels.map((model) => editorModelItem(app, model)),
    ...(editorModels.length > 0 ? [separator(vscode.l10n.t('Other models'))] : []),
    {
      label: '$(key) OpenAI',
      detail: vscode.l10n.t('Your own key, kept in the editor’s secret storage'),
      choose: () => chooseOpenAi(app),
    },
    {
      label: vscode.l10n.t('$(search) Look for models on this computer'),
      detail: vscode.l10n.t(
        'Asks Ollama (127.0.0.1:11434) and LM Studio (127.0.0.1:1234) what they have; nothing leaves the computer',
      ),
      choose: () => chooseLocal(app),
    },
    {
      label: vscode.l10n.t('$(server) OpenAI-compatible server'),
      detail: vscode.l10n.t('Ollama, LM Studio, vLLM, a gateway: anything with a chat-completions address'),
      choose: () => chooseServer(app),
    },
    {
      label: vscode.l10n.t('$(play-circle) Demo'),
      detail: vscode.l10n.t('Recorded answers, no key; knows the sample workspace’s request only'),
      choose: async () => {
        await save('model', 'demo');
        return true;
      },
    },
  ];
}

function separator(label: string): ModelItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function editorModelItem(
  app: App,
  { modelId, name, vendor, maxInputTokens, callsTools }: EditorModelChoice,
): ModelItem {
  const size = vscode.l10n.t('{0} tokens of input', maxInputTokens.toLocaleString());
  return {
    label: `$(sparkle) ${name}`,
    description: vendor,
    detail:
      callsTools === false
        ? vscode.l10n.t('{0}; calls no tools, which Planwright’s agents need', size)
        : vscode.l10n.t('{0}; the editor asks whether Planwright may use it', size),
    choose: async () => {
      const id = parseModelId(modelId);
      if (id.provider === 'vscode') await app.services().editorModels.allow(id);
      await save('model', modelId);
      return true;
    },
  };
}

/** What is there soon enough; extensions that give models to the editor may take their time to start. */
async function soon<T>(work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), LISTING_MS);
  });
  try {
    return await Promise.race([work.catch(() => otherwise), tired]);
  } finally {
    clearTimeout(timer);
  }
}

const LISTING_MS = 4000;

async function chooseOpenAi(app: App): Promise<boolean> {
  const model = await askModelName('gpt-5');
  if (!model) return false;
  await save('baseUrl', undefined);
  await save('model', `openai:${model}`);
  return (await setApiKey(app)) && tryOut(app, model);
}
