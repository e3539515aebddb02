import type { Store } from '../../workflow/engine/store.ts';
import type { Hook } from '../../workflow/hooks/hook.ts';
import type { Delivery, Outbox } from '../../workflow/hooks/outbox.ts';
import { isUsableSecret, signedHeaders } from '../../workflow/hooks/signing.ts';
import type { Clock } from '../../workflow/ports.ts';

export interface CourierOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** A hook's secret; undefined when none was set: nothing is sent unsigned. */
  readonly secret: (hookId: string) => Promise<string | undefined>;
  readonly log: (text: string) => void;
  /** How long a try may take, in milliseconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** Looks at least so often whether something is due, in milliseconds. */
const LOOK_MS = 30_000;

/** What a try came to. */
type Tried = { readonly ok: true } | { readonly ok: false; readonly error: string; readonly retry: boolean | number };

/** Sends what hooks are to be told: signed, without following redirects, again later when it is not taken. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #unsubscribe: () => void;
  readonly #stopped = new AbortController();
  #hooks: readonly Hook[] = [];
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #queued = false;
  #changed = new Set<string>();

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.subscribe(({ runId }) => {
      if (this.#hooks.length === 0) return;
      this.#changed.add(runId);
      this.#wake();
    });
  }

  /** Takes these hooks from now on; what was logged meanwhile, by whoever, is told. */
  use(hooks: readonly Hook[]): void {
    this.#hooks = hooks.filter(({ enabled }) => enabled);
    this.#options.outbox.collect(this.#hooks);
    this.#wake();
  }

  /** To be called when something was put back. */
  wake(): void {
    this.#wake();
  }

  /** Once all that is due has been tried. */
  async idle(): Promise<void> {
    while (this.#queued) await new Promise((resolve) => setImmediate(resolve));
    await this.#working;
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#stopped.abort();
    await this.#working.catch(() => {});
  }

  /** Soon, once for all that happens in one turn. */
  #wake(): void {
    if (this.#queued || this.#stopped.signal.aborted) return;
    this.#queued = true;
    setImmediate(() => {
      this.#queued = false;
      this.#working = this.#working
        .then(() => this.#work())
        .catch((error: Error) => this.#options.log(`Hooks: ${error.message}`));
    });
  }

  async #work(): Promise<void> {
    const { outbox, clock } = this.#options;
    if (this.#stopped.signal.aborted) return;
    const changed = [...this.#changed];
    this.#changed = new Set();
    if (changed.length > 0) outbox.collect(this.#hooks, changed);
    const ids = this.#hooks.map(({ id }) => id);
    for (let delivery = outbox.claim(ids); delivery; delivery = outbox.claim(ids)) {
      const hook = this.#hooks.find(({ id }) => id === delivery?.hook);
      if (!hook) break;
      const tried = await this.#send(hook, delivery);
      if (this.#stopped.signal.aborted) return; // Not known whether it was taken: told again.
      if (tried.ok) outbox.delivered(delivery.id);
      else {
        const next = outbox.failed(delivery, tried.error, tried.retry);
        this.#options.log(
          `Hook ${hook.id}: ${delivery.type} was not delivered: ${tried.error}${next === 'dead' ? '. It is given up' : ''}`,
        );
      }
    }
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted || ids.length === 0) return;
    const wait = (outbox.nextAt(ids) ?? Number.POSITIVE_INFINITY) - clock.now();
    this.#timer = setTimeout(
      () => {
        outbox.collect(this.#hooks); // What other processes logged.
        this.#wake();
      },
      Math.max(0, Math.min(LOOK_MS, wait)),
    );
  }

  async #send(hook: Hook, { id, body }: Delivery): Promise<Tried> {
    const { clock, secret, timeoutMs = TIMEOUT_MS } = this.#options;
    const key = await secret(hook.id);
    if (key === undefined || !isUsableSecret(key)) {
      return { ok: false, error: 'the hook has no secret that can be used', retry: true };
    }
    try {
      const response = await fetch(hook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Planwright',
          ...signedHeaders(id, body, key, clock.now()),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      return triedBy(response, clock.now());
    } catch (error) {
      const { name, cause, message } = error as Error & { cause?: { code?: string } };
      const why = name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : (cause?.code ?? message);
      return { ok: false, error: why, retry: true };
    }
  }
}

function triedBy({ ok, status, headers }: Response, now: number): Tried {
  if (ok) return { ok: true };
  if (status === 0 || (status >= 300 && status < 400)) {
    return { ok: false, error: `${status || 'a'} redirect, which is not followed`, retry: true };
  }
  // Gone: the receiver wants no more of it.
  if (status === 410) return { ok: false, error: '410 Gone', retry: false };
  return { ok: false, error: `answered ${status}`, retry: retryAfter(headers.get('retry-after'), now) ?? true };
}

/** Milliseconds from now, a day at most. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 86_400_000) : undefined;
}
