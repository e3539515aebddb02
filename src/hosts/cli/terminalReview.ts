import { checkMark } from '../../workflow/checks/mark.ts';
import type { ReviewState } from '../../workflow/edits/reviewState.ts';
import { asPlanwrightError, inWords } from '../../workflow/errors.ts';
import type { RunView } from '../../workflow/runState.ts';
import type { Hunk } from '../../workflow/schemas.ts';
import { type Decider, decidable } from '../decider.ts';
import { isDangerousHere } from '../node/dangerousHere.ts';
import type { Engine } from './engine.ts';
import { askGate } from './gatePrompt.ts';
import { askHunk, type HunkKey, proposedLines, withLines } from './hunkPrompt.ts';
import { openEditor } from './openEditor.ts';
import type { Terminal } from './terminal.ts';
import { oneLine, visible } from './visible.ts';

const BY = 'developer';
/** As the record tells a decision about a file that can run code. */
const CONFIRMED = 'developer, asked twice';

/** A hunk that is up for decision. */
interface Target {
  readonly attempt: number;
  readonly state: ReviewState;
  readonly hunk: Hunk;
  readonly dangerous: boolean;
}

/** Asks in the terminal: gates with their choices, proposals hunk by hunk as `git add -p` does. */
export function terminalReview(engine: Engine, id: string, terminal: Terminal): Decider {
  const { book, runner, store } = engine;
  const skipped = new Set<string>();

  const nextTarget = async (view: RunView): Promise<Target | undefined> => {
    const open = decidable(view);
    for (const { attempt, state: known } of book.latest(id)) {
      if (!open.has(known.id)) continue;
      await book.refresh(id, attempt, known.id);
      const state = book.find(id, attempt, known.id) ?? known;
      const hunk = state.hunks.find((one) => one.decision === 'pending' && !skipped.has(one.id));
      if (hunk) return { attempt, state, hunk, dangerous: await isDangerousHere(engine.workspace, state) };
    }
    return undefined;
  };

  /** Who accepts, as the record has it; undefined when nobody does. */
  const whoAccepts = async ({ state, dangerous }: Target, ended: AbortSignal): Promise<string | undefined> => {
    if (!dangerous) return BY;
    const question = `${oneLine(state.path)} can run code or steer tools when it changes. Accept this change? Type yes: `;
    const answer = await terminal.ask(terminal.style(['bold', 'yellow'], question), ended, { fresh: true });
    return answer?.trim().toLowerCase() === 'yes' ? CONFIRMED : undefined;
  };

  const edit = async ({ attempt, state, hunk }: Target): Promise<void> => {
    const before = proposedLines(state, hunk);
    const edited = await openEditor(terminal, before, state.path);
    if (edited === before) return;
    if (book.find(id, attempt, state.id)?.version !== state.version) {
      terminal.note('The proposal changed while you edited it, so your edit was not taken. Look again.');
      return;
    }
    await book.editText(id, attempt, state.id, withLines(state, hunk, edited));
  };

  const askForChange = async ({ attempt, state, hunk }: Target, ended: AbortSignal): Promise<void> => {
    const note = (await terminal.ask('What shall it do instead? ', ended, { fresh: true }))?.trim();
    if (!note) return;
    const gate = store.openGates(id, attempt).find(({ proposalId }) => proposalId === state.id);
    const sent = gate && runner.decide(id, gate.id, { choice: 'change', note, data: { hunkId: hunk.id }, by: BY });
    terminal.note(sent ? 'Sent. The hunk comes back when it is changed.' : 'The agent is still at work on this file.');
  };

  const perform = async (key: HunkKey, target: Target, ended: AbortSignal): Promise<void> => {
    const { attempt, state, hunk } = target;
    switch (key) {
      case 'y':
      case 'a': {
        const by = await whoAccepts(target, ended);
        if (by === undefined) return;
        return key === 'a' ? acceptRest(target, by) : book.accept(id, attempt, state.id, hunk.id, by);
      }
      case 'n':
        return book.reject(id, attempt, state.id, hunk.id, BY);
      case 'd':
        return eachLater(target, (hunkId) => book.reject(id, attempt, state.id, hunkId, BY));
      case 'e':
        return edit(target);
      case 'f':
        return askForChange(target, ended);
      case 'p':
      case 'c':
        return book.resolve(id, attempt, state.id, hunk.id, key === 'p' ? 'proposed' : 'current', BY);
      default:
        skipped.add(hunk.id);
    }
  };

  /** What is pending from the hunk on; those that were skipped before stay. */
  const eachLater = async ({ attempt, state, hunk }: Target, decide: (hunkId: string) => Promise<void>) => {
    const later = state.hunks.slice(state.hunks.indexOf(hunk)).map((one) => one.id);
    for (const hunkId of later) {
      const now = book.find(id, attempt, state.id)?.hunks.find((one) => one.id === hunkId);
      if (now?.decision === 'pending' && !skipped.has(hunkId)) await decide(hunkId);
    }
  };

  const acceptRest = (target: Target, by: string) => {
    const { attempt, state } = target;
    const open = state.hunks.filter(({ decision }) => decision === 'pending');
    const all = open[0]?.id === target.hunk.id && open.every((one) => !skipped.has(one.id));
    if (all && state.conflicts.length === 0) return book.acceptAll(id, attempt, state.id, by);
    return eachLater(target, async (hunkId) => {
      const now = book.find(id, attempt, state.id);
      if (!now?.conflicts.some((conflict) => conflict.hunkId === hunkId))
        await book.accept(id, attempt, state.id, hunkId, by);
    });
  };

  return {
    async act(view, ended) {
      const gate = view.openGates.find(({ kind }) => kind !== 'proposal');
      if (gate) {
        const decision = await askGate(terminal, gate, view, ended);
        if (!decision) return 'quit';
        runner.decide(id, gate.id, decision);
        return 'acted';
      }
      const target = await nextTarget(view);
      if (!target) return 'idle';
      const key = await askHunk(
        terminal,
        target.state,
        target.hunk,
        target.dangerous,
        checkMark(view, target.state.taskId),
        ended,
      );
      if (key === 'q') return 'quit';
      try {
        await perform(key, target, ended);
      } catch (thrown) {
        terminal.note(visible(inWords(asPlanwrightError(thrown))));
      }
      return 'acted';
    },
    reason: () => undefined,
  };
}
