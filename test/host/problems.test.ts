import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import type { EditorProblems } from '../../src/workflow/ports.ts';

/** The editor's language services over files as they might be: a real TypeScript, and a language of the test's own. */

let app: App;
let problems: EditorProblems;
const signal = () => new AbortController().signal;
const inCopies = ({ fsPath }: vscode.Uri) => fsPath.includes(join(app.services().folder, 'scratch'));
const left = () => vscode.workspace.textDocuments.filter(({ uri }) => inCopies(uri)).map(({ uri }) => uri.fsPath);
const root = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

before(async () => {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
  assert.ok(extension);
  app = await (await extension.activate()).app();
  problems = app.services().problems;
});

describe('the problems that the editor finds in a copy', () => {
  it('has TypeScript look at a file as it might be, and at one that stands on another; nothing stays open', async () => {
    const files = new Map([
      ['src/count.ts', 'export function count(texts: readonly string[]): number {\n  return texts.size;\n}\n'],
      ['src/user.ts', "import { count } from './count.ts';\n\nexport const n: string = count([]);\n"],
    ]);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).length;
    const found = await problems.find([...files.keys()], files, signal());
    assert.deepEqual(
      found.problems.map(({ path, line, severity, message }) => [path, line, severity, message.split(':')[0]]),
      [
        ['src/count.ts', 2, 'error', 'ts(2339)'],
        ['src/user.ts', 3, 'error', 'ts(2322)'],
      ],
    );
    assert.deepEqual([found.asked, found.answered, found.cut], [2, 2, undefined]);
    assert.deepEqual(left(), []);
    assert.equal(vscode.window.tabGroups.all.flatMap((group) => group.tabs).length, tabs);
    assert.equal(existsSync(join(root(), 'src/count.ts')), false);
  });

  it('finds nothing wrong with the workspace’s own files, and that nobody knows a language', async () => {
    const well = await problems.find(['src/slug.ts', 'src/missing.ts'], new Map(), signal());
    assert.deepEqual(well, { problems: [], asked: 1, answered: 1 });
    const unknown = await problems.find(['LICENSE'], new Map([['LICENSE', 'Do as you like.\n']]), signal());
    assert.deepEqual(unknown, { problems: [], asked: 0, answered: 0 });
  });

  it('calls a package that is not installed no error, a module of its own that is missing one', async () => {
    const text = "import 'nowhere-to-be-found';\nimport { x } from './gone.ts';\n\nexport const y = x;\n";
    const { problems: found } = await problems.find(['src/new.ts'], new Map([['src/new.ts', text]]), signal());
    assert.deepEqual(
      found.map(({ line, severity }) => [line, severity]).filter(([, severity]) => severity === 'error'),
      [[2, 'error']],
    );
  });

  it('finds no error in a new test that imports what the project’s own tests import', async () => {
    const text = [
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      "import { slug } from '../src/slug.ts';",
      '',
      "test('slugs', () => assert.equal(slug('A b'), 'a-b'));",
      '',
    ].join('\n');
    const { problems: found } = await problems.find(['test/n.test.ts'], new Map([['test/n.test.ts', text]]), signal());
    assert.deepEqual(
      found.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('waits for other language services, which speak when they like', async () => {
    const collection = vscode.languages.createDiagnosticCollection('test');
    const seen: string[] = [];
    const listener = vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.languageId !== 'json' || !inCopies(document.uri)) return;
      seen.push(document.getText());
      setTimeout(() => {
        const range = new vscode.Range(0, 0, 0, 1);
        collection.set(document.uri, [
          new vscode.Diagnostic(range, 'too short', vscode.DiagnosticSeverity.Error),
          new vscode.Diagnostic(range, 'not nice', vscode.DiagnosticSeverity.Warning),
          new vscode.Diagnostic(range, 'by the way', vscode.DiagnosticSeverity.Hint),
        ]);
      }, 300);
    });
    try {
      const found = await problems.find(['some.json'], new Map([['some.json', '{}\n']]), signal());
      assert.deepEqual(seen, ['{}\n']);
      assert.deepEqual(found, {
        problems: [
          { path: 'some.json', line: 1, severity: 'error', message: 'too short' },
          { path: 'some.json', line: 1, severity: 'warning', message: 'not nice' },
        ],
        asked: 1,
        answered: 1,
      });
      assert.deepEqual(left(), []);
    } finally {
      listener.dispose();
      collection.dispose();
    }
  });

  it('ends at once when it is cancelled, and leaves nothing open', async () => {
    const controller = new AbortController();
    const opened = vscode.workspace.onDidOpenTextDocument(({ uri }) => inCopies(uri) && controller.abort());
    try {
      const text = 'export const x = 1;\n';
      await assert.rejects(problems.find(['src/new.ts'], new Map([['src/new.ts', text]]), controller.signal), {
        code: 'CANCELLED',
      });
      assert.deepEqual(left(), []);
    } finally {
      opened.dispose();
    }
  });
});
