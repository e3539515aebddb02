import type { TaskReport } from '../../agents/drafts.ts';
import { mendingPrompt, vacuousPrompt } from '../../agents/mendingPrompts.ts';
import { fatalCodes } from '../../agents/structured.ts';
import type { CheckRun } from '../../checks/checks.ts';
import { editorCheck } from '../../checks/editorRun.ts';
import { resultsOf, withInherited } from '../../checks/results.ts';
import type { CheckResult, TestProof } from '../../engine/events.ts';
import { asPlanwrightError } from '../../errors.ts';
import { say } from '../../words/say.ts';
import type { WorkflowPorts } from '../context.ts';
import { type Draft, filesWith, textsOf } from './draft.ts';
import { checkInEditor } from './editorCheck.ts';
import { proveTests, testsIn } from './proveTests.ts';
import type { Ground, RunChecks } from './runChecks.ts';

/**
 * Checks what an agent has made, before anybody sees it, and has the same agent mend what newly fails, a few times; and
 * once, tests that pass without what they are to test. What is still wrong then is told with the proposals.
 * @returns the agent's last report
 */
export async function checkAndMend(draft: Draft, checks: RunChecks, ports: WorkflowPorts): Promise<TaskReport> {
  const { work, overlay } = draft;
  if (overlay.changes().length === 0) return draft.report;
  const ground = await checks.ground();
  if (ground.reason !== null && !ground.editor) return draft.report;

  const limit = ports.settings.checks.mendings;
  let { report } = draft;
  let mendings = 0;
  let flagged = false;
  let proved = '';
  for (let round = 1; ; round++) {
    const checked = await checkOnce(draft, round, ground, checks, ports);
    if (!checked) return report;
    checks.leave(work.task.id, checked);
    const failures = checked.results.filter(({ verdict }) => verdict === 'new failure');
    if (failures.length > 0 && mendings < limit) {
      mendings += 1;
      tell(draft, `mends ${namesOf(failures)} (${mendings} of ${limit})`);
      const mended = await mend(draft, mendingPrompt(failures, limit - mendings));
      if (mended) {
        report = withEvidence(mended, report);
        continue;
      }
      mendings = limit; // It has nothing more to try. What its tests are worth is told all the same.
    }
    const tests = JSON.stringify(testsIn(overlay.changes()));
    if (tests === proved) return report;
    proved = tests;
    const vacuous = await vacuousTests(draft, round, checked.runs, ground, checks, ports);
    if (vacuous.length === 0 || flagged) return report;
    flagged = true;
    tell(draft, `mends tests that test nothing: ${vacuous.map(({ path }) => path).join(', ')}`);
    const mended = await mend(draft, vacuousPrompt(vacuous));
    if (!mended) return report;
    report = withEvidence(mended, report);
  }
}

/** What was shown before and is not said again still counts; what is said last comes first. */
function withEvidence(latest: TaskReport, earlier: TaskReport): TaskReport {
  return { ...latest, evidence: [...latest.evidence, ...earlier.evidence] };
}

/** Null when the agent could not be asked, or has changed nothing: then all stays as it was checked. */
async function mend(draft: Draft, prompt: string): Promise<TaskReport | null> {
  const { overlay, conversation } = draft;
  const before = overlay.save();
  const textBefore = JSON.stringify(overlay.changes());
  try {
    const report = await conversation.say(prompt);
    if (JSON.stringify(overlay.changes()) !== textBefore) return report;
    tell(draft, `changed nothing: ${report.summary}`);
    return null;
  } catch (thrown) {
    const error = asPlanwrightError(thrown);
    if (fatalCodes.includes(error.code)) throw thrown;
    overlay.restore(before);
    tell(draft, `could not: ${error.message}`);
    return null;
  }
}

/** What a round of checks came to: the commands' own runs, and what all of them say of the edits. */
export interface Checked {
  readonly runs: readonly CheckRun[];
  readonly results: readonly CheckResult[];
}

/** Null when nothing could be checked, which is told. */
async function checkOnce(
  draft: Draft,
  round: number,
  { commands, baseline, editor }: Ground,
  checks: RunChecks,
  ports: WorkflowPorts,
): Promise<Checked | null> {
  const { run, work, overlay } = draft;
  const about = { taskId: work.task.id, ...ofOther(draft) };
  const asked = [...commands, ...(editor ? [editorCheck] : [])];
  run.emit({ type: 'check.started', ...about, round, names: asked.map(({ name }) => name) });
  const outcomes =
    commands.length === 0
      ? { runs: [] }
      : await checks.over(run, `check-${round}`, commands, textsOf(overlay.changes()), () => filesWith(draft, ports));
  const seen = editor ? await checkInEditor(draft, round, ports) : null;
  if ('skipped' in outcomes || (commands.length === 0 && !seen)) {
    const reason = 'skipped' in outcomes ? outcomes.skipped : say`No language service of the editor knows these files.`;
    run.emit({ type: 'check.skipped', ...about, reason });
    if (!seen) return null;
  }
  const runs = 'skipped' in outcomes ? [] : outcomes.runs;
  const before = withInherited(baseline, checks.leftBy(work.ancestors));
  const results = [...resultsOf(commands, before, runs), ...(seen ? [seen] : [])];
  run.emit({ type: 'check.completed', ...about, round, results });
  return { runs, results };
}

/** Which edits of the task these are, for its events; nothing for those of its first try. */
function ofOther({ of }: Draft) {
  return of.try === undefined && of.change === undefined ? {} : { of };
}

async function vacuousTests(
  draft: Draft,
  round: number,
  runs: readonly CheckRun[],
  ground: Ground,
  checks: RunChecks,
  ports: WorkflowPorts,
): Promise<readonly TestProof[]> {
  const proofs = await proveTests(draft, round, runs, ground, checks, ports);
  if (proofs.length > 0)
    draft.run.emit({ type: 'tests.proved', taskId: draft.work.task.id, ...ofOther(draft), proofs });
  return proofs.filter(({ verdict }) => verdict === 'vacuous');
}

function namesOf(failures: readonly CheckResult[]): string {
  return failures.map(({ name, newFailures }) => newFailures[0] ?? name).join(', ');
}

/** In the feed of what agents do. */
function tell({ run, work }: Draft, summary: string): void {
  run.emit({ type: 'agent.acted', agent: 'implementer', taskId: work.task.id, tool: 'mend', summary });
}
