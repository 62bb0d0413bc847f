export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Midnight UTC, in milliseconds since 1970, of the Monday from which `days` days end before `now`. */
export function firstDay(days: number, now: number): number {
  const today = Math.floor(now / DAY);
  // 1970-01-05, day 4, was a Monday: weekdays must not depend on when the command runs.
  const latest = today - days - 1;
  return (latest - ((((latest - 4) % 7) + 7) % 7)) * DAY;
}

/** `2026-11-25T08:15:00.000Z`. */
export const isoTime = (time: number): string => new Date(time).toISOString();

/** `2026-11-25T08:15:00Z`, as AWS writes times. */
export const isoSecond = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
