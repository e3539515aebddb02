import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { NodeChecks, type NodeChecksOptions } from '../../../src/hosts/node/checks/checkRunner.ts';
import { RememberedChecks } from '../../../src/hosts/node/checks/rememberedChecks.ts';
import { GitCommits } from '../../../src/hosts/node/git/commits.ts';
import { readPrompt } from '../../../src/models/demo/reading.ts';
import type { CheckSettings } from '../../../src/workflow/phases/context.ts';
import type { RunView } from '../../../src/workflow/runState.ts';
import { type Content, callTool, scriptedModel } from '../agents/scriptedModel.ts';
import { plan, review, said, task } from './greeter.ts';
import { openHarness } from './harness.ts';

/** Runs of a scripted implementer over real repositories, with the repositories' own checks. */

const repos = join(import.meta.dirname, '..', '..', 'fixtures', 'repos');

/** What the implementer does when it is asked for the nth time within a task: tool calls, then a report. */
export type Script = Readonly<Record<string, readonly (readonly Content[])[]>>;

export interface CheckedOptions {
  /** By default it is made a repository with all committed. */
  readonly git?: boolean;
  readonly more?: Readonly<Record<string, string>>;
  readonly checks?: Partial<CheckSettings>;
  /** One commit a task. */
  readonly commits?: boolean;
  readonly limits?: NodeChecksOptions['limits'];
  /** Where the workspace is untrusted. */
  readonly refusal?: string;
  /** Folders in which programs are looked for first. */
  readonly programs?: readonly string[];
  /** Further variables for the checks. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The test of a repository as a makefile's, in one process: npm takes four times as long to start as most of these tests
 * take to run, and is what a run over it is about in few of them.
 */
export const testedByMake = (command = 'node --test --test-isolation=none') => ({
  'package.json': JSON.stringify({ type: 'module' }),
  Makefile: `.PHONY: test\ntest:\n\t@${command}\n`,
});

export const done = (over: object = {}): Content =>
  said({
    summary: 'Did it.',
    documentation: '',
    tests: [],
    evidence: [{ doneWhen: 'it is done', how: 'The tests say so.' }],
    ...over,
  });
export const write = (path: string, content: string): Content =>
  callTool('write_file', { path, content, requirements: ['R1'], why: 'because' });

function checksEnvironment(ran: string, { programs = [], env = {} }: CheckedOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...env,
    // The Node of the tests first: the repositories' own tests are TypeScript.
    PATH: [...programs, dirname(process.execPath), process.env.PATH].join(delimiter),
    RAN: ran,
  };
}

/** A repository, and a run over it; each task's script is indexed by how often its agent was spoken to. */
export function checkedRun(
  t: TestContext,
  repo: string,
  tasks: readonly object[],
  script: Script,
  options: CheckedOptions = {},
) {
  const { git = true, more = {}, checks = {}, commits = false, limits, refusal } = options;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'planwright-checked-')));
  const folder = join(root, repo);
  cpSync(join(repos, repo), folder, { recursive: true });
  for (const [path, content] of Object.entries(more)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const inRepo = (...args: string[]) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
    const identity = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: folder, env, encoding: 'utf8' });
  };
  if (git) {
    inRepo('init', '-q', '-b', 'main');
    inRepo('add', '-A');
    inRepo('commit', '-q', '-m', 'All');
  }
  const temp = join(root, 'scratch');
  /** Where a repository's script may note that it ran, whichever copy it ran in. */
  const ran = join(root, 'ran');
  const calls: string[] = [];
  const opened = () =>
    openHarness({
      folder,
      database: join(root, 'planwright.db'),
      settings: { checks: { run: 'ask', mendings: 3, ...checks }, commitPerTask: commits },
      ...(commits ? { commits: new GitCommits(folder, () => {}) } : {}),
      checks: new RememberedChecks(
        join(root, 'checks.json'),
        () => refusal ?? null,
        async () =>
          new NodeChecks({
            workspace: folder,
            temp,
            env: checksEnvironment(ran, options),
            ...(limits ? { limits } : {}),
          }),
      ),
      onCall: (agent) => calls.push(agent),
      model: (agent) =>
        scriptedModel((_n, { prompt }) => {
          if (agent === 'planner')
            return said(plan(...tasks.map((over) => task({ doneWhen: ['it is done'], ...over }))));
          if (agent === 'reviewer') return said(review(10));
          const users = prompt.filter(({ role }) => role === 'user');
          const { turn } = readPrompt(prompt);
          const taskId = readPrompt(prompt.slice(0, prompt.indexOf(users[0]!) + 1)).taskId ?? '';
          const turns = script[taskId]?.[users.length - 1];
          return turns?.[turn] ?? said({});
        }),
    });
  const harness = opened();
  let closed: Promise<void> | undefined;
  /** As when the process ends; once is enough. */
  const close = () => {
    closed ??= harness.close();
    return closed;
  };
  t.after(async () => {
    await close();
    rmSync(root, { recursive: true, force: true });
  });
  return { ...harness, close, reopen: opened, folder, root, temp, ran, calls, git: inRepo };
}

type Checked = ReturnType<typeof checkedRun>;

const input = { request: 'Change the shop', requirements: ['Costs less'] };

/** Starts a run and decides what it asks for: the plan is approved, the checks allowed. */
export async function untilDone(
  run: Checked,
  { names, choice = 'allow' }: { names?: readonly string[]; choice?: string } = {},
): Promise<{ id: string; done: Promise<void>; view: RunView }> {
  const { id, done } = run.runner.start(input, { model: 'scripted', workspace: 'shop' });
  const approval = await run.until(id, ({ openGates }) => openGates.length > 0);
  run.runner.decide(id, approval.openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  let asked = false;
  const view = await run.until(id, (now) => {
    const gate = now.openGates.find(({ kind }) => kind === 'checks');
    if (gate && !asked) {
      asked = true;
      const data = names ? { data: { names: names.join('\n') } } : {};
      run.runner.decide(id, gate.id, { choice, ...data, by: 'test' });
    }
    return tasksAreDone(now);
  });
  return { id, done, view };
}

export function tasksAreDone({ tasks }: RunView): boolean {
  const states = Object.values(tasks);
  return states.length > 0 && states.every(({ state }) => state === 'done');
}

/** Accepts or rejects all that is pending, and waits for the end. */
export async function decideAll(run: Checked, id: string, end: Promise<void>, how: 'accept' | 'reject' = 'accept') {
  for (const { state } of run.book.latest(id)) {
    if (how === 'accept') await run.book.acceptAll(id, 1, state.id, 'test');
    else await run.book.rejectAll(id, 1, state.id, 'test');
  }
  await end;
  return run.view(id);
}
