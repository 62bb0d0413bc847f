const MOST_REQUESTS = 32;
const MOST_RECORDS = 4_000;

/** Work under way at once, bounded in requests and records: few large requests or many small ones. */
export class InFlight {
  readonly #running = new Set<Promise<void>>();
  #records = 0;
  #error: Error | undefined;

  /** Starts the work once there is room for it. Rejects with the first error of any work, then starts nothing. */
  async start(records: number, work: () => Promise<void>): Promise<void> {
    while (
      this.#running.size >= MOST_REQUESTS ||
      (this.#running.size > 0 && this.#records + records > MOST_RECORDS)
    ) {
      await Promise.race(this.#running);
    }
    if (this.#error) throw this.#error;
    this.#records += records;
    const run = work()
      .catch((error: Error) => {
        this.#error ??= error;
      })
      .then(() => {
        this.#running.delete(run);
        this.#records -= records;
      });
    this.#running.add(run);
  }

  /** Resolves when all work has ended; rejects with the first error. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#error) throw this.#error;
  }
}
