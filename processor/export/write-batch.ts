import { EVENT_COLUMNS, type Event } from '../../schema/event.js';
import { count } from '../counters.js';
import { DEAD_LETTER_COLUMNS, type DeadLetter } from './dead-letter.js';
import { createMonthOf } from './months.js';
import { RowBlock, type RowTarget } from './row-block.js';
import { createRowEncoder } from './row-encoder.js';
import { SpareBuffers } from './spare-buffers.js';

const EVENT_ROWS: RowTarget<Event> = {
  table: 'events',
  encoder: createRowEncoder<Event>(EVENT_COLUMNS, 'ingested_at'),
};

const DEAD_LETTER_ROWS: RowTarget<DeadLetter> = {
  table: 'dead_letters',
  encoder: createRowEncoder<DeadLetter>(DEAD_LETTER_COLUMNS),
};

/** A request that waits until its rows are stored. */
export interface BatchWaiter {
  /** The store will never take one of its rows, which is kept as a dead letter. */
  rowRefused(reason: string): void;
  batchStored(): void;
  batchFailed(error: Error): void;
}

const monthOf = createMonthOf();

/** Months of a batch that have an insert of their own. */
const MONTHS_APART = 3;

/** Rows of several requests that are stored together, encoded as they arrive. */
export class WriteBatch {
  /**
   * One insert each, by month, since the table is partitioned by it. Beyond the first few months by year: an insert a
   * month would take longer than a sender waits, and one over ten years longer than an insert may.
   */
  readonly months = new Map<number, RowBlock<Event, BatchWaiter>>();
  letters: RowBlock<DeadLetter, BatchWaiter> | undefined;
  /** How many events of each source, and dead letters of each source, this batch will have stored. */
  readonly sources = new Map<string, number>();
  readonly letterSources = new Map<string, number>();
  /** Every request with rows here; those that have brought all their rows wait. */
  readonly waiters: BatchWaiter[] = [];
  rows = 0;
  bytes = 0;
  readonly #spare: SpareBuffers;
  /** When the first request began to wait for it (`performance.now()`); undefined until then. */
  waitedSince: number | undefined;

  constructor(spare = new SpareBuffers(0, 0)) {
    this.#spare = spare;
  }

  /** Throws `RowEncodingError` and appends nothing if the event cannot be encoded. */
  addEvent(event: Event, waiter: BatchWaiter): void {
    const own = monthOf(event.ts);
    const month = this.months.has(own) || this.months.size < MONTHS_APART ? own : Math.floor(own / 100);
    let block = this.months.get(month);
    if (block === undefined) {
      block = new RowBlock(EVENT_ROWS, this.#spare.take());
      this.months.set(month, block);
    }
    this.bytes += block.append(event, waiter);
    this.rows += 1;
    count(this.sources, event.source);
  }

  /** Leaves its memory to other batches. Only for a batch that is stored: of one that is not, an insert may still be read. */
  recycle(): void {
    for (const block of this.months.values()) this.#spare.give(block.release());
  }

  addLetter(letter: DeadLetter, waiter: BatchWaiter): void {
    this.letters ??= new RowBlock(DEAD_LETTER_ROWS);
    this.bytes += this.letters.append(letter, waiter);
    this.rows += 1;
    count(this.letterSources, letter.source);
  }
}
