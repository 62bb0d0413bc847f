import type { Event } from '../../schema/event.js';
import { type DeadLetter, deadLetter } from '../export/dead-letter.js';
import { RowEncodingError } from '../export/row-encoder.js';
import { storeBatch } from '../export/store-batch.js';
import type { InsertRows } from '../export/store-block.js';
import { type BatchWaiter, WriteBatch } from '../export/write-batch.js';

/** Rows that go to the store together, encoded as they come: what is emitted is not held as objects. */
export class QueuedBatch implements BatchWaiter {
  readonly #batch = new WriteBatch();
  /** When its first row came (`performance.now()`). */
  readonly since = performance.now();
  events = 0;
  letters = 0;
  bytes = 0;
  #refused = 0;

  get rows(): number {
    return this.events + this.letters;
  }

  /** An event that cannot be encoded becomes a dead letter. */
  event(event: Event): void {
    try {
      this.#batch.addEvent(event, this);
      this.events += 1;
      this.bytes = this.#batch.bytes;
    } catch (error) {
      if (!(error instanceof RowEncodingError)) throw error;
      const reason = `the event cannot be encoded: ${error.message}`;
      const { tenant, source, raw } = event;
      this.deadLetter(deadLetter({ tenant, source, path: '', reason, text: raw }, Date.now()));
    }
  }

  deadLetter(letter: DeadLetter): void {
    this.#batch.addLetter(letter, this);
    this.letters += 1;
    this.bytes = this.#batch.bytes;
  }

  /**
   * Stores the rows, those that the store will never take as dead letters; may be called again if it throws, since
   * ids make a row that comes twice harmless. Throws what `insert` throws.
   */
  async store(insert: InsertRows): Promise<{ readonly events: number; readonly letters: number }> {
    this.#refused = 0;
    await storeBatch(this.#batch, insert);
    return { events: this.events - this.#refused, letters: this.letters + this.#refused };
  }

  rowRefused(): void {
    this.#refused += 1;
  }

  batchStored(): void {}

  batchFailed(): void {}
}
