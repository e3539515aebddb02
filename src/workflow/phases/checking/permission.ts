import { z } from 'zod';
import { type CheckCommand, checkCommandSchema } from '../../checks/checks.ts';
import type { Decision, Gate } from '../../engine/events.ts';
import type { Run } from '../../engine/run.ts';
import { asPlanwrightError } from '../../errors.ts';
import { say } from '../../words/say.ts';
import type { WorkflowPorts } from '../context.ts';

/** The commands a run may start; when there are none, why. */
export interface Permission {
  readonly commands: readonly CheckCommand[];
  readonly reason: string | null;
  /** The editor's language services are asked as well. They run no command of the workspace. */
  readonly editor: boolean;
}

/** Journals of older runs say nothing of the editor. */
const editor = z.boolean().default(false);
const policySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none'), editor, reason: z.string() }),
  z.object({ kind: z.literal('some'), editor, commands: z.array(checkCommandSchema) }),
  z.object({ kind: z.literal('ask'), editor, found: z.array(checkCommandSchema) }),
]);
type Policy = z.infer<typeof policySchema>;
type CommandPolicy =
  | { kind: 'none'; reason: string }
  | { kind: 'some'; commands: CheckCommand[] }
  | { kind: 'ask'; found: CheckCommand[] };

/**
 * Which of the workspace's commands this run may start. The developer is asked at a gate when the settings say so and
 * nobody has answered for just these commands before.
 */
export async function askPermission(run: Run, ports: WorkflowPorts): Promise<Permission> {
  const policy = await run.step(
    'policy',
    policySchema,
    async (): Promise<Policy> => ({
      ...(await policyNow(ports)),
      editor: ports.editor !== undefined && ports.settings.checks.editor === true,
    }),
  );
  return { ...(await commandsAllowed(run, policy, ports)), editor: policy.editor };
}

async function commandsAllowed(run: Run, policy: Policy, ports: WorkflowPorts): Promise<Omit<Permission, 'editor'>> {
  switch (policy.kind) {
    case 'none':
      return { commands: [], reason: policy.reason };
    case 'some':
      return { commands: policy.commands, reason: null };
    case 'ask': {
      const decision = await run.decide(checksGate(policy.found));
      const names = namesIn(decision, policy.found);
      if (decision.choice !== 'later') {
        await run.step('remember', z.null(), async () => {
          await ports.checks.remember(policy.found, names);
          return null;
        });
      }
      const commands = policy.found.filter(({ name }) => names.includes(name));
      if (commands.length > 0) return { commands, reason: null };
      const reason =
        decision.choice === 'later'
          ? say`You chose to run no checks this time.`
          : say`You chose to run none of this workspace’s checks.`;
      return { commands: [], reason };
    }
  }
}

/** Why nothing may run at this moment, whatever was allowed before; null where it may. */
export function refusalNow({ settings, checks }: WorkflowPorts): string | null {
  if (settings.checks.run === 'never') return say`Checks are switched off in the settings.`;
  return checks.refusal();
}

async function policyNow(ports: WorkflowPorts): Promise<CommandPolicy> {
  const none = (reason: string): CommandPolicy => ({ kind: 'none', reason });
  const refused = refusalNow(ports);
  if (refused !== null) return none(refused);
  let found: CheckCommand[];
  try {
    found = await (await ports.checks.checks()).detect();
  } catch (error) {
    const { code, message } = asPlanwrightError(error);
    if (code === 'CANCELLED') throw error;
    return none(say`The workspace’s checks could not be looked for: ${message}`);
  }
  if (found.length === 0) return none(say`No check of this workspace was recognised.`);
  const { run } = ports.settings.checks;
  if (run === 'always') return { kind: 'some', commands: found };
  if (typeof run === 'object') return named(run, found);
  const names = await ports.checks.remembered(found);
  if (names !== null) {
    const commands = found.filter(({ name }) => names.includes(name));
    return commands.length > 0
      ? { kind: 'some', commands }
      : none(say`You chose earlier to run none of this workspace’s checks.`);
  }
  return run === 'ask' ? { kind: 'ask', found } : none(say`Nobody has allowed this workspace’s checks yet.`);
}

function named(names: readonly string[], found: readonly CheckCommand[]): CommandPolicy {
  const commands = found.filter(({ name }) => names.includes(name));
  if (commands.length > 0) return { kind: 'some', commands };
  const known = found.map(({ name }) => `“${name}”`).join(', ');
  return { kind: 'none', reason: say`None of the checks named is one of this workspace’s: ${known}.` };
}

/** What was chosen at the gate, in the order found. */
export function namesIn({ choice, data }: Decision, found: readonly { readonly name: string }[]): string[] {
  if (choice !== 'allow') return [];
  const chosen = data?.names?.split('\n').map((name) => name.trim());
  return found.map(({ name }) => name).filter((name) => chosen === undefined || chosen.includes(name));
}

function checksGate(found: readonly CheckCommand[]): Gate {
  return {
    id: 'allow',
    kind: 'checks',
    title: found.length === 1 ? say`May Planwright run this check?` : say`May Planwright run these checks?`,
    question: say`Checks run in a scratch copy with what the agents propose, so that a failure is found and mended before you see it. They run with your rights, and run what the agents wrote. You are asked once for this workspace.`,
    choices: [
      { id: 'allow', label: found.length === 1 ? say`Run it` : say`Run the chosen ones`, takesNames: true },
      { id: 'later', label: say`Not this time` },
      { id: 'never', label: say`Never in this workspace` },
    ],
    defaultChoice: 'allow',
    checks: found.map(({ name, command, cwd }) => ({ name, command: command.join(' '), cwd })),
  };
}
