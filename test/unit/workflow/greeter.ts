import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { AgentName } from '../../../src/workflow/engine/events.ts';
import type { WorkflowSettings } from '../../../src/workflow/phases/context.ts';
import type { Clock, EditorProblems, Workspace } from '../../../src/workflow/ports.ts';
import { criterionIds, type Input } from '../../../src/workflow/schemas.ts';
import { type Content, callTool, scriptedModel, text } from '../agents/scriptedModel.ts';
import { openHarness } from './harness.ts';

/** A small workspace and plan, for runs by scripted agents. */

export const input: Input = { request: 'Greet people', requirements: ['Greets by name', 'Counts greetings'] };
export const said = (value: unknown): Content => text(JSON.stringify(value));

export type Turn = (n: number, options: LanguageModelV4CallOptions) => Content;

/** A workspace, and a run of it by these agents; each is asked with how often it was asked before, from 1. */
export function start(
  t: TestContext,
  agents: Partial<Record<AgentName, Turn>>,
  files: Record<string, string> = {},
  {
    settings = {},
    over = {},
    implementer,
    editor,
    wrapWorkspace,
    clock,
  }: {
    readonly settings?: Partial<WorkflowSettings>;
    readonly over?: Partial<Input>;
    /** In place of a turn of `agents`. */
    readonly implementer?: LanguageModelV4;
    readonly editor?: (folder: string) => EditorProblems;
    readonly wrapWorkspace?: (workspace: Workspace) => Workspace;
    readonly clock?: Clock;
  } = {},
) {
  const root = mkdtempSync(join(tmpdir(), 'planwright-hostile-'));
  const folder = join(root, 'greeter');
  mkdirSync(join(folder, 'src'), { recursive: true });
  for (const [path, content] of Object.entries({ 'src/greet.ts': 'export const hi = 1;\n', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const models = new Map<AgentName, ReturnType<typeof scriptedModel>>();
  const opened = openHarness({
    folder,
    database: join(root, 'x.db'),
    settings,
    ...(wrapWorkspace ? { wrapWorkspace } : {}),
    ...(editor ? { editor: editor(folder) } : {}),
    ...(clock ? { clock } : {}),
    model: (agent) => {
      if (agent === 'implementer' && implementer) return implementer;
      const turn = agents[agent];
      assert.ok(turn, `the ${agent} is not part of this`);
      const model = models.get(agent) ?? scriptedModel(turn);
      models.set(agent, model);
      return model;
    },
  });
  t.after(async () => {
    await opened.close();
    rmSync(root, { recursive: true, force: true });
  });
  const { id, done } = opened.runner.start({ ...input, ...over }, { model: 'scripted', workspace: 'greeter' });
  return { ...opened, id, done, folder };
}

export const task = (over: object) => ({
  id: 'T1',
  title: 'Greet',
  description: '',
  dependsOn: [],
  requirements: ['R1', 'R2'],
  files: [{ path: 'src/greet.ts', action: 'modify' }],
  tests: ['greets'],
  doneWhen: ['it greets'],
  size: 'S',
  ...over,
});
export const plan = (...tasks: object[]) => ({
  title: 'Greet',
  summary: '',
  impliedRequirements: [],
  architecture: { overview: '', components: [], decisions: [] },
  tasks,
  successMetrics: [{ name: 'tests', target: 'pass', measuredBy: 'node --test' }],
  risks: [],
  assumptions: [],
  outOfScope: [],
});
export const review = (score: number, evidence: object[] = []) => ({
  criteria: criterionIds.map((id) => ({ id, score, rationale: 'Perfect.', evidence, improvements: [] })),
});

/** A file that an agent writes. */
export const write = (path: string, content: string): Content =>
  callTool('write_file', { path, content, requirements: ['R1'], why: 'because' });

/** What an agent says of a task at its end. */
export const reported = said({
  summary: 'done',
  documentation: '',
  tests: [],
  evidence: [{ doneWhen: 'it greets', how: 'seen' }],
});
