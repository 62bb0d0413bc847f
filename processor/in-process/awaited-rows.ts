/** Counts rows that come and leave in the same order, for those who wait until what is there has left. */
export class AwaitedRows {
  #came = 0;
  #left = 0;
  readonly #waits = new Set<{ readonly until: number; end(error?: Error): void }>();

  /** Rows that have come and not left. */
  get here(): number {
    return this.#came - this.#left;
  }

  /** Whether someone waits. */
  get isAwaited(): boolean {
    return this.#waits.size > 0;
  }

  came(rows: number): void {
    this.#came += rows;
  }

  left(rows: number): void {
    this.#left += rows;
    for (const wait of [...this.#waits]) if (wait.until <= this.#left) wait.end();
  }

  /** Ends everyone's wait with an error. */
  fail(error: Error): void {
    for (const wait of [...this.#waits]) wait.end(error);
  }

  /** Resolves when all rows that are here now have left; rejects with what `late` gives after `timeoutMs`. */
  wait(timeoutMs: number, late: (rows: number) => Error): Promise<void> {
    if (this.here === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const until = this.#came;
      // Not unref'd: a program that waits for this has a reason to go on.
      const timer = setTimeout(() => wait.end(late(until - this.#left)), timeoutMs);
      const wait = {
        until,
        end: (error?: Error) => {
          clearTimeout(timer);
          this.#waits.delete(wait);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.#waits.add(wait);
    });
  }
}
