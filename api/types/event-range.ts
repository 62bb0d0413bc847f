import type { Context } from '../context.js';
import { newestEvent } from '../reading/event-queries.js';
import { sessionLoader } from '../reading/session-loaders.js';
import { knownTime, nowInStore, plusDays, plusNanoseconds, type StoreTime } from '../reading/store-time.js';

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
