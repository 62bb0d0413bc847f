import type { Database } from '../../schema/store/database.js';
import { StoreUnavailableError } from '../../schema/store/errors.js';
import type { ProcessorCounts } from '../counters.js';
import type { BatchSize } from './batch-size.js';
import type { InsertRows } from './store-block.js';

/**
 * Inserts that are abandoned after `timeoutMs`: rows are stamped when their insert begins, and whoever reads
 * behind the stamps counts on nothing older coming in. Counts what it does and teaches `size`.
 */
export function createTimedInsert(
  database: Database,
  counts: ProcessorCounts,
  size: BatchSize,
  timeoutMs: number,
): InsertRows {
  return async (target, body, rows) => {
    const abandon = new AbortController();
    const late = setTimeout(() => {
      size.abandoned();
      abandon.abort(
        new StoreUnavailableError(`an insert of ${rows} rows into ${target.table} took over ${timeoutMs} ms`),
      );
    }, timeoutMs);
    const start = performance.now();
    try {
      await database.insertBinary(target.table, target.encoder.columnNames, body, {
        logComment: `processor/export ${target.table}`,
        settings: { max_execution_time: Math.ceil(timeoutMs / 1000) },
        signal: abandon.signal,
      });
    } catch (error) {
      counts.inserts.failed += 1;
      throw error;
    } finally {
      clearTimeout(late);
    }
    const seconds = (performance.now() - start) / 1000;
    counts.inserted(rows, body.length, seconds);
    size.inserted(rows, seconds);
  };
}
