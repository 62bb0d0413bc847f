import type { Context } from '../context.js';
import { badInput } from '../limits/bad-input.js';
import { plusDays, plusNanoseconds, type StoreTime, secondsBetween } from '../reading/store-time.js';
import { streamsOf } from './streams.js';

const DEFAULT_DAYS = 7;
const MOST_DAYS = 31;

/** What the store's DateTime holds, with room for the weeks before that tell what is usual. */
const EARLIEST: StoreTime = '1971-01-01 00:00:00.000000000';
const LATEST: StoreTime = '2105-12-31 00:00:00.000000000';

/** Whole hours: from the one that holds `since` to the one that holds the moment before `until`. */
export interface CoverageRange {
  readonly since: StoreTime;
  readonly until: StoreTime;
}

/**
 * The time that coverage is told of: 7 days up to the tenant's clock, unless said. Throws a BAD_USER_INPUT error for
 * more than 31 days.
 */
export async function coverageRange(
  context: Context,
  said: { readonly since?: StoreTime | null | undefined; readonly until?: StoreTime | null | undefined },
): Promise<CoverageRange> {
  const until = said.until ?? (await streamsOf(context)).clock;
  const asked = said.since ?? plusDays(until, -DEFAULT_DAYS);
  const since = `${asked.slice(0, 13)}:00:00.000000000`;
  if (asked >= until) throw badInput('since', '`since` is not earlier than `until`: nothing lies between.');
  if (since < EARLIEST || until > LATEST) {
    throw badInput('since', '`since` to `until` reaches beyond 1971 to 2105: nothing was recorded there.');
  }
  if (secondsBetween(asked, until) > MOST_DAYS * 86_400) {
    throw badInput('since', `\`since\` to \`until\` is more than ${MOST_DAYS} days: ask for less at once.`);
  }
  return { since, until };
}

/** The range as parameters of the store, whose hours are kept by their beginning. */
export function hourBounds({ since, until }: CoverageRange): { since: string; until: string } {
  return { since: since.slice(0, 19), until: plusNanoseconds(until, 999_999_999n).slice(0, 19) };
}
