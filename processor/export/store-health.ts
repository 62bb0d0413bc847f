import type { Database } from '../../schema/store/database.js';
import { StoreRejectedError } from '../../schema/store/errors.js';
import { RetryLaterError, type RetryReason } from '../receiver/retry-later-error.js';
import type { ExportLogger } from './export-logger.js';

const PROBE_EVERY_MS = 250;
const PROBE_TIMEOUT_MS = 2_000;
// A store that answers but refuses every insert is not healed by a ping: one batch may try again after this.
const TRY_AGAIN_AFTER_MS = 1_000;
// It takes a person, but SDKs give up on a wait beyond their export's remaining time.
const HINDERED_RETRY_SECONDS = 2;

/** Something else that may keep events out, such as a disk that is nearly full. */
export interface StoreHindrance {
  /** Why nothing may be stored now, in words for a sender; undefined while nothing stands in the way. */
  readonly reason: string | undefined;
}

/** Knows whether the store takes rows, so that requests need not queue up to learn that it does not. */
export class StoreHealth {
  readonly #database: Database;
  readonly #logger: ExportLogger;
  readonly #hindrance: StoreHindrance | undefined;
  readonly #onHealed: () => void;
  #fault: Error | undefined;
  #failedAt = 0;
  #probe: NodeJS.Timeout | undefined;

  /** @param onHealed called whenever the store takes rows again */
  constructor(
    database: Database,
    logger: ExportLogger,
    hindrance: StoreHindrance | undefined,
    onHealed: () => void,
  ) {
    this.#database = database;
    this.#logger = logger;
    this.#hindrance = hindrance;
    this.#onHealed = onHealed;
  }

  /**
   * Why events cannot be stored: from the first insert that failed until the store answers again or takes one, and
   * while something else keeps them out.
   */
  get reason(): string | undefined {
    return (
      this.#hindrance?.reason ?? (this.#fault && `The store cannot take events now: ${this.#fault.message}`)
    );
  }

  /** Why a new request must not even try, if so. */
  refusal(): RetryLaterError | undefined {
    const hindered = this.#hindrance?.reason;
    if (hindered !== undefined) return this.#retryLater(hindered, 'disk_full', HINDERED_RETRY_SECONDS);
    if (this.#fault === undefined) return undefined;
    const refusing = this.#fault instanceof StoreRejectedError;
    if (refusing && performance.now() - this.#failedAt >= TRY_AGAIN_AFTER_MS) return undefined;
    return this.told(this.#fault);
  }

  /** What senders are told about a failure of the store. */
  told(error: Error): RetryLaterError {
    if (error instanceof RetryLaterError) return error;
    // Senders share a batch: what the store says of it is not for all of them, and it is in the log.
    const why = error instanceof StoreRejectedError ? `it refuses them (error ${error.code})` : error.message;
    return this.#retryLater(`The store cannot take events now: ${why}`, 'store_down', 1, error);
  }

  succeeded(): void {
    if (this.#fault === undefined) return;
    this.#logger.info({}, 'the store takes events again');
    this.#fault = undefined;
    this.close();
    this.#onHealed();
  }

  failed(error: Error): void {
    if (error instanceof StoreRejectedError) {
      this.#logger.error(
        { err: error },
        'the store refuses every event: check that the migrations of this version have run; senders are told to try again',
      );
    } else if (this.#fault === undefined) {
      this.#logger.warn(
        { err: error },
        'the store does not take events: senders are told to try again until it does',
      );
    }
    this.#fault = error;
    this.#failedAt = performance.now();
    if (!(error instanceof StoreRejectedError)) this.#probeSoon();
  }

  close(): void {
    clearTimeout(this.#probe);
    this.#probe = undefined;
  }

  #retryLater(message: string, reason: RetryReason, seconds: number, cause?: Error): RetryLaterError {
    return new RetryLaterError(message, seconds, { reason, cause, standing: () => this.refusal() });
  }

  async #answers(): Promise<boolean> {
    // Not `ping`, which waits for as long as any query may take: a store that hangs would be asked once a minute.
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    try {
      await this.#database.query('SELECT 1', {}, { signal, logComment: 'processor/export probe' });
      return true;
    } catch {
      return false;
    }
  }

  #probeSoon(): void {
    if (this.#probe !== undefined) return;
    const probe = setTimeout(async () => {
      const answers = await this.#answers();
      if (this.#probe !== probe) return;
      this.#probe = undefined;
      if (answers && !(this.#fault instanceof StoreRejectedError)) this.succeeded();
      else this.#probeSoon();
    }, PROBE_EVERY_MS);
    probe.unref();
    this.#probe = probe;
  }
}
