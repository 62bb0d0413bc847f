import { EVENT_COLUMNS } from '../../schema/event.js';
import { count } from '../counters.js';
import { deadLetter } from './dead-letter.js';
import { decodeTexts } from './row-decoder.js';
import { type InsertRows, storeBlock } from './store-block.js';
import type { WriteBatch } from './write-batch.js';

/**
 * Stores a batch, month by month; events that the store will never take become dead letters of the batch, which
 * are stored last. Resolves when all of it is stored; throws what `insert` throws, and then part of it may be.
 */
export async function storeBatch(batch: WriteBatch, insert: InsertRows): Promise<void> {
  for (const block of batch.months.values()) {
    for (const { row, reason } of await storeBlock(block, insert)) {
      const { tenant = '', source = '', raw: text = '' } = decodeTexts(EVENT_COLUMNS, block.row(row));
      const owner = block.ownerOf(row);
      owner.rowRefused(reason);
      count(batch.sources, source, -1);
      batch.addLetter(deadLetter({ tenant, source, path: '', reason, text }, Date.now()), owner);
    }
  }
  const { letters } = batch;
  if (letters !== undefined) {
    await insert(letters.target, letters.body(Date.now()), letters.rows);
  }
}
