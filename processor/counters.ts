import { type ForwardCounters, ForwardCounts } from './forward/forward-counts.js';
import type { RefusalReason } from './receiver/refusal.js';

/** One bound of a histogram: how many observations were at most `le` seconds. */
export interface HistogramBucket {
  readonly le: number;
  readonly count: number;
}

/** What the processor has done since it started, for Prometheus; everything but `queue` only ever grows. */
export interface ProcessorCounters {
  /** Events stored, by source. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Records kept in `dead_letters`, by source ('' where it could not be told, `other` beyond the first 64). */
  readonly deadLetters: ReadonlyMap<string, number>;
  /** Records that should have been understood and were not, by source, where no store is there to keep them. */
  readonly unreadable: ReadonlyMap<string, number>;
  /** Acknowledged records that are not about identity: not stored. */
  readonly unrecognised: number;
  /** Events whose id another event of the same request had: stored once. */
  readonly duplicates: number;
  /** Requests answered over HTTP, by status. */
  readonly requests: ReadonlyMap<number, number>;
  /** Calls answered over gRPC, by the name of the status: `OK`, `UNAVAILABLE`. */
  readonly grpcRequests: ReadonlyMap<string, number>;
  /** Requests refused over either transport, for now or for good, by the reason. */
  readonly refused: ReadonlyMap<RefusalReason, number>;
  readonly inserts: InsertCounters;
  readonly forward: ForwardCounters;
  /** What requests have brought that is not stored yet: log records, and bytes of their (unzipped) requests. */
  readonly queue: { readonly rows: number; readonly bytes: number };
}

export interface InsertCounters {
  /** Inserts that succeeded; `rows`, `bytes`, `seconds` and `buckets` are of these. */
  readonly count: number;
  readonly failed: number;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Cumulative, the last for Infinity. */
  readonly buckets: readonly HistogramBucket[];
}

const BUCKET_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY];

/** Counts what the parts of the processor do; they write, everyone else reads it as {@link ProcessorCounters}. */
export class ProcessorCounts implements ProcessorCounters {
  readonly accepted = new Map<string, number>();
  readonly deadLetters = new Map<string, number>();
  readonly unreadable = new Map<string, number>();
  readonly requests = new Map<number, number>();
  readonly grpcRequests = new Map<string, number>();
  readonly refused = new Map<RefusalReason, number>();
  unrecognised = 0;
  duplicates = 0;
  readonly inserts = {
    count: 0,
    failed: 0,
    rows: 0,
    bytes: 0,
    seconds: 0,
    buckets: BUCKET_BOUNDS.map((le) => ({ le, count: 0 })),
  };
  readonly forward = new ForwardCounts();
  readonly queue = { rows: 0, bytes: 0 };

  inserted(rows: number, bytes: number, seconds: number): void {
    this.inserts.count += 1;
    this.inserts.rows += rows;
    this.inserts.bytes += bytes;
    this.inserts.seconds += seconds;
    for (const bucket of this.inserts.buckets) if (seconds <= bucket.le) bucket.count += 1;
  }
}

/** Adds to one of a map's numbers. */
export function count<Key>(numbers: Map<Key, number>, key: Key, by = 1): void {
  numbers.set(key, (numbers.get(key) ?? 0) + by);
}

// A sender may claim any source for a record: each would be a time series of its own for ever.
const MOST_SOURCES = 64;

/** Adds to a source's number; sources beyond the first 64 are counted together as `other`. */
export function countSource(numbers: Map<string, number>, source: string, by: number): void {
  const known = numbers.has(source) || numbers.size < MOST_SOURCES;
  count(numbers, known ? source : 'other', by);
}
