import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { asPlanwrightError } from '../../workflow/errors.ts';
import { systemClock } from '../node/systemClock.ts';
import { targetOfEnvironment } from '../otlp/environment.ts';
import type { OtlpTarget } from '../otlp/target.ts';
import type { Engine } from './engine.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';
import { oneLine } from './visible.ts';

/** How long the end of a command waits for what is still to be sent, in milliseconds. */
const LAST_WORDS_MS = 5000;

/** Does the work while metrics and traces are pushed to where OTEL_EXPORTER_OTLP_ENDPOINT says; without it, just the work. */
export async function withTelemetry<T>(engine: Engine, terminal: Terminal, work: () => Promise<T>): Promise<T> {
  const target = targetOrNote(terminal);
  if (!target) return work();
  const [{ OtlpPush }, { TraceOutbox }] = await Promise.all([
    import('../otlp/otlpPush.ts'),
    import('../../workflow/telemetry/traceOutbox.ts'),
  ]);
  const push = new OtlpPush({
    target,
    outbox: new TraceOutbox(engine.db, engine.store, systemClock),
    metrics: engine.metrics,
    fetch: engine.fetch,
    version: version(),
    instance: createHash('sha256').update(engine.database).digest('hex').slice(0, 16),
    note: (text) => terminal.note(oneLine(text)),
  });
  try {
    return await work();
  } finally {
    await Promise.race([push.flush(), wait(LAST_WORDS_MS, undefined, { ref: false })]);
    push.stop();
  }
}

/** The variables are often there for other programs: what is wrong with them stops no run. */
function targetOrNote(terminal: Terminal): OtlpTarget | null {
  try {
    return targetOfEnvironment(process.env);
  } catch (thrown) {
    const { message, hint } = asPlanwrightError(thrown);
    terminal.note(oneLine(`Metrics and traces are not pushed. ${message} ${hint ?? ''}`));
    return null;
  }
}
