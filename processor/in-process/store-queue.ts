import type { Event } from '../../schema/event.js';
import type { Database } from '../../schema/store/database.js';
import { StoreUnavailableError } from '../../schema/store/errors.js';
import { assertSameKey, KeyMismatchError } from '../../schema/store/key-fingerprint.js';
import { ProcessorCounts } from '../counters.js';
import { BatchSize } from '../export/batch-size.js';
import { deadLetter, type Fault } from '../export/dead-letter.js';
import type { InsertRows } from '../export/store-block.js';
import { createTimedInsert } from '../export/timed-insert.js';
import { AwaitedRows } from './awaited-rows.js';
import { tell } from './diagnostics.js';
import { type DropReason, EventsNotStoredError } from './lost-events.js';
import { QueuedBatch } from './queued-batch.js';
import type { StoreQueueLimits } from './store-options.js';

export interface StoreQueueOptions {
  readonly database: Database;
  readonly key: string | Uint8Array;
  readonly limits: StoreQueueLimits;
  /** Told of rows that are lost; must not throw. */
  readonly dropped: (reason: DropReason, rows: number) => void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/**
 * Keeps events until the store has them: a bounded queue in front of the service's own encoder and inserts. Taking
 * an event encodes it and never waits; batches leave one after the other, by size or after a delay; one that the store
 * does not take stays first and is tried again.
 */
export class StoreQueue {
  readonly #database: Database;
  readonly #key: string | Buffer;
  readonly #limits: StoreQueueLimits;
  readonly #dropped: StoreQueueOptions['dropped'];
  readonly #size: BatchSize;
  readonly #insert: InsertRows;
  /** In the order in which they came; the last one still grows. */
  #batches: QueuedBatch[] = [];
  readonly #rows = new AwaitedRows();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #working = false;
  #closed = false;
  #keyIsKnown = false;
  #retryMs = FIRST_RETRY_MS;
  #fault: Error | undefined;
  storedEvents = 0;
  storedLetters = 0;

  constructor({ database, key, limits, dropped }: StoreQueueOptions) {
    this.#database = database;
    this.#key = typeof key === 'string' ? key : Buffer.from(key);
    this.#limits = limits;
    this.#dropped = dropped;
    this.#size = new BatchSize(limits.batchEvents);
    this.#insert = createTimedInsert(database, new ProcessorCounts(), this.#size, limits.insertTimeoutMillis);
  }

  /** Events and dead letters that the store does not have yet. */
  get queued(): number {
    return this.#rows.here;
  }

  event(event: Event): void {
    this.#take((batch) => batch.event(event));
  }

  /** `receivedAt`: milliseconds since the epoch. */
  fault(fault: Fault, receivedAt: number): void {
    this.#take((batch) => batch.deadLetter(deadLetter(fault, receivedAt)));
  }

  /**
   * Resolves once everything that waits now is stored.
   * @throws {EventsNotStoredError} after `timeoutMs`, and what waits goes on waiting; or when it is lost.
   */
  flush(timeoutMs: number): Promise<void> {
    const flushed = this.#rows.wait(timeoutMs, (rows) => {
      const cause =
        this.#fault ?? new StoreUnavailableError(`the store has not answered for ${timeoutMs} ms`);
      return new EventsNotStoredError(rows, cause);
    });
    this.#start();
    return flushed;
  }

  /** Flushes, gives up what the store has not taken after `timeoutMs`, and ends. Throws as `flush` does. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    try {
      await this.flush(timeoutMs);
    } finally {
      clearTimeout(this.#timer);
      this.#lose('shutdown');
      await this.#database.close();
    }
  }

  #take(add: (batch: QueuedBatch) => void): void {
    const reason = this.#reasonAgainst();
    if (reason !== undefined) {
      this.#dropped(reason, 1);
      return;
    }
    const batch = this.#growing();
    const { bytes } = batch;
    add(batch);
    this.#bytes += batch.bytes - bytes;
    this.#rows.came(1);
    if (this.#fault !== undefined) return;
    if (batch.rows >= this.#size.rows) this.#start();
    else this.#startIn(this.#limits.delayMillis);
  }

  #reasonAgainst(): DropReason | undefined {
    if (this.#fault instanceof KeyMismatchError) return 'key_mismatch';
    const { queueEvents, queueBytes } = this.#limits;
    return this.#rows.here >= queueEvents || this.#bytes >= queueBytes ? 'queue_full' : undefined;
  }

  /** The batch that takes the next row. The first of several is on its way, or will be. */
  #growing(): QueuedBatch {
    const last = this.#batches.at(-1);
    const isOpen =
      last !== undefined && last.rows < this.#size.rows && !(this.#working && this.#batches.length === 1);
    if (isOpen) return last;
    const batch = new QueuedBatch();
    this.#batches.push(batch);
    return batch;
  }

  #startIn(milliseconds: number): void {
    if (this.#timer !== undefined || this.#working) return;
    this.#timer = setTimeout(() => this.#start(), milliseconds);
    this.#timer.unref();
  }

  #start(): void {
    if (this.#working || this.#rows.here === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#working = true;
    void this.#work().finally(() => {
      this.#working = false;
      const [next] = this.#batches;
      if (next !== undefined) this.#startIn(this.#fault === undefined ? this.#waitOf(next) : this.#retryMs);
    });
  }

  /** Stores batch after batch, as long as there is one that is full, old or waited for. Never rejects. */
  async #work(): Promise<void> {
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#next()) {
      try {
        await this.#checkKey();
        const { events, letters } = await batch.store(this.#insert);
        this.storedEvents += events;
        this.storedLetters += letters;
      } catch (error) {
        this.#failed(error as Error);
        return;
      }
      this.#succeeded(batch);
    }
  }

  #next(): QueuedBatch | undefined {
    const batch = this.#batches[0];
    if (batch === undefined || this.#batches.length > 1 || this.#rows.isAwaited) return batch;
    return this.#waitOf(batch) === 0 ? batch : undefined;
  }

  /** Milliseconds that a batch may still wait for more. */
  #waitOf(batch: QueuedBatch): number {
    if (batch.rows >= this.#size.rows) return 0;
    return Math.max(0, batch.since + this.#limits.delayMillis - performance.now());
  }

  /** Two keys in one store would split sessions in silence. */
  async #checkKey(): Promise<void> {
    if (this.#keyIsKnown) return;
    await assertSameKey(this.#database, this.#key);
    this.#keyIsKnown = true;
  }

  #succeeded(batch: QueuedBatch): void {
    if (this.#fault !== undefined) tell('info', 'the store takes events again');
    this.#fault = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    // Given up by a shutdown in the meantime.
    if (this.#batches[0] !== batch) return;
    this.#batches.shift();
    this.#bytes -= batch.bytes;
    this.#rows.left(batch.rows);
  }

  #failed(error: Error): void {
    if (this.#closed && !this.#rows.isAwaited) return;
    const first = this.#fault === undefined;
    this.#fault = error;
    if (error instanceof KeyMismatchError) {
      tell('error', 'nothing is stored:', error);
      this.#rows.fail(new EventsNotStoredError(this.#rows.here, error));
      this.#lose('key_mismatch');
      return;
    }
    this.#retryMs = first ? FIRST_RETRY_MS : Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    if (first) tell('warn', 'the store does not take events; they wait, and it is tried again:', error);
  }

  #lose(reason: DropReason): void {
    const { here } = this.#rows;
    this.#batches = [];
    this.#bytes = 0;
    if (here > 0) this.#dropped(reason, here);
    this.#rows.left(here);
  }
}
