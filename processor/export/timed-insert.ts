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
    let late: NodeJS.Timeout | undefined;
    const abandoned = new Promise<never>((_, reject) => {
      late = setTimeout(() => {
        const error = new StoreUnavailableError(
          `an insert of ${rows} rows into ${target.table} took over ${timeoutMs} ms`,
        );
        size.abandoned();
        abandon.abort(error);
        reject(error);
      }, timeoutMs);
    });
    const start = performance.now();
    try {
      const insert = database.insertBinary(target.table, target.encoder.columnNames, body, {
        logComment: `processor/export ${target.table}`,
        settings: { max_execution_time: Math.ceil(timeoutMs / 1000) },
        signal: abandon.signal,
      });
      await Promise.race([insert, abandoned]);
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
