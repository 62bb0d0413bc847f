import type { Database } from '../store/database.js';

const HOUR_MS = 3_600_000;

/**
 * Up to when arrivals may be dropped once the scheduler's cursor stands at `cursor`: whole hours, and an hour stays
 * behind the cursor, since rows may show below it for some minutes. Both in milliseconds since 1970.
 */
export function judgedArrivalsEnd(cursor: number): number {
  return Math.floor((cursor - HOUR_MS) / HOUR_MS) * HOUR_MS;
}

/**
 * Drops the hours of `arrivals` that have been judged, each at once with its partition.
 * @param cursor up to when everything is judged, in milliseconds since 1970
 * @returns how many hours were dropped
 */
export async function dropJudgedArrivals(database: Database, cursor: number): Promise<number> {
  // The id of a partition by DateTime is its seconds since 1970.
  const { rows } = await database.query<{ id: string }>(
    `SELECT DISTINCT partition_id AS id FROM system.parts
    WHERE database = currentDatabase() AND table = 'arrivals' AND active
      AND toInt64(partition_id) * 1000 < {end:Int64}`,
    { end: judgedArrivalsEnd(cursor) },
  );
  for (const { id } of rows) await database.command(`ALTER TABLE arrivals DROP PARTITION ID '${id}'`);
  return rows.length;
}
