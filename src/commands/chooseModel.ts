import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { setApiKey } from './setApiKey.ts';

/** Picks a model and stores the choice in the user's settings. True when one was chosen. */
export async function chooseModel(app: App): Promise<boolean> {
  const picked = await vscode.window.showQuickPick(
    [
      {
        id: 'openai',
        label: '$(key) OpenAI',
        detail: vscode.l10n.t('Your own key, kept in the editor’s secret storage'),
      },
      {
        id: 'compatible',
        label: vscode.l10n.t('$(server) OpenAI-compatible server'),
        detail: vscode.l10n.t('Ollama, LM Studio, vLLM, a gateway: anything with a chat-completions address'),
      },
      {
        id: 'demo',
        label: vscode.l10n.t('$(play-circle) Demo'),
        detail: vscode.l10n.t('Recorded answers, no key; knows the sample workspace’s request only'),
      },
    ],
    {
      title: vscode.l10n.t('Choose a model for Planwright'),
      placeHolder: vscode.l10n.t('Which model shall plan and implement?'),
    },
  );
  switch (picked?.id) {
    case 'demo':
      await save('model', 'demo');
      return true;
    case 'openai':
      return chooseOpenAi(app);
    case 'compatible':
      return chooseServer(app);
    default:
      return false;
  }
}

async function chooseOpenAi(app: App): Promise<boolean> {
  const model = await askModelName('gpt-5');
  if (!model) return false;
  await save('baseUrl', undefined);
  await save('model', `openai:${model}`);
  return setApiKey(app);
}

async function chooseServer(app: App): Promise<boolean> {
  const baseUrl = await vscode.window.showInputBox({
    title: vscode.l10n.t('Address of the server'),
    prompt: vscode.l10n.t('The base address of its OpenAI-compatible API, usually ending in /v1'),
    value: vscode.workspace.getConfiguration('planwright').get<string>('baseUrl') || 'http://127.0.0.1:11434/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/.+/.test(text.trim()) ? undefined : vscode.l10n.t('An address starts with http:// or https://'),
  });
  if (!baseUrl) return false;
  const model = await askModelName('');
  if (!model) return false;
  await save('baseUrl', baseUrl.trim());
  await save('model', `openai-compatible:${model}`);
  if (!/^https?:\/\/(127\.|localhost|\[::1\])/.test(baseUrl)) await setApiKey(app);
  return true;
}

function askModelName(value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the model'),
    prompt: vscode.l10n.t('As the server calls it'),
    value,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : vscode.l10n.t('Type the model’s name')),
  });
}

async function save(name: string, value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('planwright').update(name, value, vscode.ConfigurationTarget.Global);
}
