import type { Activity } from '../../src/workflow/runState.ts';
import { agentName } from '../agentNames.ts';
import { timeOfDay } from '../format.ts';
import { t, toldStep } from '../l10n.ts';
import { memo } from '../memo.ts';

/** What the agents read and did, the newest first; the log keeps the last two hundred. */
export const Feed = memo(({ activity }: { activity: readonly Activity[] }) => (
  <section>
    <h3 id="activity">{t('Activity')}</h3>
    {activity.length === 0 && <p class="quiet">{t('Nothing yet.')}</p>}
    {activity.length > 0 && (
      <section
        class="feed-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-labelledby="activity"
      >
        <ol class="feed">
          {activity.toReversed().map((act, index) => (
            <Act key={`${act.at} ${activity.length - index}`} act={act} />
          ))}
        </ol>
      </section>
    )}
  </section>
));

const Act = memo(({ act: { at, agent, taskId, tool, summary } }: { act: Activity }) => (
  <li class="long-list-item">
    <time class="quiet" dateTime={new Date(at).toISOString()}>
      {timeOfDay(at)}
    </time>
    <span>
      <strong>{agentName(agent)}</strong>
      {taskId !== null && ` ${taskId}`} <code>{tool}</code> {toldStep(summary)}
    </span>
  </li>
));
