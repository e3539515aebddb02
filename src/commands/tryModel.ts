import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { toldError } from '../views/told.ts';
import { asPlanwrightError } from '../workflow/errors.ts';
import { chooseModel } from './chooseModel.ts';
import { askKey } from './setApiKey.ts';
import { whileShowing } from './whileShowing.ts';

/** What there is to say of a model that will not do, and whether its server did not take the key. */
interface Trouble {
  readonly text: string;
  readonly badKey: boolean;
}

/** One tiny request shows whether the chosen model will do, before a run finds out. True when it stays chosen. */
export async function tryOut(app: App, model: string): Promise<boolean> {
  const another = vscode.l10n.t('Choose another…');
  const otherKey = vscode.l10n.t('Another key…');
  const keep = vscode.l10n.t('Use it all the same');
  const origin = app.services().keyOrigin();
  for (;;) {
    const trouble = await troubleWith(app, model);
    if (trouble === undefined) return true;
    const choices = trouble.badKey && origin !== undefined ? [otherKey, keep, another] : [keep, another];
    const answer = await vscode.window.showWarningMessage(trouble.text, ...choices);
    if (answer === another) return chooseModel(app);
    if (answer !== otherKey || origin === undefined || !(await askKey(app, origin, true))) return true;
  }
}

function troubleWith(app: App, model: string): Thenable<Trouble | undefined> {
  return whileShowing(vscode.l10n.t('Trying {0}…', model), async (signal) => {
    try {
      const { callsTools } = await app.services().tryModel(signal);
      if (callsTools) {
        vscode.window.setStatusBarMessage(vscode.l10n.t('Planwright uses {0} from now on.', model), 5000);
        return undefined;
      }
      const text = vscode.l10n.t(
        '{0} did not call the tool it was told to call. Agents read and edit files through tools, so runs with it will come to little.',
        model,
      );
      return { text, badKey: false };
    } catch (thrown) {
      const error = asPlanwrightError(thrown);
      return error.code === 'CANCELLED' ? undefined : { text: toldError(error), badKey: error.code === 'BAD_KEY' };
    }
  });
}
