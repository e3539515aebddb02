import { PlanwrightError } from '../../workflow/errors.ts';
import type { Delivery, Outbox } from '../../workflow/hooks/outbox.ts';
import { openExisting } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import { type Flags, wrongUse } from './options.ts';
import type { Terminal } from './terminal.ts';
import { oneLine } from './visible.ts';

/** Lists what outbound hooks could not be told, sends it again or drops it. Answers the exit code. */
export async function hooks(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const act = actOf(id, flags);
  const engine = openExisting(flags, process.env, terminal);
  try {
    const { outbox } = engine ?? {};
    const found = (outbox?.troubled() ?? []).filter((delivery) => id === '' || delivery.id === id);
    if (outbox && act !== 'list') return changed(outbox, act, found, id, terminal);
    if (id !== '' && found.length === 0) throw noDelivery(id);
    for (const delivery of found) terminal.print(flags.json ? JSON.stringify(recordOf(delivery)) : lineOf(delivery));
    if (found.length === 0) terminal.note('Nothing was given up or waits to be tried again.');
    return exitCodes.completed;
  } finally {
    await engine?.close();
  }
}

type Act = 'list' | 'again' | 'drop';

function actOf(id: string, { again, drop, all, json }: Flags): Act {
  if (again && drop) throw wrongUse('Either --again or --drop.', 'hooks');
  if (!again && !drop) {
    if (all) throw wrongUse('--all is for --again and --drop.', 'hooks');
    return 'list';
  }
  if (json) throw wrongUse('--json is for the list.', 'hooks');
  if ((id === '') !== (all === true)) throw wrongUse('Name one delivery, or all of them with --all.', 'hooks');
  return again ? 'again' : 'drop';
}

function changed(
  outbox: Outbox,
  act: 'again' | 'drop',
  found: readonly Delivery[],
  id: string,
  terminal: Terminal,
): number {
  const chosen = id === '' ? found.filter(({ state }) => state === 'dead').map((one) => one.id) : [id];
  const count = chosen.filter((one) => (act === 'again' ? outbox.again(one) : outbox.discard(one))).length;
  if (id !== '' && count === 0) throw noDelivery(id);
  const many = `${count} ${count === 1 ? 'delivery' : 'deliveries'}`;
  terminal.note(
    act === 'drop'
      ? `${many} dropped.`
      : `${many} to be sent again, by the “planwright serve” or the editor that has the hook, within half a minute.`,
  );
  return exitCodes.completed;
}

function noDelivery(id: string): PlanwrightError {
  return new PlanwrightError('NOT_FOUND', `There is no delivery ${oneLine(id, 80)} that waits or was given up.`, {
    hint: '“planwright hooks” lists them, with the --workspace and --data-dir of their runs.',
  });
}

function recordOf({ id, hook, run, type, state, tries, nextAt, error, body }: Delivery) {
  return {
    id,
    hook,
    run,
    type,
    state,
    tries,
    nextAt: state === 'pending' ? new Date(nextAt).toISOString() : null,
    error,
    payload: JSON.parse(body) as unknown,
  };
}

function lineOf({ id, hook, run, type, state, tries, nextAt, error }: Delivery): string {
  const when = new Date(nextAt).toISOString().slice(0, 16).replace('T', ' ');
  const how = state === 'dead' ? `given up ${when}` : `tried again ${when}`;
  return oneLine(`${id}  ${hook}  ${type} of ${run}  ${how}, ${tries} ${tries === 1 ? 'try' : 'tries'}: ${error}`, 400);
}
