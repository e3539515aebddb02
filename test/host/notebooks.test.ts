import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PlanwrightApi } from '../../src/extension.ts';
import type { VscodeWorkspace } from '../../src/hosts/vscode/vscodeWorkspace.ts';
import { editCell } from '../../src/workflow/edits/notebook.ts';

let workspace: VscodeWorkspace;
const folder = () => join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'notebooks');
const at = (path: string) => join(folder(), path);
const disk = (path: string) => readFileSync(at(path), 'utf8');
const cell = (source: string[]) => ({ cell_type: 'code', execution_count: 1, metadata: {}, outputs: [], source });
const text = `${JSON.stringify({ cells: [cell(['x = 1\n', 'x']), cell([])], metadata: {}, nbformat: 4, nbformat_minor: 4 }, null, 1)}\n`;
const changed = text.replace('x = 1', 'x = 2');

async function change(path: string): Promise<void> {
  const file = await workspace.read(`notebooks/${path}`);
  const edited = editCell(file?.text ?? '', 1, 'x = 1', 'x = 2');
  await workspace.apply({ action: 'modify', path: `notebooks/${path}`, text: edited, expectedHash: file?.hash ?? '' });
}

before(async () => {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
  assert.ok(extension);
  workspace = (await (await extension.activate()).app()).services().workspace;
});
beforeEach(() => mkdirSync(folder(), { recursive: true }));
afterEach(async () => {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  rmSync(folder(), { recursive: true, force: true });
});

describe('notebooks in a real VS Code', () => {
  it('changes the cell of a notebook that is closed, and nothing else of the file', async () => {
    writeFileSync(at('closed.ipynb'), text);
    await change('closed.ipynb');
    assert.equal(disk('closed.ipynb'), changed);
  });

  it('changes the cell of a notebook that is open, where it is shown then', async () => {
    writeFileSync(at('open.ipynb'), text);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(at('open.ipynb')));
    await vscode.window.showNotebookDocument(notebook);
    await change('open.ipynb');
    assert.equal(disk('open.ipynb'), changed);
    for (let tries = 0; tries < 200 && notebook.cellAt(0).document.getText() !== 'x = 2\nx'; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(notebook.cellAt(0).document.getText(), 'x = 2\nx');
  });

  it('refuses to change a notebook with unsaved changes', async () => {
    writeFileSync(at('dirty.ipynb'), text);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(at('dirty.ipynb')));
    await vscode.window.showNotebookDocument(notebook);
    const mine = new vscode.WorkspaceEdit();
    mine.insert(notebook.cellAt(0).document.uri, new vscode.Position(0, 0), '# mine\n');
    assert.ok(await vscode.workspace.applyEdit(mine));
    await assert.rejects(change('dirty.ipynb'), (error: { code?: string; message: string }) => {
      assert.equal(error.code, 'DRIFT');
      assert.match(error.message, /notebook with unsaved changes/);
      return true;
    });
    assert.equal(disk('dirty.ipynb'), text);
  });
});
