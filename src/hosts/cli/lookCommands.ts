import { writeFile } from 'node:fs/promises';
import { attemptView } from '../../workflow/attemptView.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { reportMarkdown } from '../../workflow/runReport/reportMarkdown.ts';
import { runReport } from '../../workflow/runReport/runReport.ts';
import type { RunView } from '../../workflow/runState.ts';
import { SCHEMA_VERSION } from '../../workflow/schemas.ts';
import { usageText } from './budgetFlags.ts';
import { openExisting, openFor } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import { attemptOf, type Flags, formatOf, wrongUse } from './options.ts';
import { currentReview, outputText, planText } from './outcome.ts';
import type { Terminal } from './terminal.ts';
import { allViews, statusIn, viewOf } from './views.ts';
import { oneLine, visible } from './visible.ts';

/** The commands that only look. Each answers the exit code. */

export async function status(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const engine = id === '' ? openExisting(flags, process.env, terminal) : openFor(id, flags, process.env, terminal);
  try {
    const views = engine ? allViews(engine.store) : [];
    const view = id === '' ? views[0] : views.find(({ runId }) => runId === id);
    if (engine && id !== '') engine.require(id);
    if (!engine || !view) throw new PlanwrightError('NOT_FOUND', 'No run was made in this workspace yet.');
    const now = statusIn(views, view);
    if (flags.json) {
      terminal.print(JSON.stringify(now));
      return exitCodes.completed;
    }
    const owner = engine.store.leaseOwner(view.runId);
    terminal.print(visible(statusText(view, now.estimatedCompletion, owner !== undefined)));
    return exitCodes.completed;
  } finally {
    await engine?.close();
  }
}

export async function list(_id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const engine = openExisting(flags, process.env, terminal);
  try {
    const views = engine ? allViews(engine.store) : [];
    if (views.length === 0) terminal.note('No run was made in this workspace yet.');
    for (const view of views) {
      const { input, model, workspace, attempt, startedAt } = view;
      const record = {
        ...statusIn(views, view),
        attempt,
        request: input.request,
        model,
        workspace,
        createdAt: new Date(startedAt).toISOString(),
      };
      terminal.print(flags.json ? JSON.stringify(record) : listLine(view));
    }
    return exitCodes.completed;
  } finally {
    await engine?.close();
  }
}

export async function exportRun(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const format = formatOf(flags);
  const attempt = attemptOf(flags);
  const engine = openFor(id, flags, process.env, terminal);
  try {
    engine.require(id);
    const view = attempt === undefined ? viewOf(engine.store, id) : attemptView(engine.store.events(id, 0), attempt);
    const text = flags.report ? reportText(view, format) : planOrRunText(view, format);
    if (flags.out === undefined) terminal.print(text);
    else await written(flags.out, `${text}\n`);
    return exitCodes.completed;
  } finally {
    await engine.close();
  }
}

function reportText(view: RunView, format: 'md' | 'json'): string {
  const report = runReport(view);
  return format === 'md' ? visible(reportMarkdown(report).trimEnd()) : JSON.stringify(report, null, 2);
}

function planOrRunText(view: RunView, format: 'md' | 'json'): string {
  if (format === 'json') return JSON.stringify(exportOf(view), null, 2);
  if (view.plan) return visible(markdownOf(view));
  throw new PlanwrightError('NOT_FOUND', `Run ${view.runId} has no plan yet.`, {
    hint: 'Export it when planning is done.',
  });
}

function listLine(view: RunView): string {
  const { runId, status: now, progress, startedAt, input } = view;
  const when = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ');
  return `${runId}  ${now.padEnd(11)}  ${String(progress).padStart(3)} %  ${when}  ${oneLine(input.request, 60)}`;
}

/** @param held true while a process works on it */
function statusText(view: RunView, completion: string | null, held: boolean): string {
  const { runId, status: now, currentPhase, progress, pendingHunks, usage, error, openGates } = view;
  const idle = !held && (now === 'in_progress' || now === 'queued' || now === 'waiting');
  const gates = openGates.filter(({ kind }) => kind !== 'proposal');
  return [
    `Run ${runId}: ${now}${currentPhase ? `, ${currentPhase}` : ''}, ${progress} %`,
    `  ${oneLine(view.input.request, 100)}`,
    `  ${view.model || 'no model'}, attempt ${view.attempt}, ${usageText(usage)}`,
    ...(completion ? [`  done by ${completion}`] : []),
    ...gates.map(({ title }) => `  waits: ${oneLine(title)}`),
    ...(pendingHunks > 0 ? [`  ${pendingHunks} hunks to decide`] : []),
    ...(error ? [`  ${oneLine(error.message)}`] : []),
    ...(idle ? [`  Nobody works on it. “planwright resume ${runId}” goes on.`] : []),
  ].join('\n');
}

function markdownOf(view: RunView): string {
  const output = view.output ? `\n\n# Result\n\n${outputText(view.output)}` : '';
  return planText(view) + output;
}

/** The run in the contract's names. */
function exportOf(view: RunView) {
  return {
    version: SCHEMA_VERSION,
    id: view.runId,
    status: view.status,
    context: {
      request: view.input,
      plan: view.plan,
      reviewReport: currentReview(view) ?? null,
      refinements: view.refinements,
      implementation: view.output?.implementation ?? null,
      metrics: view.output?.metrics ?? null,
    },
    output: view.output,
  };
}

async function written(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw wrongUse(`${file} cannot be written: ${(cause as Error).message}`, 'export');
  }
}
