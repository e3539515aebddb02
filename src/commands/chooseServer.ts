import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { discoverLocal, type FoundModel, modelsOf } from '../models/discovery.ts';
import { isLoopback } from '../models/loopback.ts';
import { toldError } from '../views/told.ts';
import { asPlanwrightError } from '../workflow/errors.ts';
import { chooseModel } from './chooseModel.ts';
import { saveModelSetting } from './saveModelSetting.ts';
import { setApiKey } from './setApiKey.ts';

/** The models that run on this computer, looked for because the developer asked for it. True when one was chosen. */
export async function chooseLocal(app: App): Promise<boolean> {
  const found = await whileShowing(vscode.l10n.t('Looking for models on this computer…'), (signal) =>
    discoverLocal({ fetch: app.services().fetch, signal }),
  );
  if (found.length === 0) {
    const other = vscode.l10n.t('Another address…');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Neither Ollama nor LM Studio answers with a model here. Start one of them, or say where your server is.',
      ),
      other,
    );
    return answer === other ? chooseServer(app) : false;
  }
  const picked = await vscode.window.showQuickPick(found.map(itemOf), {
    title: vscode.l10n.t('Models on this computer'),
    matchOnDescription: true,
  });
  return picked ? take(app, picked.model.baseUrl, picked.model.name) : false;
}

/** Any server that speaks OpenAI's chat completions. True when one was chosen. */
export async function chooseServer(app: App): Promise<boolean> {
  const baseUrl = await vscode.window.showInputBox({
    title: vscode.l10n.t('Address of the server'),
    prompt: vscode.l10n.t('The base address of its OpenAI-compatible API, usually ending in /v1'),
    value: vscode.workspace.getConfiguration('planwright').get<string>('baseUrl') || 'http://127.0.0.1:11434/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/.+/.test(text.trim()) && URL.canParse(text.trim())
        ? undefined
        : vscode.l10n.t('An address starts with http:// or https://'),
  });
  if (!baseUrl) return false;
  const address = new URL(baseUrl.trim());
  const model = await pickOf(app, baseUrl.trim(), address.origin);
  if (!model) return false;
  return take(app, baseUrl.trim(), model);
}

export function askModelName(value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the model'),
    prompt: vscode.l10n.t('As the server calls it'),
    value,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : vscode.l10n.t('Type the model’s name')),
  });
}

/** A name from the server's own list, or typed where it has none. */
async function pickOf(app: App, baseUrl: string, origin: string): Promise<string | undefined> {
  const key = await app.services().keys.get(origin);
  const found = await whileShowing(vscode.l10n.t('Asking {0} for its models…', origin), (signal) =>
    modelsOf(baseUrl, key, { fetch: app.services().fetch, signal }).catch(() => []),
  );
  if (found.length === 0) return askModelName('');
  const typed = { label: vscode.l10n.t('$(edit) Another name…'), model: undefined };
  const picked = await vscode.window.showQuickPick([...found.map(itemOf), typed], {
    title: vscode.l10n.t('Name of the model'),
    ignoreFocusOut: true,
  });
  return picked === typed ? askModelName('') : picked?.model?.name;
}

interface FoundItem extends vscode.QuickPickItem {
  readonly model: FoundModel;
}

function itemOf(model: FoundModel): FoundItem {
  const tools = vscode.l10n.t('calls no tools, which Planwright’s agents need');
  const detail = [model.about, ...(model.callsTools === false ? [tools] : [])].filter(Boolean).join(' · ');
  return { label: model.name, description: model.server, ...(detail === '' ? {} : { detail }), model };
}

async function take(app: App, baseUrl: string, model: string): Promise<boolean> {
  await saveModelSetting('baseUrl', baseUrl);
  await saveModelSetting('model', `openai-compatible:${model}`);
  if (!isLoopback(new URL(baseUrl)) && !(await setApiKey(app))) return true;
  return tryOut(app, model);
}

/** One tiny request shows whether the model will do, before a run finds out. */
async function tryOut(app: App, model: string): Promise<boolean> {
  const another = vscode.l10n.t('Choose another…');
  const keep = vscode.l10n.t('Use it all the same');
  const trouble = await whileShowing(vscode.l10n.t('Trying {0}…', model), async (signal) => {
    try {
      const { callsTools } = await app.services().tryModel(signal);
      return callsTools
        ? undefined
        : vscode.l10n.t(
            '{0} did not call the tool it was told to call. Agents read and edit files through tools, so runs with it will come to little.',
            model,
          );
    } catch (thrown) {
      const error = asPlanwrightError(thrown);
      return error.code === 'CANCELLED' ? undefined : toldError(error);
    }
  });
  if (trouble === undefined) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Planwright uses {0} from now on.', model), 5000);
    return true;
  }
  const answer = await vscode.window.showWarningMessage(trouble, keep, another);
  return answer === another ? chooseModel(app) : true;
}

function whileShowing<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return work(abort.signal);
  });
}
