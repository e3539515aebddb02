import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { told } from '../views/told.ts';
import { type Input, inputSchema, type Template } from '../workflow/schemas.ts';
import { unusableInput } from '../workflow/starts/unusableInput.ts';
import { firstIssue, forPeople } from '../workflow/words/issues.ts';
import { chooseModel } from './chooseModel.ts';

/** Asks for request, requirements and constraints, and starts a run. */
export async function start(app: App, template?: Template): Promise<void> {
  await startWith(app, async () => {
    const input = await ask({ ...(await suggestion(app, template)) });
    return input && template ? { ...input, template } : input;
  });
}

/** The recorded request where it would fit: the demo model on its sample. */
async function suggestion(app: App, template: Template | undefined): Promise<Input | undefined> {
  return app.services().modelId() === 'demo' && !template ? app.sampleInput() : undefined;
}

/** Starts a run with what `prepare` comes to, if nothing runs and there is a model. */
export async function startWith(app: App, prepare: () => Promise<Input | undefined>): Promise<void> {
  const services = app.services();
  const running = services.running();
  if (running) {
    const show = vscode.l10n.t('Show it');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('A workflow is running in this workspace. Finish or cancel it before you start another.'),
      show,
    );
    if (answer === show) app.panel.show(running);
    return;
  }
  if (!services.modelId() && !(await chooseModel(app))) return;
  const input = await prepare();
  if (!input) return;
  const { id } = services.start(input);
  app.panel.show(id);
}

/** What the three questions start with. */
export interface Questions extends Partial<Input> {
  /** What the request is about, when it is about a piece of code. */
  readonly about?: string;
  /** Makes the request of what was typed. */
  readonly complete?: (typed: string) => string;
}

/** Asks for request, requirements and constraints; undefined when the developer leaves. */
export async function ask(suggested: Questions): Promise<Input | undefined> {
  const { about, complete = (typed: string) => typed } = suggested;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Start implementation workflow (1 of 3): request'),
    prompt: about ? vscode.l10n.t('What shall be done with {0}?', about) : vscode.l10n.t('What shall be built?'),
    value: suggested.request ?? '',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const checked = inputSchema.shape.request.safeParse(text, forPeople);
      return checked.success ? undefined : told(firstIssue(checked.error, '').what);
    },
  });
  if (typed === undefined) return undefined;
  const request = complete(typed.trim());
  const requirements = await askLines(
    vscode.l10n.t('Start implementation workflow (2 of 3): requirements'),
    vscode.l10n.t('What must it do? Separate requirements with a semicolon; leave empty for none.'),
    suggested.requirements,
  );
  if (requirements === undefined) return undefined;
  const constraints = await askLines(
    vscode.l10n.t('Start implementation workflow (3 of 3): constraints'),
    vscode.l10n.t('What must it respect? Separate constraints with a semicolon; leave empty for none.'),
    suggested.constraints,
  );
  if (constraints === undefined) return undefined;
  const checked = inputSchema.safeParse(
    { request, requirements, ...(constraints.length > 0 ? { constraints } : {}) },
    forPeople,
  );
  if (checked.success) return checked.data;
  throw unusableInput(checked.error, { whole: 'request', hint: 'Start again with a shorter or corrected request.' });
}

/** An input box has one line, so several entries are written with semicolons between them. */
async function askLines(
  title: string,
  prompt: string,
  suggested: readonly string[] | undefined,
): Promise<string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value: suggested?.join('; ') ?? '',
    ignoreFocusOut: true,
  });
  return text
    ?.split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
