/**
 * How often a small batch may go to an idle store at once. A single request should not wait, but each insert
 * leaves a part in a dozen tables, and a stream of small requests would leave more than the store can merge:
 * after a burst, a few a second may go and the others gather.
 */
export class InsertPace {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #refilledAt = performance.now();

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
  }

  /** Takes one insert of those allowed; false if there is none now. */
  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#refilledAt) / 1000) * this.#perSecond);
    this.#refilledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
