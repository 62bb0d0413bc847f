import { batchLoader, groupedBy } from '../reading/batch-loader.js';
import { cellStreams, coverageStreams, type StreamRow } from '../reading/coverage-queries.js';
import { perRequest } from '../reading/per-request.js';
import { nowInStore, plusNanoseconds, type StoreTime, secondsBetween } from '../reading/store-time.js';

/** A tenant with more has other worries; what lies beyond is not shown. */
const MOST_STREAMS = 10_000;
const SECOND = 1_000_000_000n;

/** A part of a source with a delay of its own, as it stands at the tenant's clock. */
export interface StreamHealth {
  readonly source: string;
  readonly organization: string;
  readonly stream: string;
  readonly firstRecord: StoreTime;
  readonly newest: StoreTime;
  /** Up to here everything is taken to have arrived. */
  readonly watermark: StoreTime;
  /** Seconds from the watermark to the tenant's clock. */
  readonly lagSeconds: number;
  /** Seconds that its events usually come behind the newest before them; null until that is learned. */
  readonly disorderSeconds: number | null;
  /** Its usual longest pause at this time of day, in seconds; null until that is learned. */
  readonly silentAfterSeconds: number | null;
  /** It has paused for longer than that. */
  readonly silent: boolean;
  /** How long a session of this source may have lived before its first record, in seconds. */
  readonly sessionLifeSeconds: number;
}

/** A tenant's streams and its clock. */
export interface Streams {
  /** The newest event time, and as much later as it is since that arrived; the wall clock where nothing has. */
  readonly clock: StoreTime;
  readonly all: readonly StreamHealth[];
  of(source: string, organization: string): readonly StreamHealth[];
  find(source: string, organization: string, stream: string): StreamHealth | undefined;
}

function healthOf(row: StreamRow): StreamHealth {
  const watermark = plusNanoseconds(row.newest_record, -BigInt(row.delay_seconds) * SECOND);
  const pause = row.pause_seconds > 0 ? row.pause_seconds : null;
  return {
    source: row.source,
    organization: row.organization,
    stream: row.stream,
    firstRecord: row.first_record,
    newest: row.newest_record,
    watermark,
    lagSeconds: Math.max(0, secondsBetween(watermark, row.clock)),
    disorderSeconds: row.is_learned === 1 ? row.disorder_seconds : null,
    silentAfterSeconds: pause,
    silent: pause !== null && secondsBetween(row.newest_record, row.clock) > pause,
    sessionLifeSeconds: row.session_life_seconds,
  };
}

const key = (...parts: readonly string[]): string => JSON.stringify(parts);

/** The streams of the tenant, read once a request. */
export const streamsOf = perRequest<Streams>(async ({ reader }) => {
  const now = nowInStore();
  const rows = await reader.rows(coverageStreams, { now: now.slice(0, 23), most: MOST_STREAMS });
  const all = rows.map(healthOf);
  const bySource = groupedBy(all, (each) => key(each.source, each.organization));
  const byStream = new Map(all.map((each) => [key(each.source, each.organization, each.stream), each]));
  return {
    clock: rows[0]?.clock ?? now,
    all,
    of: (source, organization) => bySource.get(key(source, organization)) ?? [],
    find: (source, organization, stream) => byStream.get(key(source, organization, stream)),
  };
});

/** Streams in which the evidence of a cell's sessions was found, by cell. */
export const cellStreamLoader = batchLoader(async (cells, { reader }) =>
  groupedBy(await reader.rows(cellStreams, { cells }), (row) => row.cell),
);
