import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { createProposal } from '../../src/workflow/edits/review.ts';
import type { ReviewState } from '../../src/workflow/edits/reviewState.ts';
import { encodingTable } from '../fixtures/encodingTable.ts';
import { type } from './typing.ts';

let app: App;
let runId: string;
const root = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const uriOf = (path: string) => vscode.Uri.file(join(root(), path));
const onDisk = (path: string) => readFileSync(join(root(), path));

function put(path: string, bytes: Buffer): void {
  mkdirSync(dirname(join(root(), path)), { recursive: true });
  writeFileSync(join(root(), path), bytes);
}

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${what}.`);
}

/** Sets a setting of the workspace; undefined takes it back. */
async function set(section: string, name: string, value: unknown): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  if (settings.inspect(name)?.workspaceValue === value) return;
  await settings.update(name, value, vscode.ConfigurationTarget.Workspace);
}

let count = 0;
/** Proposes this text for a file as it is, and answers the proposal as stored. */
async function propose(path: string, text: string): Promise<ReviewState> {
  const { workspace, book } = app.services();
  const base = await workspace.read(path);
  const id = `E-${++count}`;
  const about = {
    id,
    taskId: 'E',
    path,
    action: 'modify',
    rationale: '',
    provenance: [],
    taskRequirements: [],
  } as const;
  await book.propose(runId, 1, createProposal({ ...about, base: base?.text ?? null, text }));
  const state = book.find(runId, 1, id);
  assert.ok(state);
  return state;
}

function accept(state: ReviewState, hunk: number): Promise<void> {
  return app.services().book.accept(runId, 1, state.id, state.hunks[hunk]?.id ?? '', 'test');
}

async function undoneAndRedone(path: string, before: string, after: string): Promise<void> {
  const shown = await vscode.window.showTextDocument(uriOf(path));
  await until(
    'the editor to have the accepted text',
    () => shown.document.getText() === after && !shown.document.isDirty,
  );
  await vscode.commands.executeCommand('undo');
  assert.equal(shown.document.getText(), before);
  await vscode.commands.executeCommand('redo');
  assert.equal(shown.document.getText(), after);
}

before(async () => {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
  assert.ok(extension);
  app = await (await extension.activate()).app();
  runId = app.services().store.createRun(sampleInput, { model: 'demo', workspace: 'encodings' });
});

after(async () => {
  await set('files', 'encoding', undefined);
  app.services().store.deleteRun(runId);
});

describe('encodings in a real VS Code', () => {
  for (const { name, path, configured, base, proposed, bytes, accepted } of encodingTable) {
    for (const where of ['closed', 'open'] as const) {
      it(`changes just the accepted hunk of a file that is ${where}: ${name}`, async () => {
        const file = path.replace('/', `/${where}/`);
        await set('files', 'encoding', configured);
        put(file, bytes);
        if (where === 'open') await vscode.window.showTextDocument(uriOf(file));
        const state = await propose(file, proposed);
        assert.equal(state.base.text, base);
        assert.equal(state.hunks.length, 3);
        await accept(state, 1);
        assert.ok(onDisk(file).equals(accepted), onDisk(file).toString('latin1'));
        const other = await propose(file, base);
        await app.services().book.rejectAll(runId, 1, other.id, 'test');
        await app.services().book.rejectAll(runId, 1, state.id, 'test');
        assert.ok(onDisk(file).equals(accepted));
      });
    }
  }

  it('leaves a file whose proposal is rejected', async () => {
    for (const { path, configured, proposed, bytes } of encodingTable) {
      const file = path.replace('/', '/rejected/');
      await set('files', 'encoding', configured);
      put(file, bytes);
      const state = await propose(file, proposed);
      await app.services().book.rejectAll(runId, 1, state.id, 'test');
      assert.ok(onDisk(file).equals(bytes), file);
    }
    await set('files', 'encoding', undefined);
  });

  it('keeps undo for a file in a legacy encoding', async () => {
    await set('files', 'encoding', 'windows1252');
    put('undo/latin.txt', Buffer.from('één\ntwee\n', 'latin1'));
    await accept(await propose('undo/latin.txt', 'één\ntwéé\n'), 0);
    assert.deepEqual(onDisk('undo/latin.txt'), Buffer.from('één\ntwéé\n', 'latin1'));
    await undoneAndRedone('undo/latin.txt', 'één\ntwee\n', 'één\ntwéé\n');
    await set('files', 'encoding', undefined);
  });

  it('keeps mixed line ends on disk, and undo in an editor that shows them as one kind', async () => {
    put('undo/mixed.txt', Buffer.from('one\r\ntwo\nthree\r\n'));
    const shown = await vscode.window.showTextDocument(uriOf('undo/mixed.txt'));
    assert.equal(shown.document.getText(), 'one\r\ntwo\r\nthree\r\n', 'VS Code gives all lines one end on loading');
    await accept(await propose('undo/mixed.txt', 'one\r\n2\nthree\r\n'), 0);
    assert.equal(onDisk('undo/mixed.txt').toString(), 'one\r\n2\nthree\r\n');
    await undoneAndRedone('undo/mixed.txt', 'one\r\ntwo\r\nthree\r\n', 'one\r\n2\r\nthree\r\n');
    assert.equal(onDisk('undo/mixed.txt').toString(), 'one\r\n2\nthree\r\n');
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('keeps lone carriage returns, which VS Code takes for line ends', async () => {
    put('edges/return.txt', Buffer.from('a\rb\ntwo\n'));
    await accept(await propose('edges/return.txt', 'a\rb\n2\n'), 0);
    assert.equal(onDisk('edges/return.txt').toString(), 'a\rb\n2\n');
  });

  it('adds no mark to UTF-16 that has none', async () => {
    put('edges/wide.txt', Buffer.from('één\ntwo\n', 'utf16le'));
    await accept(await propose('edges/wide.txt', 'één\n2\n'), 0);
    assert.deepEqual(onDisk('edges/wide.txt'), Buffer.from('één\n2\n', 'utf16le'));
  });

  it('does not let saving change more than was accepted', async () => {
    await set('files', 'insertFinalNewline', true);
    await set('files', 'trimTrailingWhitespace', true);
    put('edges/trim.txt', Buffer.from('one  \ntwo\nthree'));
    await accept(await propose('edges/trim.txt', 'one  \n2\nthree'), 0);
    assert.equal(onDisk('edges/trim.txt').toString(), 'one  \n2\nthree');
    await undoneAndRedone('edges/trim.txt', 'one  \ntwo\nthree', 'one  \n2\nthree');
    await set('files', 'insertFinalNewline', undefined);
    await set('files', 'trimTrailingWhitespace', undefined);
  });

  it('reads a file as the editor that has it open in another encoding', async () => {
    put('edges/chosen.txt', Buffer.from([0x93, 0xfa, 0x0a, 0x62, 0x0a]));
    await assert.rejects(app.services().workspace.read('edges/chosen.txt'), { code: 'ENCODING' });
    await vscode.workspace.openTextDocument(uriOf('edges/chosen.txt'), { encoding: 'shiftjis' });
    const state = await propose('edges/chosen.txt', '日\nソ\n');
    assert.equal(state.base.text, '日\nb\n');
    await accept(state, 0);
    assert.deepEqual(onDisk('edges/chosen.txt'), Buffer.from([0x93, 0xfa, 0x0a, 0x83, 0x5c, 0x0a]));
  });

  it('keeps UTF-8 in a workspace whose files.encoding is another, open or not', async () => {
    await set('files', 'encoding', 'windows1252');
    for (const where of ['closed', 'open']) {
      const path = `edges/utf8-${where}.txt`;
      put(path, Buffer.from('één\ntwo\n'));
      if (where === 'open') await vscode.window.showTextDocument(uriOf(path));
      await accept(await propose(path, 'één\n2 é\n'), 0);
      assert.equal(onDisk(path).toString(), 'één\n2 é\n');
    }
    await set('files', 'encoding', undefined);
  });

  it('writes nothing that the encoding has no bytes for', async () => {
    await set('files', 'encoding', 'windows1252');
    const bytes = Buffer.from('één\ntwo\n', 'latin1');
    put('edges/emoji.txt', bytes);
    const state = await propose('edges/emoji.txt', 'één\n😀\n');
    await assert.rejects(accept(state, 0), (error: { code?: string; message: string }) => {
      assert.equal(error.code, 'ENCODING');
      assert.match(error.message, /“😀” \(U\+1F600, line 2\)/);
      return true;
    });
    assert.deepEqual(onDisk('edges/emoji.txt'), bytes);
    assert.equal(app.services().book.find(runId, 1, state.id)?.hunks[0]?.decision, 'pending');
    await set('files', 'encoding', undefined);
  });

  it('shows and takes the right side as UTF-8 wherever files.encoding is another', async () => {
    await set('files', 'encoding', 'windows1252');
    put('edges/right.txt', Buffer.from('één\ntwo\n', 'latin1'));
    const state = await propose('edges/right.txt', 'één\n2 €\n');
    await vscode.commands.executeCommand('planwright.openProposal', { kind: 'proposal', runId, proposalId: state.id });
    const editor = await until(
      'the diff',
      () => vscode.window.activeTextEditor?.document.uri.path.endsWith('right.txt') && vscode.window.activeTextEditor,
    );
    assert.equal(editor.document.uri.scheme, 'planwright-proposal');
    assert.equal(editor.document.getText(), 'één\n2 €\n');
    await type(editor, new vscode.Position(2, 0), 'drie é\n');
    assert.ok(await editor.document.save());
    assert.equal(app.services().book.find(runId, 1, state.id)?.text, 'één\n2 €\ndrie é\n');
    await set('files', 'encoding', undefined);
  });

  it('gives a new file the configured encoding', async () => {
    await set('files', 'encoding', 'utf16le');
    await app.services().workspace.apply({ action: 'create', path: 'edges/new.txt', text: 'é\n' });
    assert.deepEqual(onDisk('edges/new.txt'), Buffer.from('\uFEFFé\n', 'utf16le'));
    await set('files', 'encoding', undefined);
  });
});
