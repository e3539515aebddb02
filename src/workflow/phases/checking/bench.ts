import type { CheckBench } from '../../agents/tools/runCheck.ts';
import { resultsOf, withInherited } from '../../checks/results.ts';
import { filesOfTask } from '../../edits/taskFiles.ts';
import type { Run } from '../../engine/run.ts';
import type { WorkflowPorts } from '../context.ts';
import type { TaskWork } from '../task.ts';
import { type Draft, placeOf } from './draft.ts';
import { refusalNow } from './permission.ts';

/** What an implementer checks its edits with while it is at work. Its tool journals what it says. */
export function benchOf(
  run: Run,
  { checks, ancestors }: TaskWork,
  { overlay, standsOn }: Pick<Draft, 'overlay' | 'standsOn'>,
  ports: WorkflowPorts,
): CheckBench {
  return {
    names: () => {
      const allowed = checks.allowed();
      if (!allowed) return 'The developer has not said yet which checks may run. Go on without.';
      if (allowed.reason !== null) return `No check can run here: ${allowed.reason}`;
      return allowed.commands.map(({ name }) => name);
    },
    run: async (wanted) => {
      const { commands, baseline, reason } = await checks.ground();
      const refused = reason ?? refusalNow(ports);
      const command = commands.find(({ name }) => name === wanted);
      if (refused !== null || !command) return `It cannot run: ${refused ?? 'it is not allowed.'}`;
      const files = await filesOfTask(ports.proposals, placeOf(run, standsOn), overlay.changes());
      const runs = await (await ports.checks.checks()).run([command], files, run.signal);
      const before = withInherited(baseline, checks.leftBy(ancestors));
      return resultsOf([command], before, runs)[0] ?? 'It said nothing.';
    },
  };
}
