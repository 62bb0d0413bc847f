import { setTimeout as delay } from 'node:timers/promises';
import type { ReadinessReport } from '../api/server.js';
import type { Database } from '../schema/store/database.js';

const pingPatienceMs = 2_000;
/** Probes come from several sides every few seconds; one ping serves those of this time. */
const pingGoodForMs = 500;
/** Judging runs every 5 s. */
const cursorIsBehindMs = 60_000;
/** The disk is low below so many times what must stay free. */
const lowDiskTimes = 2;

/** What readiness is made of; a part that does not run here says undefined. */
export interface ReadinessSources {
  /** Undefined where nothing is stored. */
  readonly database: Database | undefined;
  /** Whether the store's process runs, by the one who started it: known before any ping fails. */
  storeRuns(): boolean;
  /** Room on the disk of the embedded store. */
  disk():
    | { reason: string | undefined; freeBytes: number | undefined; minimumFreeBytes: number | undefined }
    | undefined;
  processor(): { cannotStoreBecause: string | undefined; canForward: boolean } | undefined;
  scheduler(): { cursorLagMs: number | undefined; lastError: string | undefined } | undefined;
}

/** Whether the service can store and answer, for /readyz and metrics. */
export class Readiness {
  phase: 'starting' | 'ready' | 'draining' = 'starting';
  readonly #sources: ReadinessSources;
  #pinged: { at: number; answers: Promise<boolean> } | undefined;

  constructor(sources: ReadinessSources) {
    this.#sources = sources;
  }

  async report(): Promise<ReadinessReport> {
    if (this.phase === 'starting') {
      return { status: 'starting', reasons: ['the service is being prepared'] };
    }
    if (this.phase === 'draining') return { status: 'draining', reasons: ['the service is ending'] };
    const full = this.#sources.disk()?.reason;
    if (full !== undefined) return { status: 'disk-full', reasons: [full] };
    const down = await this.#storeFaults();
    if (down.length > 0) return { status: 'store-down', reasons: down };
    const reasons = this.#weaknesses();
    return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
  }

  /** Undefined where nothing is stored. */
  async storeAnswers(): Promise<boolean | undefined> {
    const { database } = this.#sources;
    if (database === undefined) return undefined;
    if (!this.#sources.storeRuns()) return false;
    const now = performance.now();
    if (this.#pinged === undefined || now - this.#pinged.at > pingGoodForMs) {
      const inTime = delay(pingPatienceMs, false, { ref: false });
      this.#pinged = { at: now, answers: Promise.race([database.ping(), inTime]) };
    }
    return this.#pinged.answers;
  }

  async #storeFaults(): Promise<string[]> {
    const cannotStore = this.#sources.processor()?.cannotStoreBecause;
    return [
      ...((await this.storeAnswers()) === false ? ['the store does not answer'] : []),
      ...(cannotStore === undefined ? [] : [`events cannot be stored: ${cannotStore}`]),
    ];
  }

  /** What is wrong although it stores and answers: somebody should look, no balancer should turn away. */
  #weaknesses(): string[] {
    const reasons: string[] = [];
    const { cursorLagMs = 0, lastError } = this.#sources.scheduler() ?? {};
    if (cursorLagMs > cursorIsBehindMs) {
      reasons.push(`judging is ${Math.round(cursorLagMs / 1000)} s behind`);
    }
    if (lastError !== undefined) reasons.push(`the last run of judging failed: ${lastError}`);
    const { freeBytes, minimumFreeBytes } = this.#sources.disk() ?? {};
    if (freeBytes !== undefined && freeBytes < lowDiskTimes * (minimumFreeBytes ?? 0)) {
      reasons.push(
        `the disk is low: ${inMib(freeBytes)} are free, below ${inMib(minimumFreeBytes)} nothing is stored`,
      );
    }
    if (this.#sources.processor()?.canForward === false) {
      reasons.push('the next receiver does not take records: senders are told to send again');
    }
    return reasons;
  }
}

function inMib(bytes = 0): string {
  return `${Math.floor(bytes / 1024 ** 2)} MiB`;
}
