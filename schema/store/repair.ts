import { judgedArrivalsEnd } from '../detection/judged-arrivals.js';
import type { Database } from './database.js';
import { onlyRows, type ViewTarget, viewTargetsOf } from './view-target.js';

/** Times of arrival `(from, to]`, in milliseconds since 1970. */
interface Range {
  readonly from: number;
  readonly to: number;
}

export interface RepairOptions {
  /** Rows that arrived after this are looked at, or since the last repair where that is later; milliseconds since 1970. */
  readonly since: number;
  /**
   * Up to when; now by default. While others insert, leave out the last minute: an insert under way looks like one
   * that was cut off, and would be fed once more for nothing.
   */
  readonly until?: number;
  /** Ends it early: what was fed by then is kept, the rest is found again by the next repair. */
  readonly signal?: AbortSignal;
}

/** The tables with views that must not be behind, and their columns with the time of arrival. */
const SOURCES = [
  { table: 'events', stamp: 'ingested_at' },
  { table: 'finding_revisions', stamp: 'revised_at' },
] as const;

/** Rows that are compared with the targets at once: this bounds the memory that it takes. */
const ROWS_AT_ONCE = 100_000;
/** Beyond, the engine goes on on the disk. */
const MEMORY_BYTES = 256 * 1024 ** 2;
/** Stamps are given before an insert begins: a row may show so much later than its stamp says. */
const COMMIT_WINDOW_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
const CHECKED = 'view_targets_checked_until';

/**
 * Brings the targets of views up to date. An insert that is cut off, by a crash or because it was abandoned, may
 * leave rows in `events` (or `finding_revisions`) of which some views have seen nothing. Those views' targets are
 * given what they lack, and the sessions are judged again. Call it at start, before anything is judged, and after
 * the store has been down. Where nothing is missing it only reads, in slices of a bounded number of rows.
 * @returns how many rows had been missing somewhere
 * @throws StoreUnavailableError, StoreRejectedError, or the signal's reason
 */
export async function repairViewTargets(
  database: Database,
  { since, until = Date.now(), signal }: RepairOptions,
): Promise<{ fed: number }> {
  const from = Math.max(since, await checkedUntil(database));
  let fed = 0;
  for (const { table, stamp } of SOURCES) {
    fed += await new SourceTable(database, table, stamp, signal).repair({ from, to: until });
  }
  const value = String(Math.trunc(until - COMMIT_WINDOW_MS));
  await database.insertRows('store_facts', [{ name: CHECKED, value, set_at: storeTime(Date.now()) }]);
  return { fed };
}

async function checkedUntil(database: Database): Promise<number> {
  const { rows } = await database.query<{ value: string }>(
    'SELECT argMax(value, set_at) AS value FROM store_facts WHERE name = {name:String} HAVING count() > 0',
    { name: CHECKED },
  );
  return Number(rows[0]?.value ?? 0);
}

async function arrivalsKeptSince(database: Database): Promise<number> {
  const { rows } = await database.query<{ position: number }>(
    `SELECT toUnixTimestamp64Milli(max(position)) AS position
    FROM (SELECT name, argMax(position, version) AS position FROM cursors GROUP BY name) HAVING count() > 0`,
  );
  return judgedArrivalsEnd(rows[0]?.position ?? 0);
}

class SourceTable {
  readonly #database: Database;
  readonly #table: string;
  readonly #stamp: string;
  readonly #signal: AbortSignal | undefined;
  #partitions = '';

  constructor(database: Database, table: string, stamp: string, signal: AbortSignal | undefined) {
    this.#database = database;
    this.#table = table;
    this.#stamp = stamp;
    this.#signal = signal;
  }

