import type { EventWriter } from '../../../processor/export/group-commit.js';
import { type BatchSink, PendingWrite } from '../../../processor/export/pending-write.js';
import { WriteBatch } from '../../../processor/export/write-batch.js';

/** The writer as far as the store's door: rows are encoded and stamped as they would be inserted, and forgotten. */
export class EncodingWriter implements EventWriter, BatchSink {
  readonly canStore = true;
  readonly cannotStoreBecause = undefined;
  #gathering = new WriteBatch();

  begin(rows: number, bytes: number): PendingWrite {
    return new PendingWrite(this, { rows, bytes });
  }

  gathering(): WriteBatch {
    return this.#gathering;
  }

  grown(): void {}

  waiting(batch: WriteBatch): void {
    this.#gathering = new WriteBatch();
    for (const block of batch.months.values()) block.body(Date.now());
    for (const waiter of batch.waiters) waiter.batchStored();
  }

  over(): void {}

  async close(): Promise<void> {}
}
