import { cacheHitRate, type RetryView, type RunView } from '../../src/workflow/runState.ts';
import { agentName } from '../agentNames.ts';
import { count, duration, timeOfDay } from '../format.ts';
import { inNumerals, t, told } from '../l10n.ts';
import { memo } from '../memo.ts';
import { percent } from '../numbers.ts';

/** What the models took, by agent. */
export const Usage = memo(({ usage }: { usage: RunView['usageByAgent'] }) => {
  const agents = Object.entries(usage);
  if (agents.length === 0) return null;
  return (
    <section>
      <h3>{t('Model use')}</h3>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Agent')}</th>
              <th scope="col" class="number">
                {t('Calls')}
              </th>
              <th scope="col" class="number">
                {t('Tokens in')}
              </th>
              <th scope="col" class="number" title={t('Tokens in that the provider’s cache had')}>
                {t('Cached')}
              </th>
              <th scope="col" class="number">
                {t('Out')}
              </th>
              <th scope="col" class="number">
                {t('Time')}
              </th>
            </tr>
          </thead>
          <tbody>
            {agents.map(([agent, totals]) => {
              const { calls, inputTokens, cachedInputTokens, outputTokens, modelMs } = totals;
              return (
                <tr key={agent}>
                  <th scope="row">{agentName(agent)}</th>
                  <td class="number">{calls}</td>
                  <td
                    class="number"
                    title={t('{0}, of which {1} from the provider’s cache', inputTokens, cachedInputTokens)}
                  >
                    {count(inputTokens)}
                  </td>
                  <td class="number">{percent(cacheHitRate(totals))}</td>
                  <td class="number" title={inNumerals(outputTokens)}>
                    {count(outputTokens)}
                  </td>
                  <td class="number">{duration(modelMs)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
});

/** Calls that were made again, the newest first. */
export const Retries = memo(({ retries }: { retries: readonly RetryView[] }) => {
  if (retries.length === 0) return null;
  return (
    <section>
      <h3>{t('Retries')}</h3>
      <ol class="feed">
        {retries.toReversed().map(({ at, step, retry, delayMs, error }) => (
          <li key={`${at} ${step} ${retry}`}>
            <time class="quiet" dateTime={new Date(at).toISOString()}>
              {timeOfDay(at)}
            </time>
            <span>
              <code>{error.code}</code> {told(error.message)}{' '}
              <span class="quiet">{t('{0}: retry {1}, after {2}', step, retry, duration(delayMs))}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
});
