import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import type { TriggerKind } from '../../src/workflow/triggers/definition.ts';
import type { Firing } from '../../src/workflow/triggers/triggerStore.ts';

/**
 * Runs that start by what happens in a real editor and a real repository. Beside the trigger that a test is about
 * there is a marker of the same kind, which may never wait: once it has seen its own event and was skipped, everything
 * before that event has been seen as well.
 */

/** As settings have it; what all have in common is added. */
type Definition = { readonly id: string; readonly kind: TriggerKind } & Readonly<Record<string, unknown>>;

const limits = { perHour: 60, perDay: 500, coolDownSeconds: 0, queue: 20 };
const root = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const file = (path: string) => join(root(), path);
const sources = ['src', 'test', 'README.md'];

let app: App;
let kept: string;
let runsBefore: ReadonlySet<string>;
/** The newest firing when the test began. */
let firedBefore = 0;
const settingsBefore = new Map<string, unknown>();

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${what}: ${JSON.stringify(allFirings())}`);
}

async function set(name: string, value: unknown): Promise<void> {
  const settings = vscode.workspace.getConfiguration('planwright');
  if (!settingsBefore.has(name)) settingsBefore.set(name, settings.inspect(name)?.globalValue);
  await settings.update(name, value, vscode.ConfigurationTarget.Global);
}

/** Sets them, and waits until they listen. */
async function use(...triggers: readonly Definition[]): Promise<void> {
  const wanted = triggers.map(({ id }) => id).join();
  await set(
    'triggers',
    triggers.map((one) => ({ limits, input: sampleInput, ...one, workspace: root() })),
  );
  for (let tries = 0; (await app.triggers.list()).map(({ id }) => id).join() !== wanted; tries++) {
    assert.ok(tries < 200, `the triggers are not in use: ${app.triggers.problems.join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const stored = (id: string) => app.services().triggerStore.firings(id, 100);
const firings = (id: string): Firing[] => stored(id).filter((one) => one.id > firedBefore);
const ids = ['saved', 'errors', 'task', 'branch'];
const markerOf = (id: string) => `${id}-marker`;
const allFirings = () => ids.flatMap((id) => [...firings(id), ...firings(markerOf(id))]);
const started = () =>
  app
    .services()
    .store.listRuns()
    .filter(({ id }) => !runsBefore.has(id));
const text = () =>
  sources.flatMap((path) =>
    path.includes('.')
      ? [readFileSync(file(path), 'utf8')]
      : readdirSync(file(path)).map((name) => readFileSync(file(`${path}/${name}`), 'utf8')),
  );

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root(), stdio: 'pipe' });

/** A repository in the workspace, with one commit on main. */
function repository(): void {
  assert.equal(existsSync(file('.git')), false);
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 't');
  git('config', 'user.email', 't@example.com');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
}

/** What is there when the triggers begin is no news: a branch of this name is known then. */
async function useInRepository(known: string, ...triggers: readonly Definition[]): Promise<void> {
  git('branch', known);
  await use(...triggers);
  await until('the branches', () => app.services().triggerStore.recall('', 'branches')?.includes(known));
}

async function task(name: string, exitCode: number): Promise<void> {
  const execution = new vscode.ProcessExecution(process.execPath, ['-e', `process.exit(${exitCode})`]);
  const one = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'test', execution);
  one.presentationOptions = { reveal: vscode.TaskRevealKind.Never, echo: false };
  const ended = new Promise<void>((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.name !== name) return;
      listener.dispose();
      resolve();
    });
  });
  await vscode.tasks.executeTask(one);
  await ended;
}

async function type(path: string, words: string): Promise<void> {
  if (!existsSync(file(path))) writeFileSync(file(path), '');
  const document = await vscode.workspace.openTextDocument(file(path));
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), words);
  assert.ok(await vscode.workspace.applyEdit(edit));
  assert.ok(await document.save());
}

