import {
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4GenerateResult,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { simulateStreamingMiddleware, wrapLanguageModel } from 'ai';
import type { AgentName } from '../engine/events.ts';
import type { RetryPolicy } from '../engine/retry.ts';
import type { Run, StepHold } from '../engine/run.ts';
import { PlanwrightError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { collectStream, complete } from './collect.ts';
import { reasonOf, type Watch, withIdleTimeout } from './idleTimeout.ts';
import { isCounted, type ModelCall, modelCallSchema, recordOf, resultOf } from './modelCall.ts';

export interface JournalingOptions {
  /** A name space of its own: the calls are its steps 'model-1', 'model-2', … */
  readonly run: Run;
  readonly agent: AgentName;
  readonly taskId?: string;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  /** How long the model may say nothing before a call counts as timed out, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Says what a provider's failure means. */
  readonly mapError: (error: unknown) => PlanwrightError;
  /** Waited for before each call; one that is in the journal waits for nothing. */
  readonly turn?: (signal: AbortSignal) => Promise<void>;
  /** Where to wait instead of calling, or instead of failing. */
  readonly hold?: StepHold;
  /** What a call cost; undefined where nobody knows. */
  readonly costOf?: (model: string, usage: ModelCall['usage']) => number | undefined;
}

/**
 * The model with every call a step of the run: made once, shown while it is written, committed before anything
 * reads it, and answered from the journal afterwards. Emits `usage` after each call.
 *
 * The step's input is what the answer depends on: prompt, tools, their choice and the answer's format. Which
 * model answered is not part of it, so that a run may go on with another model.
 */
export function journaled(model: LanguageModelV4, options: JournalingOptions): LanguageModelV4 {
  const { run, agent, taskId, retry, clock, idleTimeoutMs, mapError, turn, hold, costOf } = options;
  const who = { agent, ...(taskId === undefined ? {} : { taskId }) };
  let calls = 0;

  async function perform(
    inner: LanguageModelV4,
    params: LanguageModelV4CallOptions,
    signal: AbortSignal,
  ): Promise<ModelCall> {
    const started = clock.now();
    let firstAt: number | undefined;
    try {
      const result = await withIdleTimeout(idleTimeoutMs, signal, (watch) =>
        callModel(inner, { ...params, abortSignal: watch.signal }, watch, (delta) => {
          firstAt ??= clock.now();
          run.live({ ...who, ...delta });
        }),
      );
      const endedAt = clock.now();
      return recordOf(result, {
        model: inner.modelId,
        provider: inner.provider,
        durationMs: endedAt - started,
        ...(firstAt === undefined ? {} : { firstTokenMs: firstAt - started }),
        endedAt,
      });
    } catch (error) {
      if (signal.aborted) throw reasonOf(signal);
      throw error instanceof PlanwrightError ? error : mapError(error);
    }
  }

  return wrapLanguageModel({
    model,
    middleware: [
      simulateStreamingMiddleware(),
      {
        specificationVersion: 'v4',
        wrapGenerate: async ({ params, model: inner }) => {
          calls += 1;
          const { prompt, tools, toolChoice, responseFormat, abortSignal } = params;
          const call = await run.step(
            `model-${calls}`,
            modelCallSchema,
            async (signal) => {
              await turn?.(signal);
              return perform(inner, params, abortSignal ? AbortSignal.any([signal, abortSignal]) : signal);
            },
            {
              input: { prompt, tools, toolChoice, responseFormat },
              retry,
              provider: inner.provider,
              durability: 'disk',
              ...(hold ? { hold } : {}),
            },
          );
          const cost = costOf?.(call.model, call.usage);
          run.emit({
            type: 'usage',
            ...who,
            model: call.model,
            inputTokens: call.usage.inputTokens.total ?? 0,
            cachedInputTokens: call.usage.inputTokens.cacheRead ?? 0,
            outputTokens: call.usage.outputTokens.total ?? 0,
            ...(call.usage.outputTokens.reasoning ? { reasoningTokens: call.usage.outputTokens.reasoning } : {}),
            ...(isCounted(call) ? { counted: true } : {}),
            durationMs: call.durationMs,
            ...(call.firstTokenMs === undefined ? {} : { firstTokenMs: call.firstTokenMs }),
            ...(call.provider === undefined ? {} : { provider: call.provider }),
            ...(call.endedAt === undefined ? {} : { endedAt: call.endedAt }),
            ...(cost === undefined ? {} : { cost }),
          });
          return resultOf(call);
        },
      },
    ],
  });
}

/** Streams, so that there is something to see; a model that cannot is asked for the whole answer at once. */
async function callModel(
  model: LanguageModelV4,
  params: LanguageModelV4CallOptions,
  { alive }: Watch,
  onDelta: Parameters<typeof collectStream>[1],
): Promise<LanguageModelV4GenerateResult> {
  try {
    return await collectStream(await model.doStream(params), onDelta, alive);
  } catch (error) {
    if (!UnsupportedFunctionalityError.isInstance(error)) throw error;
    return complete(await model.doGenerate(params));
  }
}
