import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { count } from '../format.ts';
import { plural, t } from '../l10n.ts';
import { decimal, money, NONE, percent, time, whole } from '../numbers.ts';

/** The figures in one look, each with what it was computed from. */
export function Figures({ data }: { data: DashboardData }) {
  const { active, reviewScore, outcomes, refinement, responseTime, firstToken, usage, hunks, retries } = data;
  const ended = outcomes.completed + outcomes.failed + outcomes.cancelled;
  const decided = hunks.accepted + hunks.rejected;
  const retried = retries.reduce((sum, retry) => sum + retry.count, 0);
  return (
    <dl class="figures-grid">
      <Figure
        id="active"
        title={t('Active workflows')}
        value={String(active.queued + active.inProgress + active.waiting)}
        note={active.waiting === 0 ? t('now') : t('now, {0} waiting', active.waiting)}
      />
      <Figure
        id="score"
        title={t('Average review score')}
        value={decimal(reviewScore.mean)}
        note={plural(reviewScore.reviews, t('{0} review', reviewScore.reviews), t('{0} reviews', reviewScore.reviews))}
      />
      <Figure
        id="success"
        title={t('Success rate')}
        value={percent(outcomes.successRate)}
        note={t('{0} of {1} ended completed', outcomes.completed, ended)}
      />
      <Figure
        id="refinement"
        title={t('Refinement frequency')}
        value={percent(refinement.frequency)}
        note={
          refinement.meanRounds === null
            ? t('no plan reviewed')
            : t('rounds a run: {0}; runs: {1}', decimal(refinement.meanRounds), refinement.reviewed)
        }
      />
      <Figure
        id="response"
        title={t('Response time')}
        value={time(responseTime.median)}
        note={responseTime.p95 === null ? t('no model call') : t('median; 95 % within {0}', time(responseTime.p95))}
      />
      <Figure
        id="first-token"
        title={t('First token')}
        value={time(firstToken.median)}
        note={
          firstToken.p95 === null
            ? t('no answer that came piece by piece')
            : t('median; 95 % within {0}', time(firstToken.p95))
        }
      />
      <Figure
        id="tokens"
        title={t('Tokens')}
        value={usage.calls === 0 ? NONE : count(usage.inputTokens + usage.outputTokens)}
        note={
          usage.calls === 0
            ? t('no model call')
            : t(
                '{0} in ({1} cached), {2} out',
                count(usage.inputTokens),
                count(usage.cachedInputTokens),
                count(usage.outputTokens),
              )
        }
      />
      <Figure
        id="cache"
        title={t('Prompt cache')}
        value={percent(usage.cacheHitRate)}
        note={
          usage.cacheHitRate === null
            ? t('no model call')
            : t('{0} of {1} input tokens', count(usage.cachedInputTokens), count(usage.inputTokens))
        }
      />
      <Figure
        id="cost"
        title={t('Cost')}
        value={money(usage.cost)}
        note={
          usage.unpricedCalls === 0
            ? t('calls: {0}, all with a price', usage.calls)
            : t('{0} of {1} calls without a price', usage.unpricedCalls, usage.calls)
        }
      />
      <Figure
        id="hunks"
        title={t('Hunks accepted')}
        value={decided === 0 ? NONE : percent(hunks.accepted / decided)}
        note={t('{0} accepted, {1} rejected', hunks.accepted, hunks.rejected)}
      />
      <Figure
        id="retries"
        title={t('Retries')}
        value={whole(retried)}
        note={retries.map((retry) => `${retry.code} ${retry.count}`).join(', ') || t('of model calls')}
      />
    </dl>
  );
}

function Figure({ id, title, value, note }: { id: string; title: string; value: string; note: string }) {
  return (
    <div class="figure" data-testid={`figure-${id}`}>
      <dt>{title}</dt>
      <dd>
        <span class="figure-value">{value}</span>
        <span class="figure-note">{note}</span>
      </dd>
    </div>
  );
}
