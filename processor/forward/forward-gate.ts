import { RetryLaterError } from '../receiver/retry-later-error.js';
import type { ForwardLimits } from './forward-options.js';

// Of what senders are told: SDKs give up on a wait that is longer than what is left of their export's 10 s.
const MOST_SECONDS_TOLD = 5;

export type GateLimits = Pick<
  ForwardLimits,
  'concurrency' | 'queueTimeoutMs' | 'firstBackoffMs' | 'mostBackoffMs' | 'mostRetryAfterMs'
>;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timeout: NodeJS.Timeout;
}

/**
 * Lets requests to one destination through: so many at once; none for a while after a failure; and then one alone, until
 * one is answered. Who is not let through is told to come later.
 */
export class ForwardGate {
  readonly #limits: GateLimits;
  #inside = 0;
  readonly #waiting: Waiter[] = [];
  /** In a row. */
  #failures = 0;
  /** By `performance.now()`. */
  #closedUntil = 0;
  #lastFault = '';
  #shut: (() => void) | undefined;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Why a request must not even try now, if so. */
  refusal(): RetryLaterError | undefined {
    if (this.#shut !== undefined) {
      return new RetryLaterError('The service is shutting down.', 1, { reason: 'draining' });
    }
    const ms = this.#closedUntil - performance.now();
    if (ms <= 0) return undefined;
    const seconds = Math.min(MOST_SECONDS_TOLD, Math.max(1, ms / 1000));
    const message = `The next receiver cannot take records now: ${this.#lastFault}`;
    return new RetryLaterError(message, seconds, { reason: 'next_receiver' });
  }

  /** Resolves when it is a request's turn, which must {@link ForwardGate.leave}. Rejects with a RetryLaterError. */
  enter(): Promise<void> {
    const refusal = this.refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.#inside < this.#capacity) {
      this.#inside += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        const message = 'The next receiver is too slow: the request waited too long for its turn.';
        reject(new RetryLaterError(message, 1, { reason: 'next_receiver' }));
      }, this.#limits.queueTimeoutMs);
      const waiter = { resolve, reject, timeout };
      this.#waiting.push(waiter);
    });
  }

  leave(): void {
    this.#inside -= 1;
    while (this.#waiting.length > 0 && this.#inside < this.#capacity) {
      const { resolve, timeout } = this.#waiting.shift() as Waiter;
      clearTimeout(timeout);
      this.#inside += 1;
      resolve();
    }
    if (this.#inside === 0) this.#shut?.();
  }

  /** The destination answered, whatever it said. Gives whether it had not before. */
  answered(): boolean {
    const wasAway = this.#failures > 0;
    this.#failures = 0;
    this.#closedUntil = 0;
    return wasAway;
  }

  /**
   * It took nothing for now, and asks to be left alone for `afterMs`. Whoever waits for a turn would only wait for the
   * next failure: all are told to come later. Gives whether it is the first failure in a row.
   */
  failed(fault: string, afterMs: number): boolean {
    const now = performance.now();
    const { mostRetryAfterMs } = this.#limits;
    // Requests that were on their way together fail together, which is one failure.
    const isNew = now >= this.#closedUntil;
    if (isNew) {
      this.#failures += 1;
      this.#closedUntil = now + backoffMs(this.#failures, this.#limits, Math.random());
    }
    this.#lastFault = fault;
    this.#closedUntil = Math.max(this.#closedUntil, now + Math.min(afterMs, mostRetryAfterMs));
    this.#turnAway();
    return isNew && this.#failures === 1;
  }

  /** Lets nobody in any more; resolves when nobody is inside. */
  shut(): Promise<void> {
    return new Promise((resolve) => {
      this.#shut = resolve;
      this.#turnAway();
      if (this.#inside === 0) resolve();
    });
  }

  get #capacity(): number {
    return this.#failures > 0 ? 1 : this.#limits.concurrency;
  }

  #turnAway(): void {
    for (const { reject, timeout } of this.#waiting.splice(0)) {
      clearTimeout(timeout);
      reject(this.refusal() as RetryLaterError);
    }
  }
}

/**
 * How long to leave a destination alone after so many failures in a row: doubled with each, up to the most, and less by up
 * to half of it at random, so that several senders do not come back at once. `random` is in [0, 1).
 */
export function backoffMs(
  failures: number,
  { firstBackoffMs, mostBackoffMs }: Pick<GateLimits, 'firstBackoffMs' | 'mostBackoffMs'>,
  random: number,
): number {
  const full = Math.min(mostBackoffMs, firstBackoffMs * 2 ** (failures - 1));
  return full * (1 - random / 2);
}