  /** @returns how many rows of the window some target lacked */
  async repair(window: Range): Promise<number> {
    const slices = await this.#slices(window);
    if (slices.length === 0) return 0;
    const targets = await viewTargetsOf(this.#database, this.#table, this.#stamp);
    const keptSince = await arrivalsKeptSince(this.#database);
    let fed = 0;
    for (const slice of slices) fed += await this.#repairSlice(targets, slice, keptSince);
    return fed;
  }

  async #repairSlice(targets: readonly ViewTarget[], slice: Range, keptSince: number): Promise<number> {
    const late: ViewTarget[] = [];
    const missing: Range[] = [];
    for (const target of targets) {
      // Arrivals that were judged have been dropped: they are not missing.
      const from = target.byArrival ? Math.max(slice.from, keptSince) : slice.from;
      const lacks = from < slice.to ? await this.#lackedBy(target, { from, to: slice.to }) : undefined;
      if (lacks === undefined) continue;
      missing.push(lacks);
      late.push(target);
    }
    if (missing.length === 0) return 0;
    const range = {
      from: Math.min(...missing.map(({ from }) => from)),
      to: Math.max(...missing.map(({ to }) => to)),
    };
    // Arrivals last and always: whoever reads them then finds the rest, and judges again what was judged without it.
    const feeding = [
      ...late.filter(({ byArrival }) => !byArrival),
      ...targets.filter((target) => target.byArrival),
    ];
    for (const { view, feed } of feeding) {
      await this.#database.command(feed, {}, this.#onRows(range, view));
    }
    return await this.#count(range);
  }

  /** The window cut between minutes into pieces of few rows each; what has no rows is left out. */
  async #slices(window: Range): Promise<Range[]> {
    this.#partitions = await this.#partitionsTouchedSince(window.from);
    if (this.#partitions === '') return [];
    const { rows } = await this.#database.query<{ minute: number; rows: number }>(
      `SELECT intDiv(toUnixTimestamp64Milli(${this.#stamp}), ${MINUTE_MS}) AS minute, count() AS rows
      FROM ${this.#table} WHERE ${this.#arrivedIn(window)} GROUP BY minute ORDER BY minute`,
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
  async #lackedBy(target: ViewTarget, { from, to }: Range): Promise<Range | undefined> {
    if (!(await this.#lacks(target, { from, to }))) return undefined;
    // What is lacking from a range is lacking from every larger one: both ends are found by halving.
    const first = await leastWhere(from + 1, to, (end) => this.#lacks(target, { from, to: end }));
    const last = await leastWhere(
      first,
      to,
      async (start) => !(await this.#lacks(target, { from: start, to })),
    );
    return { from: first - 1, to: last };
  }

  async #lacks({ view, isBehind }: ViewTarget, range: Range): Promise<boolean> {
    const { rows } = await this.#database.query(isBehind, {}, this.#onRows(range, view));
    return rows.length > 0;
  }

  async #count(range: Range): Promise<number> {
    const { rows } = await this.#database.query<{ count: number }>(
      `SELECT count() AS count FROM ${this.#table} WHERE ${this.#arrivedIn(range)}`,
    );
    return rows[0]?.count ?? 0;
  }

  /** The partitions that anything was inserted into since a time: those of years ago are not read. */
  async #partitionsTouchedSince(since: number): Promise<string> {
    const { rows } = await this.#database.query<{ id: string }>(
      `SELECT DISTINCT partition_id AS id FROM system.parts
      WHERE database = currentDatabase() AND table = {table:String} AND active
        AND modification_time >= toDateTime({since:UInt32}, 'UTC')`,
      { table: this.#table, since: Math.max(0, Math.floor(since / 1000)) },
    );
    return rows.map(({ id }) => `'${id}'`).join(', ');
  }

  #arrivedIn({ from, to }: Range): string {
    const [after, upTo] = [from, to].map((time) => `fromUnixTimestamp64Milli(${Math.trunc(time)}, 'UTC')`);
    return `_partition_id IN (${this.#partitions}) AND ${this.#stamp} > ${after} AND ${this.#stamp} <= ${upTo}`;
  }

  #onRows(range: Range, view: string) {
    const arrivals = `ingested_at > fromUnixTimestamp64Milli(${Math.trunc(range.from)}, 'UTC')`;
    return {
      logComment: `schema/store repair ${view}`,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      settings: {
        ...onlyRows(this.#database, { [this.#table]: this.#arrivedIn(range), arrivals }),
        max_bytes_before_external_group_by: String(MEMORY_BYTES),
        use_query_condition_cache: 0,
      } as const,
    };
  }
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

/** As ClickHouse reads a `DateTime64(3, 'UTC')`. */
function storeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
