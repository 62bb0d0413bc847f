import { StoreRejectedError } from '../../schema/store/errors.js';
import type { RowBlock, RowTarget } from './row-block.js';

/** Inserts a body of `rows` encoded rows; throws as `Database.insertBinary` does. */
export type InsertRows = (target: RowTarget<never>, body: Buffer, rows: number) => Promise<void>;

/** A row that the store will never take, by its place in the block. */
export interface RefusedRow {
  readonly row: number;
  readonly reason: string;
}

// A batch of nothing but bad rows must end too: after this many inserts, what is left is refused unsplit.
const MAX_INSERTS = 200;
// Halves that keep failing although the rows are not at fault: no use in trying to the end.
const HOPELESS_INSERTS = 12;

/**
 * Stores a block, each insert stamped with its own time. If the store calls it permanently bad, it is halved
 * until the bad rows stand alone; those are returned and the rest is stored. A row is blamed only if another
 * row of the block could be stored or an insert without rows could be made: a missing table or a column of
 * another type is nobody's row's fault, and the `StoreRejectedError` is thrown. Throws whatever else `insert` throws.
 */
export async function storeBlock<Row, Owner>(
  block: RowBlock<Row, Owner>,
  insert: InsertRows,
): Promise<readonly RefusedRow[]> {
  // Breadth first: with one bad row the first level below already stores something.
  const ranges = [{ from: 0, to: block.rows }];
  const refused: { from: number; to: number; error: StoreRejectedError }[] = [];
  let stored = 0;
  for (let at = 0; at < ranges.length; at++) {
    const { from, to } = ranges[at] as { from: number; to: number };
    try {
      await insert(block.target, block.body(Date.now(), from, to), to - from);
      stored += to - from;
    } catch (error) {
      if (!(error instanceof StoreRejectedError)) throw error;
      if (stored === 0 && !error.rowsAtFault && at >= HOPELESS_INSERTS) throw error;
      if (to - from === 1 || at >= MAX_INSERTS) {
        refused.push({ from, to, error });
      } else {
        const middle = (from + to) >>> 1;
        ranges.push({ from, to: middle }, { from: middle, to });
      }
    }
  }
  if (stored === 0 && refused.length > 0) {
    const innocent = refused.find(({ error }) => !error.rowsAtFault);
    if (innocent) throw innocent.error;
    await insert(block.target, block.target.encoder.header, 0);
  }
  return refused.flatMap(({ from, to, error }) => {
    const reason = `the store refuses it: ${error.message}`;
    return Array.from({ length: to - from }, (_, i) => ({ row: from + i, reason }));
  });
}
