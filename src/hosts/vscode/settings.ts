import * as vscode from 'vscode';
import type { Limits, Prices } from '../../workflow/agents/budget.ts';
import { defaultStepLimit } from '../../workflow/agents/stepLimit.ts';
import type { AgentName } from '../../workflow/engine/events.ts';
import type { RetryPolicy } from '../../workflow/engine/retry.ts';
import type { ErrorCode } from '../../workflow/errors.ts';
import type { WorkflowSettings } from '../../workflow/phases/context.ts';
import { defaultWeights, type Weights } from '../../workflow/review/criteria.ts';

/** The settings as package.json declares them, defaults included. */
export function readSettings() {
  const settings = vscode.workspace.getConfiguration('planwright');
  const get = <T>(name: string): T => settings.get<T>(name) as T;
  const workflow: WorkflowSettings = {
    weights: { ...defaultWeights, ...get<Partial<Weights>>('review.weights') },
    threshold: get('review.threshold'),
    maxRounds: get('refinement.maxRounds'),
    approvePlan: get('plan.approve'),
    askQuestions: get('plan.questions'),
    reviewers: get('review.reviewers'),
    concurrency: get('implementation.concurrency'),
    stepLimit: defaultStepLimit,
    commitPerTask: get('git.commitPerTask'),
    branch: get<string>('git.branch').trim(),
    checks: {
      run: get<'ask' | 'always' | 'never'>('checks.run'),
      mendings: get('checks.mendings'),
      editor: get('checks.editor'),
    },
  };
  const retry: RetryPolicy = {
    maxAttempts: get('retry.maxAttempts'),
    backoffMs: get<number[]>('retry.backoffMs'),
    retryOn: get<ErrorCode[]>('retry.retryOn'),
  };
  const limit = (name: string): number | null => get<number>(`budget.${name}`) || null;
  const limits: Limits = { tokens: limit('tokens'), cost: limit('cost'), minutes: limit('minutes') };
  return {
    limits,
    prices: get<Prices>('prices'),
    keepDays: get<number>('history.keepDays'),
    rawDays: get<number>('metrics.rawDays'),
    workflow,
    retry,
    checkpoints: get<boolean>('git.checkpoints'),
    modelId: get<string>('model').trim() || null,
    agentModels: get<Partial<Record<AgentName, string>>>('models'),
    modelParameters: get<unknown>('modelParameters'),
    baseUrl: get<string>('baseUrl').trim() || undefined,
    idleTimeoutMs: get<number>('modelTimeoutSeconds') * 1000,
    contextTokens: get<number>('contextTokens'),
    otlpEndpoint: get<string>('otlp.endpoint').trim() || undefined,
    openReport: get<boolean>('report.open'),
    http: { enabled: get<boolean>('http.enabled'), port: get<number>('http.port') },
    demoSpeed: get<number>('demo.speed'),
  };
}
