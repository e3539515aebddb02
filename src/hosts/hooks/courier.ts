import type { Store } from '../../workflow/engine/store.ts';
import type { Hook } from '../../workflow/hooks/hook.ts';
import type { Delivery, Outbox } from '../../workflow/hooks/outbox.ts';
import { isUsableSecret, signedHeaders } from '../../workflow/hooks/signing.ts';
import type { Clock } from '../../workflow/ports.ts';
import { PROXY_WANTS_USER, proxyWantsUser, whyUnreached } from '../node/unreached.ts';

export interface CourierOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** A hook's secret; undefined when none was set: nothing is sent unsigned. */
  readonly secret: (hookId: string) => Promise<string | undefined>;
  /** As whoever sends is configured: by which proxy, trusting whom. */
  readonly fetch: typeof fetch;
  readonly log: (text: string) => void;
  /** How long a try may take, in milliseconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** Looks at least so often whether something is due, in milliseconds. */
const LOOK_MS = 30_000;

/** What a try came to. */
type Tried = { readonly ok: true } | { readonly ok: false; readonly error: string; readonly retry: boolean | number };

/**
 * Sends what hooks are to be told: signed, without following redirects, again later when it is not taken. Each hook is
 * told one thing after another; one that is slow keeps no other waiting.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #unsubscribe: () => void;
  readonly #stopped = new AbortController();
  #hooks: readonly Hook[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #sending = new Map<string, Promise<void>>();
  #queued = false;
  readonly #changed = new Set<string>();
  /** The database could not be used: not before the next look. */
  #troubled = false;

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
    this.#options.outbox.collectAll(this.#hooks);
    this.#wake();
  }

  /** To be called when something was put back. */
  wake(): void {
    this.#wake();
  }

  /** Once all that is due has been tried. */
  async idle(): Promise<void> {
    while (this.#queued || this.#sending.size > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(this.#sending.values());
    }
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#stopped.abort();
    await Promise.all(this.#sending.values());
  }

  /** Soon, once for all that happens in one turn. */
  #wake(): void {
    if (this.#queued || this.#stopped.signal.aborted) return;
    this.#queued = true;
    setImmediate(() => {
      this.#queued = false;
      if (this.#stopped.signal.aborted) return;
      this.#guarded(() => this.#takeIn());
      for (const hook of this.#hooks) this.#tell(hook);
      this.#sleep();
    });
  }

  #takeIn(): void {
    if (this.#changed.size === 0) return;
    this.#options.outbox.collect(this.#hooks, [...this.#changed]);
    this.#changed.clear(); // What could not be taken in is there still the next time.
  }

  /** Tells the hook all that is due, unless that is being done. */
  #tell(hook: Hook): void {
    if (this.#sending.has(hook.id)) return;
    const sending = this.#tellAll(hook)
      .catch((error: Error) => this.#trouble(error))
      .finally(() => {
        this.#sending.delete(hook.id);
        this.#sleep();
      });
    this.#sending.set(hook.id, sending);
  }

  async #tellAll({ id }: Hook): Promise<void> {
    const { outbox, log } = this.#options;
    for (;;) {
      const hook = this.#hooks.find((one) => one.id === id); // As it is defined now.
      const delivery = hook && outbox.claim(id);
      if (!delivery) return;
      const tried = await this.#send(hook, delivery);
      if (this.#stopped.signal.aborted) return; // Not known whether it was taken: told again.
      if (tried.ok) outbox.delivered(delivery.id);
      else {
        const next = outbox.failed(delivery, tried.error, tried.retry);
        log(
          `Hook ${id}: ${delivery.type} was not delivered: ${tried.error}${next === 'dead' ? '. It is given up' : ''}`,
        );
      }
    }
  }

  /** Until the next is due or was logged by another process; of hooks that are being told, their end wakes. */
  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted || this.#hooks.length === 0) return;
    const { outbox, clock } = this.#options;
    const ids = this.#hooks.map(({ id }) => id).filter((id) => !this.#sending.has(id));
    let next = Number.POSITIVE_INFINITY;
    this.#guarded(() => {
      next = outbox.nextAt(ids) ?? next;
    });
    const waitMs = this.#troubled ? LOOK_MS : Math.max(0, Math.min(LOOK_MS, next - clock.now()));
    this.#timer = setTimeout(() => {
      this.#troubled = false;
      this.#guarded(() => outbox.collectAll(this.#hooks));
      this.#wake();
    }, waitMs);
  }

  /** The database may be locked, or its disk full: that is for the next look. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#trouble(error as Error);
    }
  }

  #trouble({ message }: Error): void {
    this.#troubled = true;
    this.#options.log(`Hooks: ${message}`);
  }

  async #send(hook: Hook, { id, body }: Delivery): Promise<Tried> {
    const { clock, secret, fetch: send, timeoutMs = TIMEOUT_MS } = this.#options;
    const key = await secret(hook.id);
    if (key === undefined || !isUsableSecret(key)) {
      return { ok: false, error: 'the hook has no secret that can be used', retry: true };
    }
    try {
      const response = await send(hook.url, {
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
      const isSlow = (error as Error).name === 'TimeoutError';
      return { ok: false, error: isSlow ? `no answer within ${timeoutMs / 1000} s` : whyUnreached(error), retry: true };
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
  if (status === PROXY_WANTS_USER) return { ok: false, error: proxyWantsUser(), retry: true };
  return { ok: false, error: `answered ${status}`, retry: retryAfter(headers.get('retry-after'), now) ?? true };
}

/** Milliseconds from now, a day at most. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 86_400_000) : undefined;
}
