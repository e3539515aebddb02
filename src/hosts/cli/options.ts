import { type ParseArgsConfig, parseArgs } from 'node:util';
import { PlanwrightError } from '../../workflow/errors.ts';
import type { CheckSettings } from '../../workflow/phases/context.ts';
import { type PhaseName, phaseNames } from '../../workflow/schemas.ts';

/** Every option of every command. */
const options = {
  workspace: { type: 'string', short: 'w' },
  'data-dir': { type: 'string' },
  input: { type: 'string', short: 'i' },
  request: { type: 'string' },
  requirement: { type: 'string', multiple: true },
  constraint: { type: 'string', multiple: true },
  model: { type: 'string', short: 'm' },
  models: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  prices: { type: 'string' },
  budget: { type: 'string', multiple: true },
  'base-url': { type: 'string' },
  'demo-speed': { type: 'string' },
  accept: { type: 'string' },
  checks: { type: 'string', multiple: true },
  'plan-only': { type: 'boolean' },
  from: { type: 'string' },
  port: { type: 'string', short: 'p' },
  triggers: { type: 'string' },
  format: { type: 'string' },
  report: { type: 'boolean' },
  attempt: { type: 'string' },
  out: { type: 'string', short: 'o' },
  checkpoint: { type: 'string' },
  file: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  'commit-per-task': { type: 'boolean' },
  branch: { type: 'string' },
  'no-checkpoints': { type: 'boolean' },
  again: { type: 'boolean' },
  drop: { type: 'boolean' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const satisfies ParseArgsConfig['options'];

export type Flags = ReturnType<typeof read>['values'];
type FlagName = keyof Flags;

const place = ['workspace', 'data-dir'] as const;
const asking = ['model', 'models', 'parameter', 'base-url', 'demo-speed', 'prices', 'budget'] as const;
const versioning = ['commit-per-task', 'branch', 'no-checkpoints'] as const;
const carryingOut = [...asking, ...versioning, 'accept', 'checks', 'plan-only', 'json'] as const;

/** What each command takes. */
const commands = {
  run: { id: 'none', flags: [...place, ...carryingOut, 'input', 'request', 'requirement', 'constraint'] },
  resume: { id: 'needed', flags: [...place, ...carryingOut] },
  restart: { id: 'needed', flags: [...place, ...carryingOut, 'from'] },
  status: { id: 'optional', flags: [...place, 'json'] },
  list: { id: 'none', flags: [...place, 'json'] },
  export: { id: 'needed', flags: [...place, 'report', 'attempt', 'format', 'out'] },
  checkpoints: { id: 'optional', flags: [...place, 'json'] },
  restore: { id: 'needed', flags: [...place, 'checkpoint', 'file', 'dry-run', 'yes'] },
  cancel: { id: 'needed', flags: place },
  serve: { id: 'none', flags: [...place, ...asking, ...versioning, 'checks', 'port', 'triggers'] },
  hooks: { id: 'optional', flags: [...place, 'again', 'drop', 'all', 'json'] },
} as const satisfies Record<string, { id: 'none' | 'optional' | 'needed'; flags: readonly FlagName[] }>;

export type CommandName = keyof typeof commands;

/** What was typed. An absent command asks for help or the version. */
export interface Invocation {
  readonly command: CommandName | undefined;
  /** The run's id, '' when it was left out. */
  readonly id: string;
  readonly flags: Flags;
}

/** @throws PlanwrightError INVALID_INPUT */
export function parse(argv: readonly string[]): Invocation {
  const { values: flags, positionals } = read(argv);
  const [name, id = '', ...more] = positionals;
  if (flags.help || flags.version) return { command: isCommand(name) ? name : undefined, id, flags };
  if (name === undefined) throw wrongUse('No command was given.');
  if (!isCommand(name)) throw wrongUse(`There is no command “${name}”.`);
  const command = commands[name];
  const allowed: readonly string[] = command.flags;
  const other = Object.keys(flags).find((flag) => !allowed.includes(flag));
  if (other !== undefined) throw wrongUse(`“planwright ${name}” has no option --${other}.`, name);
  if (command.id === 'needed' && id === '') throw wrongUse(`“planwright ${name}” needs the id of a run.`, name);
  if (more.length > 0 || (command.id === 'none' && id !== '')) throw wrongUse('There are too many arguments.', name);
  return { command: name, id, flags };
}

export type Accept = 'ask' | 'all' | 'none';

export function acceptOf({ accept = 'ask' }: Flags): Accept {
  return oneOf('--accept', accept, ['ask', 'all', 'none']);
}

/**
 * Which of the workspace's checks run: all, none, or those named. Without the option, those that were chosen for the
 * workspace; where none were, the developer is asked if somebody is there to answer.
 */
export function checksOf({ checks, accept = 'ask' }: Flags, somebodyThere: boolean): CheckSettings['run'] {
  const names = checks?.flatMap((value) => value.split(',').map((name) => name.trim())).filter((name) => name !== '');
  if (names === undefined) return accept === 'ask' && somebodyThere ? 'ask' : 'remembered';
  if (names.length === 0) throw wrongUse('--checks is all, none, or names of checks.');
  if (names.length > 1) return names;
  return names[0] === 'all' ? 'always' : names[0] === 'none' ? 'never' : names;
}

export function formatOf({ format = 'md' }: Flags): 'md' | 'json' {
  return oneOf('--format', format, ['md', 'json']);
}

/** The attempt asked for; undefined for the newest. */
export function attemptOf({ attempt }: Flags): number | undefined {
  if (attempt === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(attempt)) return Number(attempt);
  throw wrongUse('--attempt is the number of an attempt, from 1.', 'export');
}

/** The number of a checkpoint; undefined to see which there are. */
export function checkpointOf({ checkpoint }: Flags): number | undefined {
  if (checkpoint === undefined) return undefined;
  if (/^\d{1,9}$/.test(checkpoint)) return Number(checkpoint);
  throw wrongUse('--checkpoint is the number of a checkpoint, as “planwright checkpoints” lists them.', 'restore');
}

export function phaseOf({ from }: Flags): PhaseName {
  if (from === undefined) throw wrongUse(`Say the phase to begin from: --from ${phaseNames.join('|')}.`, 'restart');
  return oneOf('--from', from, phaseNames);
}

/** Demo answers come at once unless somebody wants to watch them being written. */
export function demoSpeedOf(flags: Flags): number {
  const speed = Number(flags['demo-speed'] ?? 0);
  if (Number.isFinite(speed) && speed >= 0) return speed;
  throw wrongUse('--demo-speed is a number: 1 is believable, 0 does not wait.');
}

export function wrongUse(message: string, command?: CommandName): PlanwrightError {
  const help = command === undefined ? 'planwright --help' : `planwright ${command} --help`;
  return new PlanwrightError('INVALID_INPUT', message, { hint: `See “${help}”.` });
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node's own sentence, up to its advice about a positional argument that looks like an option.
    throw wrongUse((error as Error).message.split('. To specify', 1)[0] ?? '');
  }
}

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(commands, name);
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw wrongUse(`${option} is one of ${known.join(', ')}; “${value}” is none of them.`);
}
