import { setTimeout as delay } from 'node:timers/promises';
import type { ReadinessReport } from '../api/server.js';
import type { Database } from '../schema/store/database.js';

const pingPatienceMs = 2_000;
/** Probes come from several sides every few seconds; one ping serves those of this time. */
const pingGoodForMs = 500;

/** Whether the service can store and answer, for /readyz and metrics. */
export class Readiness {
  phase: 'starting' | 'ready' | 'draining' = 'starting';
  readonly #database: Database;
  /** Whether the store's process runs, by the one who started it: known before any ping fails. */
  readonly #storeRuns: () => boolean;
  /** Whether what is accepted can be stored, by the one who stores it. */
  readonly #canStore: () => boolean;
  #pinged: { at: number; answers: Promise<boolean> } | undefined;

  constructor(database: Database, storeRuns: () => boolean, canStore: () => boolean) {
    this.#database = database;
    this.#storeRuns = storeRuns;
    this.#canStore = canStore;
  }

  async report(): Promise<ReadinessReport> {
    if (this.phase === 'ready') {
      const reasons = [
        ...((await this.storeAnswers()) ? [] : ['the store does not answer']),
        ...(this.#canStore() ? [] : ['events cannot be stored']),
      ];
      return { status: reasons.length === 0 ? 'ready' : 'store-down', reasons };
    }
    const reason = this.phase === 'starting' ? 'the store is being prepared' : 'the service is ending';
    return { status: this.phase, reasons: [reason] };
  }

  async storeAnswers(): Promise<boolean> {
    if (!this.#storeRuns()) return false;
    const now = performance.now();
    if (this.#pinged === undefined || now - this.#pinged.at > pingGoodForMs) {
      const inTime = delay(pingPatienceMs, false, { ref: false });
      this.#pinged = { at: now, answers: Promise.race([this.#database.ping(), inTime]) };
    }
    return this.#pinged.answers;
  }
}
