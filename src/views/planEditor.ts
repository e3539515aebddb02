import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { PlanwrightError } from '../workflow/errors.ts';
import { lintPlan } from '../workflow/review/planLinter.ts';
import { type Plan, planSchema } from '../workflow/schemas.ts';
import { firstIssue, forPeople } from '../workflow/words/issues.ts';
import { told } from './told.ts';

const ENDING = '.planwright-plan.json';
const LINT_MS = 300;

/** A plan that a developer changed, and the run it is for. */
export interface EditedPlan {
  readonly runId: string;
  readonly plan: Plan;
}

/**
 * Plans as JSON files in the editor: completion and checks of their form come from the schema that package.json
 * names for their ending, the plan linter's findings from here, as one types. A file belongs to one round of one
 * run; what was written and not used yet is still there the next time.
 */
export class PlanEditor implements vscode.Disposable {
  readonly #folder: string;
  readonly #files: () => Promise<readonly string[]>;
  readonly #findings = vscode.languages.createDiagnosticCollection('planwright');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #disposables: vscode.Disposable[];

  /**
   * @param folder where the files are kept
   * @param files the paths of the workspace
   */
  constructor(folder: string, files: () => Promise<readonly string[]>) {
    this.#folder = folder;
    this.#files = files;
    this.#disposables = [
      this.#findings,
      vscode.workspace.onDidOpenTextDocument((document) => this.#lintSoon(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#lintSoon(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#findings.delete(uri)),
    ];
  }

  async open(runId: string, round: number, plan: Plan): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, `${runId}.round-${round}${ENDING}`);
    await readFile(path).catch(() => writeFile(path, `${JSON.stringify(plan, null, 2)}\n`));
    const document = await vscode.workspace.openTextDocument(path);
    await vscode.window.showTextDocument(document);
    this.#lintSoon(document);
  }

  /**
   * The plan in the active editor; undefined when it shows none.
   * @throws PlanwrightError INVALID_INPUT when it is not a whole plan
   */
  async active(): Promise<EditedPlan | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !isPlan(document)) return undefined;
    if (document.isDirty) await document.save();
    const value = parsed(document.getText());
    if (value === undefined) {
      throw new PlanwrightError('INVALID_INPUT', 'This is not JSON, so the plan was not used.', {
        hint: 'Mend what the editor underlines, then use the plan again.',
      });
    }
    const checked = planSchema.safeParse(value, forPeople);
    if (checked.success) return { runId: basename(document.fileName).split('.', 1)[0] ?? '', plan: checked.data };
    const { where, what } = firstIssue(checked.error, 'plan');
    throw new PlanwrightError('INVALID_INPUT', `This is not a whole plan: ${where}: ${what}.`, {
      hint: 'Mend what the editor underlines, then use the plan again.',
    });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #lintSoon(document: vscode.TextDocument): void {
    if (!isPlan(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#lint(document), LINT_MS),
    );
  }

  async #lint(document: vscode.TextDocument): Promise<void> {
    this.#timers.delete(document.uri.toString());
    const checked = planSchema.safeParse(parsed(document.getText()));
    // Its form is the schema's business, and what the linter would say about half a plan is nobody's.
    if (!checked.success) return this.#findings.delete(document.uri);
    const findings = lintPlan(checked.data, new Set(await this.#files()));
    this.#findings.set(
      document.uri,
      findings.map(({ message, severity, rule, where, criterion, cap }) => {
        const kind = severity === 'minor' ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning;
        const text = vscode.l10n.t('{0} Caps {1} at {2} of 10.', told(message), criterion, cap);
        const diagnostic = new vscode.Diagnostic(placeOf(document, where), text, kind);
        diagnostic.source = 'Planwright';
        diagnostic.code = rule;
        return diagnostic;
      }),
    );
  }
}

/** The line that has the id, name or field a finding is about. */
function placeOf(document: vscode.TextDocument, where: string): vscode.Range {
  const quoted = JSON.stringify(where);
  for (const wanted of [`"id": ${quoted}`, `"name": ${quoted}`, `${quoted}:`]) {
    const at = document.getText().indexOf(wanted);
    if (at >= 0) return new vscode.Range(document.positionAt(at), document.positionAt(at + wanted.length));
  }
  return document.lineAt(0).range;
}

function isPlan(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && document.fileName.endsWith(ENDING);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
