import type { ExportLogger } from '../export/export-logger.js';

const QUIET_MS = 10_000;

/** Says in the log that records were refused for good, at most once in 10 s: it may happen to every request. */
export class RefusalLog {
  readonly #logger: ExportLogger;
  readonly #destination: string;
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(logger: ExportLogger, destination: string) {
    this.#logger = logger;
    this.#destination = destination;
  }

  add(records: number, reason: string): void {
    this.#unsaid += records;
    const now = performance.now();
    if (now - this.#saidAt < QUIET_MS) return;
    this.#saidAt = now;
    this.#logger.warn(
      { destination: this.#destination, records: this.#unsaid, reason },
      'the next receiver refuses records for good; they do not reach it',
    );
    this.#unsaid = 0;
  }
}
