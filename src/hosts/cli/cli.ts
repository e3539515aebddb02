import { asPlanwrightError } from '../../workflow/errors.ts';
import { cancel } from './cancelCommand.ts';
import { exitCodeOf, exitCodes } from './exitCodes.ts';
import { cliHint } from './hints.ts';
import { hooks } from './hooksCommand.ts';
import { exportRun, list, status } from './lookCommands.ts';
import { type CommandName, type Flags, parse } from './options.ts';
import { quietSqliteWarning } from './quietWarnings.ts';
import { refuseKeys } from './refuseKeys.ts';
import { checkpoints, restore } from './restoreCommand.ts';
import { restart, resume, run } from './runCommands.ts';
import { serve } from './serveCommand.ts';
import { outputLost, Terminal } from './terminal.ts';
import { usage } from './usage.ts';
import { version } from './version.ts';
import { visible } from './visible.ts';

type Command = (id: string, flags: Flags, terminal: Terminal) => Promise<number>;

/** What each command of options.ts does. */
const commands: Record<CommandName, Command> = {
  run,
  resume,
  restart,
  status,
  list,
  export: exportRun,
  checkpoints,
  restore,
  cancel,
  hooks,
  serve,
};

/** Does what the arguments say and ends the process with an exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  quietSqliteWarning();
  process.stdout.on('error', outputLost);
  // Whoever read what is said beside the results has gone: the work goes on.
  process.stderr.on('error', () => {});
  const terminal = new Terminal();
  const code = await execute(argv, terminal).catch((thrown: unknown) => {
    terminal.close();
    const error = asPlanwrightError(thrown);
    const hint = cliHint(error);
    terminal.note(terminal.style('red', visible(error.message)) + (hint ? `\n${visible(hint)}` : ''));
    return exitCodeOf(error);
  });
  // What is written goes out first; a connection that is kept alive is nothing to wait for.
  process.stdout.write('', () => process.exit(code));
}

/** Answers the exit code. @throws what {@link exitCodeOf} tells for */
export async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  refuseKeys(argv, process.env);
  const { command, id, flags } = parse(argv);
  if (flags.version || flags.help || command === undefined) {
    terminal.print(flags.version ? version() : usage(command));
    return exitCodes.completed;
  }
  return commands[command](id, flags, terminal);
}
