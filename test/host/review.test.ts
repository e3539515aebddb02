import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import { check } from '../../src/commands/runChecks.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { checkReport } from '../../src/workflow/checks/checkReport.ts';
import type { ReviewState } from '../../src/workflow/edits/reviewState.ts';
import { type } from './typing.ts';

let app: App;
let runId: string;
const root = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const disk = (path: string) => readFileSync(join(root(), path), 'utf8');

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${what}.`);
}

function proposal(path: string, taskId?: string): ReviewState {
  const found = app
    .services()
    .book.latest(runId)
    .find(({ state }) => state.path === path && (!taskId || state.taskId === taskId));
  assert.ok(found, `a proposal for ${path}`);
  return found.state;
}
const target = (state: ReviewState, hunkId: string) => ({ runId, attempt: 1, proposalId: state.id, hunkId });

describe('deciding hunks in a real VS Code', () => {
  // Here and not for the whole file: what is shown is the newest run, and others begin some too.
  before(async () => {
    const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
    assert.ok(extension);
    app = await (await extension.activate()).app();
    runId = app.services().start(sampleInput).id;
    const gate = await until('the approval gate', () =>
      app.feed.view(runId)?.openGates.find(({ kind }) => kind === 'plan-approval'),
    );
    app.services().decide(runId, gate.id, { choice: 'approve', by: 'test' });
    await until(
      'all tasks',
      () => Object.values(app.feed.view(runId)?.tasks ?? {}).filter(({ state }) => state === 'done').length === 4,
    );
  });

  it('shows Accept, Reject and Ask for a change over each pending hunk', async () => {
    const state = proposal('src/slug.ts', 'T1');
    await vscode.commands.executeCommand('planwright.openProposal', { kind: 'proposal', runId, proposalId: state.id });
    const editor = await until(
      'the diff',
      () =>
        vscode.window.activeTextEditor?.document.uri.scheme === 'planwright-proposal' && vscode.window.activeTextEditor,
    );
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      editor.document.uri,
    );
    assert.equal(
      lenses.filter(({ command }) => command?.command === 'planwright.hunk.accept').length,
      state.hunks.length,
    );
    assert.ok(lenses.some(({ command }) => command?.title.includes('serves no requirement')));
  });

  it('accepts hunk 2 and changes exactly its lines on disk; undo brings them back', async () => {
    const before = disk('src/slug.ts');
    const state = proposal('src/slug.ts', 'T1');
    assert.ok(state.hunks.length >= 3);
    const hunk = state.hunks[1];
    assert.ok(hunk);
    const lines = before.split(/(?<=\n)/);
    const proposed = state.text.split(/(?<=\n)/).slice(hunk.newRange.start, hunk.newRange.start + hunk.newRange.count);
    lines.splice(hunk.baseRange.start, hunk.baseRange.count, ...proposed);
    await vscode.commands.executeCommand('planwright.hunk.accept', target(state, hunk.id));
    assert.equal(disk('src/slug.ts'), lines.join(''));
    await vscode.window.showTextDocument(vscode.Uri.file(join(root(), 'src/slug.ts')));
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('the bytes of before', () => disk('src/slug.ts') === before);
    await vscode.commands.executeCommand('redo');
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('the accepted lines', () => disk('src/slug.ts') === lines.join(''));
  });

  it('rejects a hunk and leaves the bytes untouched', async () => {
    const before = disk('src/slug.ts');
    const state = proposal('src/slug.ts', 'T1');
    const needless = state.hunks.find(({ requirementIds }) => requirementIds.length === 0);
    assert.ok(needless);
    await vscode.commands.executeCommand('planwright.hunk.reject', target(state, needless.id));
    assert.equal(disk('src/slug.ts'), before);
    assert.equal(proposal('src/slug.ts', 'T1').hunks.find(({ id }) => id === needless.id)?.decision, 'rejected');
  });

  it('runs the workspace’s own tests with all that is pending, in a copy: nothing of the workspace changes', async () => {
    // The Node that the tests brought along: the sample's own tests need one that reads TypeScript.
    process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const files = await app.services().pendingFiles(runId);
    assert.ok(files.size >= 4);
    const before = new Map([...files.keys()].map((path) => [path, existsSync(join(root(), path)) ? disk(path) : null]));
    const commands = (await (await app.services().checks.checks()).detect()).filter(({ kind }) => kind === 'test');
    assert.ok(commands.length > 0);
    const pairs = await check(app, commands, files, new AbortController().signal);
    for (const { baseline, proposed, comparison } of pairs) {
      assert.equal(baseline.outcome, 'passed', baseline.output);
      assert.equal(proposed.outcome, 'passed', proposed.output);
      assert.equal(comparison.verdict, 'passes');
    }
    const breaking = new Map([...files, ['src/slug.ts', 'export const slug = () => "wrong";\n']]);
    const [broken] = await check(app, commands, breaking, new AbortController().signal);
    assert.equal(broken?.comparison.verdict, 'new failure', JSON.stringify(broken));
    assert.match(checkReport(broken ? [broken] : [], [...breaking.keys()]), /Failing now, and not before/);
    for (const [path, text] of before) assert.equal(existsSync(join(root(), path)) ? disk(path) : null, text);
  });

  it('says over the lines of the real file that a proposal waits there', async () => {
    const state = proposal('src/slug.ts', 'T1');
    const hunk = state.hunks.find(({ decision, baseRange }) => decision === 'pending' && baseRange.count > 0);
    assert.ok(hunk);
    const uri = vscode.Uri.file(join(root(), 'src/slug.ts'));
    await vscode.window.showTextDocument(uri);
    const at = new vscode.Position(hunk.baseRange.start, 0);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
    const texts = hovers.flatMap(({ contents }) => contents.map((text) => (text as vscode.MarkdownString).value));
    assert.ok(
      texts.some((text) => text.includes('proposes') && text.includes('T1')),
      texts.join(),
    );
  });

  it('takes a decision back: the hunk is pending again, and the lines of an accepted one leave the file', async () => {
    const before = disk('src/slug.ts');
    const state = proposal('src/slug.ts', 'T1');
    const hunk = state.hunks.find(({ decision }) => decision === 'pending');
    assert.ok(hunk);
    await vscode.commands.executeCommand('planwright.hunk.accept', target(state, hunk.id));
    assert.notEqual(disk('src/slug.ts'), before);
    await vscode.commands.executeCommand('planwright.hunk.undo');
    assert.equal(disk('src/slug.ts'), before);
    const now = proposal('src/slug.ts', 'T1');
    assert.equal(now.hunks.find(({ id }) => id === hunk.id)?.decision, 'pending');
    assert.equal(now.text, state.text);
  });

  it('refuses to write a file that is read-only, and keeps the hunk pending', async () => {
    const path = join(root(), 'README.md');
    const state = proposal('README.md');
    chmodSync(path, 0o444);
    const { book } = app.services();
    await assert.rejects(book.acceptAll(runId, 1, state.id, 'test'), { code: 'READ_ONLY' });
    chmodSync(path, 0o644);
    assert.ok(proposal('README.md').hunks.some(({ decision }) => decision === 'pending'));
  });

  it('brings a proposal onto a file that changed elsewhere', async () => {
    const path = join(root(), 'README.md');
    writeFileSync(path, `A line of mine.\n\n${disk('README.md')}`);
    const state = proposal('README.md');
    await app.services().book.acceptAll(runId, 1, state.id, 'test');
    assert.ok(disk('README.md').startsWith('A line of mine.\n'));
    assert.ok(proposal('README.md').hunks.every(({ decision }) => decision === 'accepted'));
  });

  it('stores what the developer writes on the right side, and writes it on Accept only', async () => {
    const state = proposal('src/registry.ts');
    await vscode.commands.executeCommand('planwright.openProposal', { kind: 'proposal', runId, proposalId: state.id });
    const editor = await until(
      'the diff',
      () => vscode.window.activeTextEditor?.document.uri.path.endsWith('registry.ts') && vscode.window.activeTextEditor,
    );
    await type(editor, new vscode.Position(0, 0), '// mine\n');
    assert.ok(await editor.document.save());
    assert.ok(proposal('src/registry.ts').text.startsWith('// mine\n'));
    assert.throws(() => disk('src/registry.ts'), { code: 'ENOENT' });
    await vscode.commands.executeCommand('planwright.proposal.accept', {
      kind: 'proposal',
      runId,
      proposalId: state.id,
    });
    assert.ok(disk('src/registry.ts').startsWith('// mine\n'));
  });

  it('ends with a report once every hunk is decided', async () => {
    for (const { state } of app.services().book.latest(runId))
      await app
        .services()
        .book.acceptAll(runId, 1, state.id, 'test')
        .catch(() => {});
    for (const { state } of app.services().book.latest(runId))
      await app.services().book.rejectAll(runId, 1, state.id, 'test');
    const output = await until('the report', () => app.feed.view(runId)?.output ?? undefined);
    assert.equal(output.metrics.planScore, 88);
    assert.equal(output.metrics.testCoverage, null);
  });
});