/** One run, of this cause, which waits for the developer before anything is done; nothing else waits or was started. */
async function assertOneWaits(id: string, cause: RegExp, before: readonly string[]): Promise<void> {
  await until('the marker', () => firings(markerOf(id)).some(({ reason }) => reason === 'another run is not over'));
  assert.deepEqual(
    firings(id).map(({ outcome, times }) => [outcome, times]),
    [['started', 1]],
  );
  assert.equal(started().length, 1);
  const runId = started()[0]?.id ?? '';
  const view = () => app.feed.view(runId);
  await until('the gate', () => view()?.status === 'waiting');
  assert.deepEqual(
    view()?.openGates.map(({ kind }) => kind),
    ['plan-approval'],
  );
  const { trigger } = view() ?? {};
  assert.match(trigger?.cause ?? '', cause);
  assert.deepEqual([trigger?.id, trigger?.depth, trigger?.accept], [id, 1, 'ask']);
  const events = app
    .services()
    .store.events(runId, 0)
    .map(({ event }) => event.type);
  assert.ok(!events.includes('gate.decided') && !events.includes('hunk.decided'), events.join());
  assert.deepEqual(text(), before);
}

describe('triggers in a real VS Code', () => {
  let errors: vscode.DiagnosticCollection;
  const error = (message: string) =>
    new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), message, vscode.DiagnosticSeverity.Error);
  const report = (path: string, ...messages: string[]) => errors.set(vscode.Uri.file(file(path)), messages.map(error));

  before(async () => {
    const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
    assert.ok(extension);
    app = await (await extension.activate()).app();
    for (const { id } of app.services().store.listRuns())
      if (app.services().isActive(id)) await app.services().cancel(id);
    // The model knows the sample as it is at first; tests before these may have changed it.
    kept = mkdtempSync(join(tmpdir(), 'planwright-triggers-'));
    const sample = join(extension.extensionPath, 'samples/slugs');
    for (const path of sources) {
      cpSync(file(path), join(kept, path), { recursive: true });
      rmSync(file(path), { recursive: true });
      cpSync(join(sample, path), file(path), { recursive: true });
    }
    errors = vscode.languages.createDiagnosticCollection('triggers-test');
  });
  beforeEach(() => {
    firedBefore = Math.max(0, ...ids.flatMap((id) => [id, markerOf(id)].flatMap(stored)).map(({ id }) => id));
    runsBefore = new Set(
      app
        .services()
        .store.listRuns()
        .map(({ id }) => id),
    );
  });
  afterEach(async () => {
    for (const [name, value] of settingsBefore)
      await vscode.workspace.getConfiguration('planwright').update(name, value, vscode.ConfigurationTarget.Global);
    settingsBefore.clear();
    errors.clear();
    await app.triggers.sync();
    for (const { id } of started()) await app.services().remove(id);
    rmSync(file('.git'), { recursive: true, force: true });
    for (const name of ['notes.md', 'marker.md', 'go.md']) rmSync(file(name), { force: true });
  });
  after(() => {
    errors.dispose();
    for (const path of sources) {
      rmSync(file(path), { recursive: true });
      cpSync(join(kept, path), file(path), { recursive: true });
    }
    rmSync(kept, { recursive: true });
    assert.deepEqual(
      app
        .services()
        .store.listRuns()
        .filter(({ id }) => app.services().isActive(id)),
      [],
    );
  });

  it('a file that is saved starts one run, which waits', async () => {
    const before = text();
    await use(
      { id: 'saved', kind: 'file-saved', paths: ['/notes.md'] },
      { id: markerOf('saved'), kind: 'file-saved', paths: ['/marker.md'], limits: { ...limits, queue: 0 } },
    );
    await type('notes.md', 'Think.\n');
    await until('the run', () => started().length > 0);
    await type('marker.md', 'x\n');
    await assertOneWaits('saved', /^notes\.md was saved$/, before);
  });

  it('more errors than the threshold start one run, however they come, and no other while they are too many', async () => {
    const before = text();
    await use(
      { id: 'errors', kind: 'diagnostics', paths: ['src/**'], threshold: 2 },
      { id: markerOf('errors'), kind: 'diagnostics', paths: ['/marker.md'], limits: { ...limits, queue: 0 } },
    );
    report('src/slug.ts', 'one', 'two');
    report('src/slug.ts', 'one', 'two', 'three');
    report('src/slug.ts', 'one', 'two', 'three', 'four');
    await until('the run', () => started().length > 0);
    report('src/slug.ts', 'one', 'two', 'three');
    report('marker.md', 'x');
    await assertOneWaits('errors', /^4 errors in src\/slug\.ts$/, before);
  });

  it('a task that fails starts one run, which waits; one that ends well starts none', async () => {
    const before = text();
    await use(
      { id: 'task', kind: 'task-failed', tasks: ['build'] },
      { id: markerOf('task'), kind: 'task-failed', tasks: ['marker'], limits: { ...limits, queue: 0 } },
    );
    await task('build', 0);
    await task('build', 3);
    await until('the run', () => started().length > 0);
    await task('marker', 1);
    await assertOneWaits('task', /^task build ended with exit code 3$/, before);
  });

  it('a branch that is created starts one run, which waits; to switch to it starts none', async () => {
    const before = text();
    repository();
    await useInRepository(
      'known',
      { id: 'branch', kind: 'branch', branches: ['feature/*'] },
      { id: markerOf('branch'), kind: 'branch', branches: ['marker'], limits: { ...limits, queue: 0 } },
    );
    git('branch', 'feature/x');
    await until('the run', () => started().length > 0);
    git('checkout', '-q', 'feature/x');
    git('branch', 'marker');
    await assertOneWaits('branch', /^branch feature\/x was created$/, before);
  });

  it('what a run that accepts everything writes, breaks and branches off starts no other', async () => {
    repository();
    await set('git.branch', 'work/{run}');
    await set('git.commitPerTask', true);
    const all = { accept: 'all', limits };
    await useInRepository(
      'known-too',
      { id: 'saved', kind: 'file-saved', paths: ['**'], ...all },
      { id: 'errors', kind: 'diagnostics', paths: ['src/**'], ...all },
      { id: 'task', kind: 'task-failed', ...all },
      { id: 'branch', kind: 'branch', on: ['created', 'switched'], ...all },
    );
    // A formatter that acts on whatever is saved, and a linter that finds fault with what came of it.
    const others = [
      vscode.workspace.onWillSaveTextDocument((event) => {
        const { document } = event;
        // As a formatter does: what is formatted stays. VS Code drops the edit where the document changes meanwhile.
        if (!document.fileName.endsWith('.ts') || document.getText().includes('// formatted')) return;
        const end = document.positionAt(document.getText().length);
        event.waitUntil(Promise.resolve([vscode.TextEdit.insert(end, '// formatted\n')]));
      }),
      vscode.workspace.onDidSaveTextDocument(({ fileName }) => {
        if (fileName.endsWith('.ts')) report('src/slug.ts', 'no');
      }),
    ];
    try {
      await type('go.md', 'Go.\n');
      const { id } = await until('the run', () => started()[0]);
      await until('its end', () => !app.services().isActive(id));
      assert.equal(app.feed.view(id)?.status, 'completed', JSON.stringify(app.feed.view(id)?.openGates));
      assert.match(readFileSync(file('src/slug.ts'), 'utf8'), /\/\/ formatted/);
      await task('test', 1);
      const skipped = (of: string) => firings(of).find(({ outcome }) => outcome === 'skipped')?.reason;
      await until('all to be seen', () => ids.every(skipped));
      assert.match(skipped('saved') ?? '', /^Planwright wrote /);
      assert.match(skipped('errors') ?? '', /triggers nothing/);
      assert.match(skipped('task') ?? '', /triggers nothing/);
      assert.match(skipped('branch') ?? '', /^Planwright made this branch/);
      const taken = allFirings().filter(({ outcome }) => outcome !== 'skipped');
      assert.deepEqual(
        taken.map(({ trigger, cause, run }) => [trigger, cause, run]),
        [['saved', 'go.md was saved', id]],
      );
      assert.equal(started().length, 1);
    } finally {
      for (const one of others) one.dispose();
    }
  });
});
