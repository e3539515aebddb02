import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { readSettings } from '../hosts/vscode/settings.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { fileName } from '../workflow/planMarkdown.ts';
import type { Template } from '../workflow/schemas.ts';
import { TEMPLATES_FOLDER, templateLibrary } from '../workflow/templates/library.ts';
import { templateOf } from '../workflow/templates/parse.ts';
import { requireTrust } from './hunks.ts';
import { start } from './start.ts';

/** Lets the developer pick a kind of change, then asks what it is to be. */
export async function startFromTemplate(app: App): Promise<void> {
  const template = await pickTemplate(app);
  if (template) await start(app, template);
}

async function pickTemplate(app: App): Promise<Template | undefined> {
  const entries = await templateLibrary(app.services().workspace);
  const picked = await vscode.window.showQuickPick(
    entries.map(({ id, source, template }) => {
      const broken = 'problem' in template;
      return {
        label: broken ? `$(warning) ${id}` : template.name,
        description: source === 'workspace' ? `${TEMPLATES_FOLDER}/${id}.md` : vscode.l10n.t('built in'),
        detail: broken ? template.problem : template.description,
        id,
        template,
      };
    }),
    { title: vscode.l10n.t('What kind of change is it?'), matchOnDetail: true },
  );
  if (!picked) return undefined;
  if (!('problem' in picked.template)) return picked.template;
  await vscode.window.showTextDocument(app.services().workspace.uri(`${TEMPLATES_FOLDER}/${picked.id}.md`));
  throw new PlanwrightError('INVALID_INPUT', picked.template.problem, {
    hint: 'Mend the file, then start again; docs/templates.md shows a whole one.',
  });
}

/** Makes a template of the run's plan, and opens it to be generalised. */
export async function saveAsTemplate(app: App, runId = app.currentRun()): Promise<void> {
  const plan = runId ? app.feed.view(runId)?.plan : undefined;
  if (!plan) {
    throw new PlanwrightError('NOT_FOUND', 'There is no plan to make a template of yet.', {
      hint: 'Start a workflow; its plan can be saved as a template as soon as it is written.',
    });
  }
  requireTrust();
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Save this plan as a template'),
    prompt: vscode.l10n.t('What is this kind of change called?'),
    value: plan.title,
  });
  if (!name?.trim()) return;
  const { workspace } = app.services();
  const path = `${TEMPLATES_FOLDER}/${fileName(name)}.md`;
  if (await workspace.exists(path)) {
    throw new PlanwrightError('INVALID_INPUT', `There is a template ${path} already; nothing was written.`, {
      hint: 'Choose another name, or delete that file first.',
    });
  }
  const { weights, threshold } = readSettings().workflow;
  const file = await workspace.resolveInside(path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, templateOf(plan, name.trim(), { weights, threshold }), { flag: 'wx' });
  await vscode.window.showTextDocument(workspace.uri(path));
}
