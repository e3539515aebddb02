import * as vscode from 'vscode';
import { textHash } from '../../workflow/edits/hash.ts';
import type { TriggerKind } from '../../workflow/triggers/definition.ts';
import { isByOthers } from '../../workflow/triggers/origin.ts';
import type { TriggerHost } from '../triggers/triggerHost.ts';
import type { Services } from './services.ts';

/** Diagnostics come in bursts: they are counted once there were none for so long, in milliseconds. */
const QUIET_MS = 1500;

/** What happens in the editor, told to triggers of these kinds. */
export function editorEvents(
  host: TriggerHost,
  { workspace, store }: Services,
  kinds: ReadonlySet<TriggerKind>,
): vscode.Disposable[] {
  /** When somebody but Planwright last changed a file here. */
  let changedByOthers = 0;
  const noteChange = (path: string, text: string): void => {
    const now = Date.now();
    if (isByOthers(path, textHash(text), store.own, now)) changedByOthers = now;
  };
  const saved = async (uri: vscode.Uri): Promise<void> => {
    const path = workspace.pathOf(uri);
    if (path === undefined) return;
    const file = await workspace.read(path).catch(() => null);
    if (file) noteChange(path, file.text);
    if (kinds.has('file-saved')) host.occurred({ kind: 'file-saved', path, hash: file?.hash ?? null }, changedByOthers);
  };
  const listeners = [
    vscode.workspace.onDidSaveTextDocument(({ uri }) => void saved(uri)),
    vscode.workspace.onDidSaveNotebookDocument(({ uri }) => void saved(uri)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const path = contentChanges.length > 0 ? workspace.pathOf(document.uri) : undefined;
      // A change that is not saved yet, of a file Planwright is not writing, is somebody's typing.
      if (path !== undefined && document.isDirty) noteChange(path, document.getText());
    }),
  ];
  if (kinds.has('task-failed')) {
    listeners.push(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (!exitCode) return;
        host.occurred({ kind: 'task-failed', task: execution.task.name, exitCode }, changedByOthers);
      }),
    );
  }
  if (kinds.has('diagnostics')) listeners.push(diagnosticsOf(host, workspace, () => changedByOthers));
  return listeners;
}

/** Tells of the diagnostics there are when they change; the host knows which were too many before. */
function diagnosticsOf(
  host: TriggerHost,
  workspace: Services['workspace'],
  changedByOthers: () => number,
): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    host.occurred({ kind: 'diagnostics', found: await workspace.diagnostics() }, changedByOthers());
  };
  const listener = vscode.languages.onDidChangeDiagnostics(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), QUIET_MS);
  });
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    listener.dispose();
  });
}
