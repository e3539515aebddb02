import type { AgentName } from '../../workflow/engine/events.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { say } from '../../workflow/words/say.ts';
import { changeRequest, demoChangeRequest } from './changeRequest.ts';
import { implementing } from './implementing.ts';
import { planning } from './planning.ts';
import type { Reading, RequestedChange } from './reading.ts';
import type { RecordedTurn, Recording } from './recording.ts';
import { refining } from './refining.ts';
import { reviewing } from './reviewing.ts';
import { changedSampleFile, sampleFile, sampleInput } from './sample.ts';

/** A turn, and a key that no other turn has. */
export interface ChosenTurn {
  readonly key: string;
  readonly turn: RecordedTurn;
}

/**
 * The recorded turn that a prompt waits for.
 * @throws PlanwrightError DEMO_ONLY_SAMPLE when there is none, saying why
 */
export function chooseTurn(agent: AgentName, reading: Reading): ChosenTurn {
  if (!reading.userText.includes(sampleInput.request))
    throw notRecorded(say`The demo model only knows the sample request.`);
  if (agent === 'planner') refuseOtherInputs(reading);
  const { key, recording } = chooseRecording(agent, reading);
  const turn = recording[reading.turn];
  if (turn === undefined) {
    throw notRecorded(
      say`The demo model has only ${recording.length} answers recorded for ${key}, and was asked for another.`,
    );
  }
  return { key: `${key}-${reading.turn}`, turn };
}

interface ChosenRecording {
  readonly key: string;
  readonly recording: Recording;
}

function chooseRecording(agent: AgentName, reading: Reading): ChosenRecording {
  switch (agent) {
    case 'planner':
      return { key: 'planner', recording: planning };
    case 'reviewer':
      return round('reviewer', reviewing, reading.reviewRound, 0);
    case 'refiner':
      if (reading.words) throw notRecorded(say`The demo model cannot follow your own words about the plan.`);
      return round('refiner', refining, reading.refinementRound, 1);
    case 'implementer':
      return reading.change === null ? task(reading.taskId) : change(reading.change);
  }
}

function round(agent: AgentName, rounds: readonly Recording[], asked: number | null, first: number): ChosenRecording {
  if (asked === null) throw notRecorded(say`The demo model was not told which round the ${agent} is in.`);
  const recording = rounds[asked - first];
  if (recording === undefined)
    throw notRecorded(say`The demo model has nothing recorded for round ${asked} of the ${agent}.`);
  return { key: `${agent}-${asked}`, recording };
}

function task(id: string | null): ChosenRecording {
  if (id === null) throw notRecorded(say`The demo model was not told which task to implement.`);
  const recording = implementing.get(id);
  if (recording === undefined)
    throw notRecorded(say`The demo model has nothing recorded for task ${id}; it knows those of its own plan.`);
  return { key: `implementer-${id}`, recording };
}

function change({ path, feedback }: RequestedChange): ChosenRecording {
  if (path !== demoChangeRequest.path || normal(feedback) !== normal(demoChangeRequest.feedback)) {
    throw notRecorded(
      say`The demo model knows one change only: for ${demoChangeRequest.path}, ask “${demoChangeRequest.feedback}”.`,
    );
  }
  return { key: `implementer-${demoChangeRequest.taskId}-change`, recording: changeRequest };
}

/** The recorded plan is an answer to all of the sample's requirements, in the sample's folder, before the change. */
function refuseOtherInputs({ userText, fileList }: Reading): void {
  const missing = sampleInput.requirements.find((requirement) => !userText.includes(requirement));
  if (missing !== undefined) {
    throw notRecorded(
      say`The demo model only knows the sample's own requirements, and this one is missing: “${missing}”`,
    );
  }
  const further = sampleInput.requirements.length + 1;
  if (new RegExp(`^R${further}\\s`, 'm').test(userText)) {
    throw notRecorded(
      say`The demo model only knows the sample's own requirements, and there is one more: R${further}.`,
    );
  }
  if (fileList === null) return;
  if (!fileList.includes(sampleFile)) {
    throw notRecorded(
      say`The demo model only knows the sample workspace, samples/slugs; there is no ${sampleFile} here.`,
    );
  }
  if (fileList.includes(changedSampleFile)) {
    throw notRecorded(
      say`The demo model only knows the sample as it was before the change; here is ${changedSampleFile} already. Take a fresh copy.`,
    );
  }
}

function normal(text: string): string {
  return text.trim().replace(/\.$/, '').toLowerCase();
}

function notRecorded(message: string): PlanwrightError {
  return new PlanwrightError('DEMO_ONLY_SAMPLE', message, {
    hint: 'Choose your own model with "Planwright: Choose model…".',
  });
}
