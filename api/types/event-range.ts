import type { Context } from '../context.js';
import { newestEvent } from '../reading/event-queries.js';
import { sessionLoader } from '../reading/session-loaders.js';
import {
  EARLIEST,
  knownTime,
  nowInStore,
  plusDays,
  plusNanoseconds,
  type StoreTime,
  secondsBetween,
} from '../reading/store-time.js';

/** Days that a list of events looks back where its filter does not say. */
const DEFAULT_DAYS = 7;

/** A session's life is known as of its last judging; what came in since is at most so much later. */
const SINCE_JUDGED = 3_600_000_000_000n;

interface Bounds {
  readonly after?: StoreTime | null | undefined;
  readonly before?: StoreTime | null | undefined;
}

/**
 * The tenant's clock: its newest event, for old logs that are replayed are asked about like live ones. A clock of a
 * sender that runs ahead does not count.
 */
async function tenantClock(context: Context): Promise<StoreTime> {
  const [newest] = await context.reader.rows(newestEvent, {});
  const now = nowInStore();
  const ts = newest && knownTime(newest.ts);
  return ts && ts < now ? ts : now;
}

/**
 * The range of time that a list of events reads: what the filter says; else the life of the sessions that it names;
 * else 7 days, before its end or before the newest event. A bound that is left open is undefined.
 */
export async function defaultEventRange(
  context: Context,
  said: Bounds,
  sessions: readonly string[],
): Promise<{ after?: StoreTime; before?: StoreTime }> {
  const before = said.before ?? undefined;
  if (said.after) return { after: said.after, ...(before ? { before } : {}) };
  if (sessions.length > 0) {
    const lives = await Promise.all(sessions.map((key) => sessionLoader(context).load(key)));
    const known = lives.filter((life) => life !== undefined);
    if (known.length === sessions.length) {
      const first = known.map((life) => life.first_seen).sort()[0] as StoreTime;
      const last = known
        .map((life) => life.last_seen)
        .sort()
        .at(-1) as StoreTime;
      return { after: first, before: before ?? plusNanoseconds(last, SINCE_JUDGED) };
    }
  }
  const end = before ?? (await tenantClock(context));
  return { after: plusDays(end, -DEFAULT_DAYS), ...(before ? { before } : {}) };
}

/** More hours than this are not worth listing: a look-up by them would cost as much as reading all between. */
const MOST_HOURS = 2_000;

/**
 * Where the events of sessions lie: from the first to the last of them and, unless these lives are very long, the hours
 * that they touch.
 */
export function placesOfLives(
  lives: readonly { readonly first_seen: StoreTime; readonly last_seen: StoreTime }[],
): { since: StoreTime; until: StoreTime; hours: readonly string[] } {
  const ends = lives.map((life) => ({ ...life, last_seen: plusNanoseconds(life.last_seen, SINCE_JUDGED) }));
  const since = ends.map((life) => life.first_seen).sort()[0] ?? EARLIEST;
  const until =
    ends
      .map((life) => life.last_seen)
      .sort()
      .at(-1) ?? EARLIEST;
  const span = ends.reduce(
    (hours, life) => hours + secondsBetween(life.first_seen, life.last_seen) / 3_600,
    0,
  );
  return { since, until, hours: span > MOST_HOURS ? [] : hoursOf(ends) };
}

/** Every hour of UTC that one of the ranges touches, each once, as the store writes it. */
export function hoursOf(
  ranges: readonly { readonly first_seen: StoreTime; readonly last_seen: StoreTime }[],
): string[] {
  const hours = new Set<string>();
  for (const { first_seen, last_seen } of ranges) {
    const last = `${last_seen.slice(0, 13)}:00:00`;
    for (let hour = `${first_seen.slice(0, 13)}:00:00`; hour <= last; ) {
      hours.add(hour);
      hour = plusNanoseconds(hour, 3_600_000_000_000n).slice(0, 19);
    }
  }
  return [...hours].sort();
}
