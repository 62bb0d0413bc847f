import type { Database, StatementOptions } from './database.js';
import { onlyRows, type ViewTarget } from './view-target.js';

/** Times of arrival `(from, to]`, in milliseconds since 1970. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A table that views are fed from. */
export interface SourceTable {
  readonly table: string;
  /** The column, a `DateTime64(3)`, with the time of arrival. */
  readonly stamp: string;
}

/** Rows that are compared with a target at once: this bounds the memory that it takes. */
const ROWS_AT_ONCE = 100_000;
/** Beyond, the engine goes on on the disk. */
const MEMORY_BYTES = 256 * 1024 ** 2;
const MINUTE_MS = 60_000;

/** The rows of a source that arrived in some window, and what the targets of views have of them. */
export class SourceRows {
  readonly #database: Database;
  readonly #source: SourceTable;
  readonly #partitions: string;
  readonly #signal: AbortSignal | undefined;

  /** @param since only partitions are read that anything was inserted into since then: not those of years ago */
  static async touchedSince(
    database: Database,
    source: SourceTable,
    since: number,
    signal: AbortSignal | undefined,
  ): Promise<SourceRows> {
    const { rows } = await database.query<{ id: string }>(
      `SELECT DISTINCT partition_id AS id FROM system.parts
      WHERE database = currentDatabase() AND table = {table:String} AND active
        AND modification_time >= toDateTime({since:UInt32}, 'UTC')`,
      { table: source.table, since: Math.max(0, Math.floor(since / 1000)) },
    );
    const partitions = rows.map(({ id }) => `'${id}'`).join(', ') || "''";
    return new SourceRows(database, source, partitions, signal);
  }

  private constructor(
    database: Database,
    source: SourceTable,
    partitions: string,
    signal: AbortSignal | undefined,
  ) {
    this.#database = database;
    this.#source = source;
    this.#partitions = partitions;
    this.#signal = signal;
  }

  /** The window cut between minutes into pieces of few rows each; what has no rows is left out. */
  async slices(window: Range): Promise<Range[]> {
    const { table, stamp } = this.#source;
    const { rows } = await this.#database.query<{ minute: number; rows: number }>(
      `SELECT intDiv(toUnixTimestamp64Milli(${stamp}), ${MINUTE_MS}) AS minute, count() AS rows
      FROM ${table} WHERE ${this.#arrivedIn(window)} GROUP BY minute ORDER BY minute`,
    );
    const slices: (Range & { rows: number })[] = [];
    for (const { minute, rows: count } of rows) {
      const from = Math.max(minute * MINUTE_MS - 1, window.from);
      const to = Math.min((minute + 1) * MINUTE_MS - 1, window.to);
      const last = slices.at(-1);
      if (last === undefined || last.rows + count > ROWS_AT_ONCE) slices.push({ from, to, rows: count });
      else slices[slices.length - 1] = { from: last.from, to, rows: last.rows + count };
    }
    return slices;
  }

  /** The least part of a slice with all that a target lacks of it; undefined if it lacks nothing. */
  async lackedBy(target: ViewTarget, slice: Range): Promise<Range | undefined> {
    if (!(await this.#lacks(target, slice))) return undefined;
    const stamps = await this.#stampsIn(slice);
    const stamp = (index: number): number => stamps[index] ?? slice.from;
    // What is lacking from a range is lacking from every larger one: both ends are found by halving.
    const first = await leastWhere(0, stamps.length - 1, (end) =>
      this.#lacks(target, { from: slice.from, to: stamp(end) }),
    );
    const last = await leastWhere(
      first,
      stamps.length - 1,
      async (start) => !(await this.#lacks(target, { from: stamp(start), to: slice.to })),
    );
    return { from: stamp(first) - 1, to: stamp(last) };
  }

  /** Gives a target all that its view makes of a range. */
  async feed({ view, feed }: ViewTarget, range: Range): Promise<void> {
    await this.#database.command(feed, {}, this.#seeing(range, view));
  }

  async count(range: Range): Promise<number> {
    const { rows } = await this.#database.query<{ count: number }>(
      `SELECT count() AS count FROM ${this.#source.table} WHERE ${this.#arrivedIn(range)}`,
    );
    return rows[0]?.count ?? 0;
  }

  async #lacks({ view, isBehind }: ViewTarget, range: Range): Promise<boolean> {
    if (range.from >= range.to) return false;
    const { rows } = await this.#database.query(isBehind, {}, this.#seeing(range, view));
    return rows.length > 0;
  }

  async #stampsIn(range: Range): Promise<number[]> {
    const { table, stamp } = this.#source;
    const { rows } = await this.#database.query<{ time: number }>(
      `SELECT DISTINCT toUnixTimestamp64Milli(${stamp}) AS time
      FROM ${table} WHERE ${this.#arrivedIn(range)} ORDER BY time`,
    );
    return rows.map(({ time }) => time);
  }

  #arrivedIn(range: Range): string {
    return `_partition_id IN (${this.#partitions}) AND ${arrivedIn(this.#source.stamp, range)}`;
  }

  /** Lets a view's statement see the rows of a range, and as arrivals what can have come of them. */
  #seeing(range: Range, view: string): StatementOptions {
    const arrivals = arrivedIn('ingested_at', { from: range.from, to: Number.POSITIVE_INFINITY });
    return {
      logComment: `schema/store repair ${view}`,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      settings: {
        ...onlyRows(this.#database, { [this.#source.table]: this.#arrivedIn(range), arrivals }),
        max_bytes_before_external_group_by: String(MEMORY_BYTES),
        use_query_condition_cache: 0,
      },
    };
  }
}

function arrivedIn(column: string, { from, to }: Range): string {
  const time = (milliseconds: number): string =>
    `fromUnixTimestamp64Milli(${Math.trunc(milliseconds)}, 'UTC')`;
  const after = `${column} > ${time(from)}`;
  return to === Number.POSITIVE_INFINITY ? after : `${after} AND ${column} <= ${time(to)}`;
}

/** The least whole number in `[low, high]` for which the condition holds, given that it holds for all above it. */
async function leastWhere(
  low: number,
  high: number,
  holds: (value: number) => Promise<boolean>,
): Promise<number> {
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
