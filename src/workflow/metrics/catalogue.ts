/**
 * Every metric there is. A counter's samples are added up; of a distribution's, the spread is kept as well.
 * Values are in the unit named here; sums of them are exact to `decimals`.
 */
export interface Metric {
  readonly kind: 'counter' | 'distribution';
  readonly help: string;
  readonly decimals: number;
  /** Its name for Prometheus, https://prometheus.io/docs/practices/naming/. */
  readonly exported: string;
  /** How many of ours one of the exported unit is; 1 when absent. */
  readonly perExported?: number;
  /** Upper bounds of a distribution's exported buckets, in our unit, ascending. */
  readonly bounds?: readonly number[];
}

const SECOND = 1000;
const inSeconds = (...seconds: readonly number[]) => seconds.map((value) => value * SECOND);

export const catalogue = {
  'phase.duration': {
    kind: 'distribution',
    help: 'Time a phase took, waiting for the developer left out.',
    decimals: 0,
    exported: 'planwright_phase_duration_seconds',
    perExported: SECOND,
    bounds: inSeconds(1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400),
  },
  'review.score': {
    kind: 'distribution',
    help: 'Score of a reviewed plan, 0 to 100.',
    decimals: 1,
    exported: 'planwright_review_score',
    bounds: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  },
  'run.ended': {
    kind: 'counter',
    help: 'Ends of runs; a run that goes on after one has another later.',
    decimals: 0,
    exported: 'planwright_runs_ended_total',
  },
  'run.reopened': {
    kind: 'counter',
    help: 'Ends of runs that were none after all: the run was resumed or restarted.',
    decimals: 0,
    exported: 'planwright_runs_reopened_total',
  },
  'run.reviewed': {
    kind: 'counter',
    help: 'Runs whose plan was reviewed.',
    decimals: 0,
    exported: 'planwright_runs_reviewed_total',
  },
  'run.refined': {
    kind: 'counter',
    help: 'Runs whose plan was refined at least once.',
    decimals: 0,
    exported: 'planwright_runs_refined_total',
  },
  'refinement.rounds': {
    kind: 'counter',
    help: 'Refinement rounds.',
    decimals: 0,
    exported: 'planwright_refinement_rounds_total',
  },
  tokens: {
    kind: 'counter',
    help: 'Tokens as the provider counted them; cached_input is a part of input, reasoning of output.',
    decimals: 0,
    exported: 'planwright_tokens_total',
  },
  'response.time': {
    kind: 'distribution',
    help: 'Time from a model call to its complete answer.',
    decimals: 0,
    exported: 'planwright_model_response_seconds',
    perExported: SECOND,
    bounds: inSeconds(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300),
  },
  'response.first': {
    kind: 'distribution',
    help: 'Time from a model call to the first piece of its answer.',
    decimals: 0,
    exported: 'planwright_model_first_token_seconds',
    perExported: SECOND,
    bounds: inSeconds(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300),
  },
  cost: {
    kind: 'counter',
    help: 'Cost of model calls by the price table, in its currency; calls without a price are not in it.',
    decimals: 9,
    exported: 'planwright_cost_total',
  },
  retries: {
    kind: 'counter',
    help: 'Model calls that were tried again, by what went wrong.',
    decimals: 0,
    exported: 'planwright_retries_total',
  },
  hunks: {
    kind: 'counter',
    help: 'Decisions on proposed hunks.',
    decimals: 0,
    exported: 'planwright_hunks_decided_total',
  },
  checks: {
    kind: 'counter',
    help: 'Checks that were run on edits, by their outcome and what it says of the edits.',
    decimals: 0,
    exported: 'planwright_checks_total',
  },
  'check.duration': {
    kind: 'distribution',
    help: 'Time a check took.',
    decimals: 0,
    exported: 'planwright_check_duration_seconds',
    perExported: SECOND,
    bounds: inSeconds(0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800),
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof catalogue;
export const metricNames = Object.keys(catalogue) as MetricName[];

/** A metric's entry with what is optional in it. */
export function metric(name: MetricName): Metric {
  return catalogue[name];
}

/** A value or a sum of values without the noise of binary fractions, so that the order of adding does not show. */
export function exact(name: MetricName, value: number): number {
  return Number(value.toFixed(catalogue[name].decimals));
}
