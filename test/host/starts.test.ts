import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import type { Input } from '../../src/workflow/schemas.ts';

/** Ways to start, up to the input that the run records. The model knows none of these requests, so each run ends early. */

let app: App;
const root = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${what}.`);
}

async function open(name: string, text: string): Promise<vscode.TextEditor> {
  writeFileSync(join(root(), name), text);
  return vscode.window.showTextDocument(vscode.Uri.file(join(root(), name)));
}

/** Presses Enter in what the command asks, until a run has started; answers its input. */
async function startedBy(command: string, ...args: unknown[]): Promise<Input> {
  const known = app.services().store.listRuns().length;
  void vscode.commands.executeCommand(command, ...args);
  const started = () => app.services().store.listRuns().length > known;
  for (let tries = 0; tries < 100 && !started(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (!started()) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  const [run] = app.services().store.listRuns();
  assert.ok(run && started(), `${command} started a run`);
  await until('its end', () => !app.services().isActive(run.id));
  const input = app.feed.view(run.id)?.input;
  assert.ok(input);
  await app.services().remove(run.id);
  return input;
}

/** Of these tests only: a hook outside them would run before those of every file, and end the run they are about. */
async function opened(): Promise<void> {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
  assert.ok(extension);
  app = await (await extension.activate()).app();
  for (const { id } of app.services().store.listRuns())
    if (app.services().isActive(id)) await app.services().cancel(id);
}

describe('starting from what one is looking at', () => {
  before(opened);

  it('a TODO comment offers itself as a quick fix, and its words and place become the request', async () => {
    const { document } = await open('todo.ts', 'const a = 1;\n// TODO: double a\n//   and halve it\nexport { a };\n');
    const range = new vscode.Range(1, 5, 1, 5);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    const action = actions.find(({ command }) => command?.command === 'planwright.startFromTodo');
    assert.equal(action?.title, 'Planwright: do this TODO…');
    const elsewhere = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, 0, 0),
    );
    assert.ok(elsewhere.every(({ command }) => command?.command !== 'planwright.startFromTodo'));
    const { request } = await startedBy('planwright.startFromTodo', ...(action?.command?.arguments ?? []));
    assert.match(request, /^double a and halve it\n\nRemove the TODO comment once it is done\./);
    assert.match(request, /This is about todo\.ts, lines 2 to 5:\n\n```typescript\n\/\/ TODO: double a\n/);
  });

  it('a Markdown file gives request, requirements and constraints', async () => {
    await open(
      'issue.md',
      '# Faster\n\nIt is slow.\n\n## Requirements\n- under 1 s\n- a test\n\n## Constraints\n- no cache\n',
    );
    assert.deepEqual(await startedBy('planwright.startFromMarkdown', vscode.Uri.file(join(root(), 'issue.md'))), {
      request: 'Faster\n\nIt is slow.',
      requirements: ['under 1 s', 'a test'],
      constraints: ['no cache'],
    });
  });

  it('what may hold secrets is refused', async () => {
    const editor = await open('.env', 'KEY=1\n');
    editor.selection = new vscode.Selection(0, 0, 0, 5);
    const known = app.services().store.listRuns().length;
    await vscode.commands.executeCommand('planwright.startFromSelection');
    assert.equal(app.services().store.listRuns().length, known);
  });
});

describe('@planwright in the chat', () => {
  before(opened);

  interface Told {
    text: string;
    buttons: vscode.Command[];
  }
  /** What a chat would show; the handler is the real one. */
  function listener(): { told: Told; stream: vscode.ChatResponseStream } {
    const told: Told = { text: '', buttons: [] };
    const stream = {
      markdown: (value: string | vscode.MarkdownString) => {
        told.text += typeof value === 'string' ? value : value.value;
      },
      button: (command: vscode.Command) => told.buttons.push(command),
    };
    return { told, stream: stream as unknown as vscode.ChatResponseStream };
  }

  it('starts a run from free text, with its list as requirements and what is attached, and says where it is', async () => {
    await open('chat.ts', 'a();\nb();\n');
    const { told, stream } = listener();
    const reference = new vscode.Location(vscode.Uri.file(join(root(), 'chat.ts')), new vscode.Range(1, 0, 1, 4));
    const secret = vscode.Uri.file(join(root(), '.env'));
    const result = await app.chat(
      {
        prompt: 'Tidy it up\n- keep b\n- no new files',
        command: undefined,
        references: [
          { id: '1', value: reference },
          { id: '2', value: secret },
        ],
      },
      stream,
    );
    assert.deepEqual(result, {});
    assert.match(told.text, /change no file/);
    const { runId } = told.buttons[0]?.arguments?.[0] ?? {};
    await until('its end', () => !app.services().isActive(runId));
    const input = app.feed.view(runId)?.input;
    assert.deepEqual(input?.requirements, ['keep b', 'no new files']);
    assert.match(input?.request ?? '', /^Tidy it up\n\nThis is about chat\.ts, line 2:\n\n```typescript\nb\(\);\n```$/);

    const status = listener();
    app.panel.show(runId);
    await app.chat({ prompt: '', command: 'status', references: [] }, status.stream);
    assert.match(status.told.text, /Tidy/);
    assert.match(status.told.text, /failed/);
    assert.deepEqual(
      status.told.buttons.map(({ command }) => command),
      ['planwright.openPanel', 'planwright.resume'],
    );
    await app.services().remove(runId);
  });

  it('asks for words where there are none', async () => {
    const { told, stream } = listener();
    await app.chat({ prompt: '  ', command: 'plan', references: [] }, stream);
    assert.match(told.text, /Say what you want built/);
  });
});
