import type { Database } from '../../schema/store/database.js';
import { StoreUnavailableError } from '../../schema/store/errors.js';
import { countSource, type ProcessorCounts } from '../counters.js';
import { RetryLaterError } from '../receiver/retry-later-error.js';
import { BatchSize } from './batch-size.js';
import { CutOffInserts } from './cut-off-inserts.js';
import type { ExportLogger } from './export-logger.js';
import { InsertPace } from './insert-pace.js';
import { type BatchSink, PendingWrite } from './pending-write.js';
import { SpareBuffers } from './spare-buffers.js';
import { storeBatch } from './store-batch.js';
import type { InsertRows } from './store-block.js';
import { StoreHealth, type StoreHindrance } from './store-health.js';
import { createTimedInsert } from './timed-insert.js';
import { WriteBatch } from './write-batch.js';

export interface GroupCommitLimits {
  /** Log records and bytes of (unzipped) requests in flight; a request beyond is told to come later. */
  readonly queueRows: number;
  readonly queueBytes: number;
  /** Rows and encoded bytes of one batch, at most. */
  readonly batchRows: number;
  readonly batchBytes: number;
  /** Milliseconds that a request waits for others to share its insert, at most, while no insert runs. */
  readonly gatherMs: number;
  readonly insertTimeoutMs: number;
  /** A batch that could not be started for so many milliseconds is given back: its senders have given up. */
  readonly queueTimeoutMs: number;
}

/** About two seconds of the store's work: more would not be stored sooner, and hold memory meanwhile. */
const BATCHES_QUEUED = 4;

const DEFAULT_GROUP_COMMIT_LIMITS: GroupCommitLimits = {
  queueRows: 40_000,
  queueBytes: 32 * 1024 * 1024,
  batchRows: 20_000,
  batchBytes: 32 * 1024 * 1024,
  gatherMs: 200,
  insertTimeoutMs: 10_000,
  queueTimeoutMs: 15_000,
};

export interface GroupCommitOptions {
  readonly database: Database;
  readonly logger: ExportLogger;
  readonly counters: ProcessorCounts;
  readonly limits?: Partial<GroupCommitLimits>;
  /** Keeps requests out for as long as it has a reason: a guard of the disk. What has begun is stored all the same. */
  readonly hindrance?: StoreHindrance;
}

/** Stores requests in shared batches: what a request is told is stored, is. */
export interface EventWriter {
  /** False while the store is known not to take rows. */
  readonly canStore: boolean;
  /** Why, in words for a person; undefined while it can. */
  readonly cannotStoreBecause: string | undefined;
  /**
   * Makes room for a request of `rows` log records and `bytes` bytes.
   * Throws `RetryLaterError` if there is none, the store is down, or the writer is closing.
   */
  begin(rows: number, bytes: number): PendingWrite;
  /** Stores what is queued and ends. Requests that begin later are told to come again. */
  close(): Promise<void>;
}

export function createGroupCommit(options: GroupCommitOptions): EventWriter {
  return new GroupCommit(options);
}

class GroupCommit implements EventWriter, BatchSink {
  readonly #limits: GroupCommitLimits;
  readonly #counts: ProcessorCounts;
  readonly #health: StoreHealth;
  readonly #cutOff: CutOffInserts;
  readonly #size: BatchSize;
  readonly #insert: InsertRows;
  readonly #pace = new InsertPace(25, 5);
  // One insert at a time: two at once are smaller, and cost the engine a fifth more for each row.
  #running: Promise<void> | undefined;
  #full: WriteBatch[] = [];
  // As many as gather and are inserted at once.
  readonly #spare = new SpareBuffers(2, 16 * 1024 * 1024);
  #gathering = new WriteBatch(this.#spare);
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor({ database, logger, counters, limits, hindrance }: GroupCommitOptions) {
    this.#limits = { ...DEFAULT_GROUP_COMMIT_LIMITS, ...limits };
    this.#counts = counters;
    this.#cutOff = new CutOffInserts(database, logger);
    this.#health = new StoreHealth(database, logger, hindrance, () => this.#cutOff.repairSoon());
    this.#size = new BatchSize(this.#limits.batchRows);
    this.#insert = createTimedInsert(database, counters, this.#size, this.#limits.insertTimeoutMs);
  }

  get canStore(): boolean {
    return this.cannotStoreBecause === undefined;
  }

  get cannotStoreBecause(): string | undefined {
    return this.#health.reason;
  }

