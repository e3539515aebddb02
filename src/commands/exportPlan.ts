import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { ownLanguage } from '../views/told.ts';
import { textHash } from '../workflow/edits/hash.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { checkedPath } from '../workflow/guards.ts';
import { fileName, planMarkdown } from '../workflow/planMarkdown.ts';
import { requireTrust } from './hunks.ts';

/** Writes the plan as Markdown for people and as JSON for programs into the repository, and opens the former. */
export async function exportPlan(app: App, runId = app.currentRun()): Promise<void> {
  const view = runId ? app.feed.view(runId) : null;
  if (!view?.plan) {
    throw new PlanwrightError('NOT_FOUND', 'There is no plan to export yet.', {
      hint: 'Start a workflow; its plan can be exported as soon as it is written.',
    });
  }
  requireTrust();
  const { workspace } = app.services();
  const folder = vscode.workspace.getConfiguration('planwright').get<string>('plans.folder', '');
  const name = `${folder}/${fileName(view.plan.title)}-${view.runId}`;
  const review = view.reviews.find(({ round }) => round === view.planRound)?.review;
  const texts = {
    [`${name}.json`]: `${JSON.stringify({ version: 1, input: view.input, plan: view.plan, review }, null, 2)}\n`,
    [`${name}.md`]: planMarkdown(view.plan, review, ownLanguage),
  };
  for (const [path, text] of Object.entries(texts)) {
    const file = await workspace.resolveInside(checkedPath(path));
    await mkdir(dirname(file), { recursive: true });
    app.services().store.own.wrote(checkedPath(path), textHash(text), view.runId);
    await writeFile(file, text);
  }
  await vscode.window.showTextDocument(workspace.uri(checkedPath(`${name}.md`)));
}
