/**
 * Counts what may happen with every record and reports it now and then: the first soon, the next after a pause, and
 * never inside the call that counts. A report that emitted a log record would otherwise call itself.
 */
export class ThrottledCount<Kind extends string> {
  readonly #pauseMs: number;
  readonly #report: (kind: Kind, count: number) => void;
  readonly #unreported = new Map<Kind, number>();
  #reportedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(pauseMs: number, report: (kind: Kind, count: number) => void) {
    this.#pauseMs = pauseMs;
    this.#report = report;
  }

  add(kind: Kind, count = 1): void {
    if (count === 0) return;
    this.#unreported.set(kind, (this.#unreported.get(kind) ?? 0) + count);
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#reportedAt + this.#pauseMs - performance.now());
    this.#timer = setTimeout(() => this.flush(), wait);
    this.#timer.unref();
  }

  /** Reports now what is not reported yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reportedAt = performance.now();
    const counts = [...this.#unreported];
    this.#unreported.clear();
    for (const [kind, count] of counts) this.#report(kind, count);
  }
}
