import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { discoverLocal, type FoundModel, modelsOf } from '../models/discovery.ts';
import { isLoopback } from '../models/loopback.ts';
import { told, toldError } from '../views/told.ts';
import { asPlanwrightError, PlanwrightError } from '../workflow/errors.ts';
import { saveModelSetting } from './saveModelSetting.ts';
import { askKey } from './setApiKey.ts';
import { tryOut } from './tryModel.ts';
import { whileShowing } from './whileShowing.ts';

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
    ignoreFocusOut: true,
  });
  return picked ? take(app, picked.model.baseUrl, picked.model.name) : false;
}

/**
 * Any server that speaks OpenAI's chat completions. True when one was chosen.
 * @param typed an address to begin with
 */
export async function chooseServer(app: App, typed?: string): Promise<boolean> {
  const baseUrl = (await askAddress(typed))?.trim();
  if (!baseUrl) return false;
  const found = await modelsAt(app, baseUrl);
  if (found === 'another address') return chooseServer(app, baseUrl);
  const model = found === undefined ? undefined : await pickOf(found);
  return model ? take(app, baseUrl, model) : false;
}

function askAddress(typed: string | undefined): Thenable<string | undefined> {
  const saved = vscode.workspace.getConfiguration('planwright').get<string>('baseUrl');
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Address of the server'),
    prompt: vscode.l10n.t('The base address of its OpenAI-compatible API, usually ending in /v1'),
    value: typed || saved || 'http://127.0.0.1:11434/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/.+/.test(text.trim()) && URL.canParse(text.trim())
        ? undefined
        : vscode.l10n.t('An address starts with http:// or https://'),
  });
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

/**
 * What the server says it has, none where it does not say; a key it wants is asked for. Undefined when the developer
 * gave up.
 */
async function modelsAt(app: App, baseUrl: string): Promise<readonly FoundModel[] | 'another address' | undefined> {
  const { origin } = new URL(baseUrl);
  const again = vscode.l10n.t('Try again');
  const elsewhere = vscode.l10n.t('Another address…');
  const typed = vscode.l10n.t('Type the model’s name…');
  for (;;) {
    const key = await app.services().keys.get(origin);
    const answer = await whileShowing(vscode.l10n.t('Asking {0} for its models…', origin), (signal) =>
      modelsOf(baseUrl, key, { fetch: app.services().fetch, signal }).catch(asPlanwrightError),
    );
    if (!(answer instanceof PlanwrightError)) return answer;
    if (answer.code === 'BAD_KEY') {
      if (!(await askKey(app, origin, key !== undefined))) return undefined;
    } else if (answer.code === 'REFUSED_CONNECTION' || answer.code === 'TIMEOUT') {
      const words = isLoopback(new URL(baseUrl))
        ? `${told(answer.message)} ${vscode.l10n.t('Start the server, or mend the address.')}`
        : toldError(answer);
      const choice = await vscode.window.showWarningMessage(words, again, elsewhere, typed);
      if (choice === elsewhere) return 'another address';
      if (choice !== again) return choice === typed ? [] : undefined;
    } else return [];
  }
}

/** A name from the server's own list, or typed where it has none. */
async function pickOf(found: readonly FoundModel[]): Promise<string | undefined> {
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
  const { origin } = new URL(baseUrl);
  const needsKey = !isLoopback(new URL(baseUrl)) && (await app.services().keys.get(origin)) === undefined;
  if (needsKey && !(await askKey(app, origin))) return true;
  return tryOut(app, model);
}