  begin(rows: number, bytes: number): PendingWrite {
    const refusal = this.#refusal(rows, bytes);
    if (refusal !== undefined) throw refusal;
    const { queue } = this.#counts;
    queue.rows += rows;
    queue.bytes += bytes;
    return new PendingWrite(this, { rows, bytes });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#schedule();
    while (this.#running) await this.#running;
    clearTimeout(this.#timer);
    this.#health.close();
    await this.#cutOff.close();
  }

  gathering(): WriteBatch {
    return this.#gathering;
  }

  grown(batch: WriteBatch): void {
    if (batch.rows < this.#size.rows && batch.bytes < this.#limits.batchBytes) return;
    this.#full.push(batch);
    this.#gatherAnew();
    this.#schedule();
  }

  waiting(batch: WriteBatch): void {
    if (batch !== this.#gathering || batch.waitedSince !== undefined) return;
    batch.waitedSince = performance.now();
    this.#timer = setTimeout(() => this.#schedule(), this.#limits.gatherMs);
    // Requests that came in the same turn of the event loop share the insert of an idle store.
    setImmediate(() => this.#schedule());
  }

  over({ reserved }: PendingWrite): void {
    this.#counts.queue.rows -= reserved.rows;
    this.#counts.queue.bytes -= reserved.bytes;
  }

  /** Why a request of so many records and bytes must not even try, if so. */
  #refusal(rows: number, bytes: number): RetryLaterError | undefined {
    if (this.#closing) {
      const standing = () => this.#refusal(0, 0);
      return new RetryLaterError('The service is shutting down.', 1, { reason: 'draining', standing });
    }
    const unable = this.#health.refusal();
    if (unable !== undefined) return unable;
    const { queue } = this.#counts;
    const { queueBytes } = this.#limits;
    const queueRows = Math.min(this.#limits.queueRows, BATCHES_QUEUED * this.#size.rows);
    // A request larger than the whole queue would never be taken otherwise.
    const idle = queue.rows === 0 && queue.bytes === 0;
    if (idle || (queue.rows + rows <= queueRows && queue.bytes + bytes <= queueBytes)) return undefined;
    // Others need not wait until there is room for an uncommonly large one.
    const [usualRows, usualBytes] = [Math.min(rows, queueRows / 8), Math.min(bytes, queueBytes / 8)];
    return new RetryLaterError(
      `The queue is full: ${queue.rows} records (${queue.bytes} bytes) wait to be stored.`,
      1,
      { reason: 'queue_full', standing: () => this.#refusal(usualRows, usualBytes) },
    );
  }

  #gatherAnew(): void {
    clearTimeout(this.#timer);
    this.#gathering = new WriteBatch(this.#spare);
  }

  #schedule(): void {
    if (this.#running) return;
    const batch = this.#full.shift() ?? this.#gatheredEnough();
    if (batch === undefined) return;
    this.#running = this.#store(batch).finally(() => {
      this.#running = undefined;
      this.#schedule();
    });
  }

  /** What is gathered, if someone waits for it and an insert may begin. */
  #gatheredEnough(): WriteBatch | undefined {
    const batch = this.#gathering;
    if (batch.waitedSince === undefined) return undefined;
    const waited = performance.now() - batch.waitedSince;
    // Timers may come a millisecond early.
    if (!this.#closing && waited < this.#limits.gatherMs - 1 && !this.#pace.take()) return undefined;
    this.#gatherAnew();
    return batch;
  }

  async #store(batch: WriteBatch): Promise<void> {
    const begun = Date.now();
    try {
      if (
        batch.waitedSince !== undefined &&
        performance.now() - batch.waitedSince > this.#limits.queueTimeoutMs
      ) {
        const message = 'The store is too slow: the request waited too long to be stored.';
        throw new RetryLaterError(message, 1, { reason: 'store_down' });
      }
      await storeBatch(batch, this.#insert);
    } catch (error) {
      if (error instanceof StoreUnavailableError) this.#cutOff.add(begun);
      this.#failed(batch, error as Error);
      return;
    }
    batch.recycle();
    this.#health.succeeded();
    const { accepted, deadLetters } = this.#counts;
    for (const [source, events] of batch.sources) countSource(accepted, source, events);
    for (const [source, letters] of batch.letterSources) countSource(deadLetters, source, letters);
    for (const waiter of batch.waiters) waiter.batchStored();
  }

  /** Whoever waits behind a failed insert would only wait for the next to fail: all are told to come again. */
  #failed(batch: WriteBatch, error: Error): void {
    this.#health.failed(error);
    const told = this.#health.told(error);
    const queued = [batch, ...this.#full, this.#gathering];
    this.#full = [];
    this.#gatherAnew();
    for (const { waiters } of queued) for (const waiter of waiters) waiter.batchFailed(told);
  }
}
