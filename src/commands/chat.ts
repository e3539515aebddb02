import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { ChatQuestion } from '../views/chatParticipant.ts';
import { phaseWord, statusWord } from '../views/stateWords.ts';
import { told, toldError } from '../views/told.ts';
import { asPlanwrightError } from '../workflow/errors.ts';
import { isDenied } from '../workflow/guards.ts';
import type { RunView } from '../workflow/runState.ts';
import { type Input, inputSchema } from '../workflow/schemas.ts';
import { requestAbout } from '../workflow/starts/codeRequest.ts';
import { markdownRequest } from '../workflow/starts/markdownRequest.ts';
import { unusableInput } from '../workflow/starts/unusableInput.ts';
import { forPeople } from '../workflow/words/issues.ts';

/**
 * Answers `@planwright` in the chat: `/status` says where the run is, anything else starts one. What follows is decided
 * by buttons, in the panel and in the editor: a chat is no place to review edits.
 */
export async function answerChat(
  app: App,
  question: ChatQuestion,
  stream: vscode.ChatResponseStream,
): Promise<vscode.ChatResult> {
  try {
    if (question.command === 'status') tellStatus(app, stream);
    else await startFromChat(app, question, stream);
    return {};
  } catch (thrown) {
    return { errorDetails: { message: toldError(asPlanwrightError(thrown)) } };
  }
}

async function startFromChat(app: App, question: ChatQuestion, stream: vscode.ChatResponseStream): Promise<void> {
  const services = app.services();
  if (services.running()) {
    stream.markdown(vscode.l10n.t('A workflow is running here. Finish or cancel it before you start another.'));
    return tellStatus(app, stream);
  }
  if (question.prompt.trim() === '') {
    stream.markdown(
      vscode.l10n.t(
        'Say what you want built; items of a list become its requirements. I plan it and ask before I start.',
      ),
    );
    return;
  }
  if (!services.modelId()) {
    stream.markdown(vscode.l10n.t('No model is chosen yet. Choose one, then send this again.'));
    stream.button({ command: 'planwright.chooseModel', title: vscode.l10n.t('Choose model…') });
    return;
  }
  const input = await inputOf(app, question);
  const { id } = services.start(input);
  stream.markdown(vscode.l10n.t('Planning it now; I read the workspace and change no file.'));
  stream.button(showButton(id));
}

/** The prompt as a Markdown request, about what is attached to it. */
async function inputOf(app: App, { prompt, references }: ChatQuestion): Promise<Input> {
  const found = markdownRequest(prompt);
  let { request } = found;
  // A prompt that is nothing but a list asks for what its first item says.
  if (request === '') request = found.requirements[0] ?? prompt;
  for (const { value } of references) request = await withReference(app, request, value);
  const checked = inputSchema.safeParse({ ...found, request }, forPeople);
  if (checked.success) return checked.data;
  throw unusableInput(checked.error, { whole: 'request', hint: 'Attach less, or say it in fewer words.' });
}

/** @param value an address, a place in a file or a text, as the chat hands attachments over */
async function withReference(app: App, request: string, value: unknown): Promise<string> {
  const { workspace } = app.services();
  if (typeof value === 'string') return `${request}\n\n${value}`;
  const uri = value instanceof vscode.Uri ? value : value instanceof vscode.Location ? value.uri : undefined;
  const path = uri && workspace.pathOf(uri);
  if (!path || isDenied(path)) return request;
  if (!(value instanceof vscode.Location)) return `${request}\n\nThis is about ${path}.`;
  const document = await vscode.workspace.openTextDocument(value.uri);
  const range = document.validateRange(value.range);
  return requestAbout(request, {
    path,
    firstLine: range.start.line + 1,
    lastLine: range.end.line + 1,
    text: document.getText(range),
    language: document.languageId,
  });
}

function tellStatus(app: App, stream: vscode.ChatResponseStream): void {
  const runId = app.currentRun();
  const view = runId ? app.feed.view(runId) : null;
  if (!view) {
    stream.markdown(vscode.l10n.t('No workflow has run in this workspace yet.'));
    stream.button({ command: 'planwright.start', title: vscode.l10n.t('Start one…') });
    return;
  }
  stream.markdown(statusText(view));
  stream.button(showButton(view.runId));
  const { pendingHunks, openGates, status } = view;
  const argument = [{ kind: 'run', runId: view.runId }];
  if (openGates.some(({ kind }) => kind !== 'proposal'))
    stream.button({ command: 'planwright.decide', title: vscode.l10n.t('Decide…'), arguments: argument });
  if (pendingHunks > 0) stream.button({ command: 'planwright.hunk.next', title: vscode.l10n.t('Open the next edit') });
  if (status === 'failed' || status === 'cancelled' || view.paused)
    stream.button({ command: 'planwright.resume', title: vscode.l10n.t('Resume'), arguments: argument });
}

/** Markdown; what a model or a developer wrote is put in as plain text. */
function statusText(view: RunView): vscode.MarkdownString {
  const { plan, status, currentPhase, progress, pendingHunks, reviews, error } = view;
  const [firstLine = ''] = view.input.request.split('\n', 1);
  const text = new vscode.MarkdownString('**').appendText(plan?.title ?? firstLine).appendMarkdown('**\n\n');
  const score = reviews.at(-1)?.review.score;
  const facts = [
    vscode.l10n.t('Status: {0}, {1} %', view.paused ? vscode.l10n.t('paused') : statusWord(status), progress),
    currentPhase && vscode.l10n.t('Phase: {0}', phaseWord(currentPhase)),
    score !== undefined && vscode.l10n.t('Score of the plan: {0} of 100', score),
    pendingHunks > 0 && vscode.l10n.t('Edits to decide: {0}', pendingHunks),
    error && told(error.message),
  ];
  for (const fact of facts) if (fact) text.appendMarkdown('- ').appendText(fact).appendMarkdown('\n');
  return text;
}

function showButton(runId: string): vscode.Command {
  const title = vscode.l10n.t('Show workflow');
  return { command: 'planwright.openPanel', title, arguments: [{ kind: 'run', runId }] };
}
