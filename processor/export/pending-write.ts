import type { Event } from '../../schema/event.js';
import { type DeadLetter, deadLetter } from './dead-letter.js';
import { RowEncodingError } from './row-encoder.js';
import type { BatchWaiter, WriteBatch } from './write-batch.js';

/** How many of a request's rows went to `dead_letters` because they could not be stored, and why the first. */
export interface RefusedRows {
  readonly refused: number;
  readonly reason: string;
}

/** Where a request's rows go; the group commit, seen from a request. */
export interface BatchSink {
  /** The batch that gathers rows now. */
  gathering(): WriteBatch;
  /** A row was added to the batch. */
  grown(batch: WriteBatch): void;
  /** A request has all its rows in this batch and those before it, and waits. */
  waiting(batch: WriteBatch): void;
  /** A request is over, one way or the other. */
  over(write: PendingWrite): void;
}

/**
 * One request's rows on their way to the store: hand them over in any number of steps, then `commit`, or
 * `abandon` if the request fails in between. Rows are encoded when they are handed over; nothing is kept of
 * the objects.
 */
export class PendingWrite implements BatchWaiter {
  /** What the request holds of the queue: log records and bytes. */
  readonly reserved: { readonly rows: number; readonly bytes: number };
  readonly #sink: BatchSink;
  #last: WriteBatch | undefined;
  #outstanding = 0;
  #refused = 0;
  #reason = '';
  #error: Error | undefined;
  #waiting: { resolve(refused: RefusedRows): void; reject(error: Error): void } | undefined;

  constructor(sink: BatchSink, reserved: { rows: number; bytes: number }) {
    this.#sink = sink;
    this.reserved = reserved;
  }

  /** An event that cannot be encoded becomes a dead letter. */
  event(event: Event): void {
    if (this.#error) return;
    const batch = this.#sink.gathering();
    try {
      batch.addEvent(event, this);
    } catch (error) {
      if (!(error instanceof RowEncodingError)) throw error;
      const reason = `the event cannot be encoded: ${error.message}`;
      const { tenant, source, raw } = event;
      this.rowRefused(reason);
      this.deadLetter(deadLetter({ tenant, source, path: '', reason, text: raw }, Date.now()));
      return;
    }
    this.#joined(batch);
  }

  deadLetter(letter: DeadLetter): void {
    if (this.#error) return;
    const batch = this.#sink.gathering();
    batch.addLetter(letter, this);
    this.#joined(batch);
  }

  /** Resolves once every row is stored; rejects with `RetryLaterError` if it is not known to be. Call it once. */
  commit(): Promise<RefusedRows> {
    if (this.#error === undefined && this.#last !== undefined && this.#outstanding > 0) {
      this.#sink.waiting(this.#last);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#settle();
    });
  }

  /** Gives the request's room in the queue back; rows already handed over may still be stored. */
  abandon(): void {
    this.#sink.over(this);
  }

  rowRefused(reason: string): void {
    if (this.#refused === 0) this.#reason = reason;
    this.#refused += 1;
  }

  batchStored(): void {
    this.#outstanding -= 1;
    this.#settle();
  }

  batchFailed(error: Error): void {
    this.#error ??= error;
    this.#settle();
  }

  #joined(batch: WriteBatch): void {
    if (batch !== this.#last) {
      this.#last = batch;
      this.#outstanding += 1;
      batch.waiters.push(this);
    }
    this.#sink.grown(batch);
  }

  #settle(): void {
    if (this.#waiting === undefined) return;
    const { resolve, reject } = this.#waiting;
    if (this.#error !== undefined) reject(this.#error);
    else if (this.#outstanding === 0) resolve({ refused: this.#refused, reason: this.#reason });
    else return;
    this.#waiting = undefined;
    this.#sink.over(this);
  }
}
