import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from './schema/store/database.js';

export type Phase = 'starting' | 'ready' | 'draining';

const pingPatienceMs = 2_000;
/** Probes come from several sides every few seconds; one ping serves those of this time. */
const pingGoodForMs = 500;

/** Whether the service can store and answer, for /readyz and metrics. */
export class Readiness {
  phase: Phase = 'starting';
  readonly #database: Database;
  /** What else has to be so for storing to work, asked each time. */
  readonly #canStore: () => boolean;
  #pinged: { at: number; answers: Promise<boolean> } | undefined;

  constructor(database: Database, canStore: () => boolean) {
    this.#database = database;
    this.#canStore = canStore;
  }

  /** Why not, in words for the body of a 503; undefined = ready. */
  async reasonAgainst(): Promise<string | undefined> {
    if (this.phase !== 'ready') return this.phase;
    return (await this.storeAnswers()) && this.#canStore() ? undefined : 'store down';
  }

  storeAnswers(): Promise<boolean> {
    const now = performance.now();
    if (this.#pinged === undefined || now - this.#pinged.at > pingGoodForMs) {
      const inTime = delay(pingPatienceMs, false, { ref: false });
      this.#pinged = { at: now, answers: Promise.race([this.#database.ping(), inTime]) };
    }
    return this.#pinged.answers;
  }
}
