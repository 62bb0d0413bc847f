import type { Database } from '../../schema/store/database.js';
import { StoreUnavailableError } from '../../schema/store/errors.js';
import { repairViewTargets } from '../../schema/store/repair.js';
import type { ExportLogger } from './export-logger.js';

// The store may need a moment to notice that nobody waits for an insert any more.
const SETTLED_AFTER_MS = 1_000;

/**
 * Inserts whose end nobody saw: the store was killed, or they took too long. Their rows may be in `events` and only
 * in some of its views, and a sender that does not come again would leave them so.
 */
export class CutOffInserts {
  readonly #database: Database;
  readonly #logger: ExportLogger;
  readonly #ending = new AbortController();
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #repair = Promise.resolve();

  constructor(database: Database, logger: ExportLogger) {
    this.#database = database;
    this.#logger = logger;
  }

  /** An insert that began at `begun` (milliseconds since 1970) or later was cut off. */
  add(begun: number): void {
    this.#since = Math.min(this.#since ?? begun, begun);
  }

  /** Gives the views what they lack, soon. Call it whenever the store is there again; where nothing was cut off it does nothing. */
  repairSoon(): void {
    if (this.#since === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#repair = this.#repair.then(() => this.#repairNow());
    }, SETTLED_AFTER_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.#repair;
  }

  async #repairNow(): Promise<void> {
    const since = this.#since;
    if (since === undefined) return;
    this.#since = undefined;
    const until = Date.now() - SETTLED_AFTER_MS;
    const { signal } = this.#ending;
    try {
      const { fed } = await repairViewTargets(this.#database, { since: since - 1, until, signal });
      if (fed > 0) this.#logger.info({ fed }, 'events of an insert that was cut off were given to all views');
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof StoreUnavailableError) this.add(since);
      this.#logger.warn({ err: error }, 'views may lack events of an insert that was cut off');
    }
  }
}
