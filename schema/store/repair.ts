import { judgedArrivalsEnd } from '../detection/judged-arrivals.js';
import type { Database } from './database.js';
import { type Range, SourceRows, type SourceTable } from './source-rows.js';
import { type ViewTarget, viewTargetsOf } from './view-target.js';

export interface RepairOptions {
  /** Rows that arrived after this are looked at; milliseconds since 1970. */
  readonly since: number;
  /**
   * Up to when; now by default. While others insert, leave out the last minute: an insert under way looks like one
   * that was cut off, and would be fed once more for nothing.
   */
  readonly until?: number;
  /** Ends it early: what was fed by then is kept, the rest is found again by the next repair. */
  readonly signal?: AbortSignal;
}

/** The tables with views that must not be behind. */
const SOURCES: readonly SourceTable[] = [
  { table: 'events', stamp: 'ingested_at' },
  { table: 'finding_revisions', stamp: 'revised_at' },
];

/** Stamps are given before an insert begins: a row may show so much later than its stamp says. */
const COMMIT_WINDOW_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const CHECKED = 'view_targets_checked_until';

/**
 * Brings the targets of views up to date. An insert that is cut off, by a crash or because it was abandoned, may
 * leave rows in `events` (or `finding_revisions`) of which some views have seen nothing. Those views' targets are
 * given what they lack, and the sessions are judged again. Where nothing is missing it only reads, in slices of a
 * bounded number of rows.
 * @returns how many rows had been missing somewhere
 * @throws StoreUnavailableError, StoreRejectedError, or the signal's reason
 */
export async function repairViewTargets(
  database: Database,
  { since, until = Date.now(), signal }: RepairOptions,
): Promise<{ fed: number }> {
  let fed = 0;
  for (const source of SOURCES) {
    const rows = await SourceRows.touchedSince(database, source, since, signal);
    const slices = await rows.slices({ from: since, to: until });
    const targets = slices.length === 0 ? [] : await viewTargetsOf(database, source.table, source.stamp);
    const keptSince = await arrivalsKeptSince(database);
    for (const slice of slices) fed += await repairSlice(rows, targets, slice, keptSince);
  }
  return { fed };
}

/**
 * Repairs what arrived since this was done last, or within the last day on a store where it never was. Call it at
 * start, before anything is judged, and hourly: the next start then has little to look at.
 * @returns and throws as {@link repairViewTargets}
 */
export async function repairSinceLastTime(
  database: Database,
  { until = Date.now(), signal }: Omit<RepairOptions, 'since'> = {},
): Promise<{ fed: number }> {
  const since = (await checkedUntil(database)) ?? until - DAY_MS;
  const repaired = await repairViewTargets(database, { since, until, ...(signal && { signal }) });
  const value = String(Math.trunc(until - COMMIT_WINDOW_MS));
  await database.insertRows('store_facts', [{ name: CHECKED, value, set_at: storeTime(Date.now()) }]);
  return repaired;
}

async function repairSlice(
  rows: SourceRows,
  targets: readonly ViewTarget[],
  slice: Range,
  keptSince: number,
): Promise<number> {
  const fed: Range[] = [];
  for (const target of targets) {
    // Arrivals that were judged have been dropped: they are not missing.
    const from = target.byArrival ? Math.max(slice.from, keptSince) : slice.from;
    const lacking = await rows.lackedBy(target, { from, to: slice.to });
    if (lacking === undefined) continue;
    if (!target.byArrival) await rows.feed(target, lacking);
    fed.push(lacking);
  }
  let count = 0;
  for (const range of united(fed)) {
    // Last and always: whoever reads the arrivals finds the rest, and judges again what was judged without it.
    for (const target of targets) if (target.byArrival) await rows.feed(target, range);
    count += await rows.count(range);
  }
  return count;
}

/** The same times in ranges that do not overlap. */
function united(ranges: readonly Range[]): Range[] {
  const apart: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last === undefined || range.from >= last.to) apart.push(range);
    else apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return apart;
}

async function checkedUntil(database: Database): Promise<number | undefined> {
  const { rows } = await database.query<{ value: string }>(
    'SELECT argMax(value, set_at) AS value FROM store_facts WHERE name = {name:String} HAVING count() > 0',
    { name: CHECKED },
  );
  return rows[0] && Number(rows[0].value);
}

async function arrivalsKeptSince(database: Database): Promise<number> {
  const { rows } = await database.query<{ position: number }>(
    `SELECT toUnixTimestamp64Milli(max(position)) AS position
    FROM (SELECT name, argMax(position, version) AS position FROM cursors GROUP BY name) HAVING count() > 0`,
  );
  return judgedArrivalsEnd(rows[0]?.position ?? 0);
}

/** As ClickHouse reads a `DateTime64(3, 'UTC')`. */
function storeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
