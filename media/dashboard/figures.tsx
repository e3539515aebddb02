import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { count, plural } from '../format.ts';
import { decimal, money, NONE, percent, time } from './numbers.ts';

/** The figures in one look, each with what it was computed from. */
export function Figures({ data }: { data: DashboardData }) {
  const { active, reviewScore, outcomes, refinement, responseTime, usage, hunks, retries } = data;
  const ended = outcomes.completed + outcomes.failed + outcomes.cancelled;
  const decided = hunks.accepted + hunks.rejected;
  const retried = retries.reduce((sum, retry) => sum + retry.count, 0);
  return (
    <dl class="figures-grid">
      <Figure
        id="active"
        title="Active workflows"
        value={String(active.queued + active.inProgress + active.waiting)}
        note={active.waiting === 0 ? 'now' : `now, ${active.waiting} waiting`}
      />
      <Figure
        id="score"
        title="Average review score"
        value={decimal(reviewScore.mean)}
        note={plural(reviewScore.reviews, 'review')}
      />
      <Figure
        id="success"
        title="Success rate"
        value={percent(outcomes.successRate)}
        note={`${outcomes.completed} of ${ended} ended completed`}
      />
      <Figure
        id="refinement"
        title="Refinement frequency"
        value={percent(refinement.frequency)}
        note={
          refinement.meanRounds === null
            ? 'no plan reviewed'
            : `${plural(Number(decimal(refinement.meanRounds)), 'round')} a run, ${plural(refinement.reviewed, 'run')}`
        }
      />
      <Figure
        id="response"
        title="Response time"
        value={time(responseTime.median)}
        note={responseTime.p95 === null ? 'no model call' : `median; 95 % within ${time(responseTime.p95)}`}
      />
      <Figure
        id="tokens"
        title="Tokens"
        value={usage.calls === 0 ? NONE : count(usage.inputTokens + usage.outputTokens)}
        note={
          usage.calls === 0
            ? 'no model call'
            : `${count(usage.inputTokens)} in (${count(usage.cachedInputTokens)} cached), ${count(usage.outputTokens)} out`
        }
      />
      <Figure
        id="cost"
        title="Cost"
        value={money(usage.cost)}
        note={
          usage.unpricedCalls === 0
            ? `${plural(usage.calls, 'call')}, all with a price`
            : `${plural(usage.unpricedCalls, 'call')} of ${usage.calls} without a price`
        }
      />
      <Figure
        id="hunks"
        title="Hunks accepted"
        value={decided === 0 ? NONE : percent(hunks.accepted / decided)}
        note={`${hunks.accepted} accepted, ${hunks.rejected} rejected`}
      />
      <Figure
        id="retries"
        title="Retries"
        value={String(retried)}
        note={retries.map((retry) => `${retry.code} ${retry.count}`).join(', ') || 'of model calls'}
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
