export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The story's first moment: a Monday morning in Tokyo, where the company's week begins. */
export const STORY_START = Date.parse('2026-07-12T23:00:00Z');
/** Its last event, on a Friday afternoon eleven days later. The demo moves this to now. */
export const STORY_END = Date.parse('2026-07-24T16:40:00Z');

/** A day of the story, as the calendars of all its places name it. */
export interface StoryDay {
  /** 0 for the first Monday. */
  readonly number: number;
  /** Midnight UTC, in milliseconds. */
  readonly midnight: number;
  readonly weekend: boolean;
}

const MONDAY = Date.parse('2026-07-13T00:00:00Z');

/** The days that people work through; the first begins in Tokyo before it does in UTC. */
export const STORY_DAYS: readonly StoryDay[] = Array.from(
  { length: Math.ceil((STORY_END - MONDAY) / DAY) },
  (_, number) => {
    const midnight = MONDAY + number * DAY;
    return { number, midnight, weekend: [0, 6].includes(new Date(midnight).getUTCDay()) };
  },
);

/** The moment when a clock that is `utcOffset` hours ahead of UTC shows `hour` (9.5 = half past nine) that day. */
export function atLocalHour(day: StoryDay, hour: number, utcOffset: number): number {
  return day.midnight + Math.round((hour - utcOffset) * HOUR);
}

/** RFC 3339 with whole seconds, as CloudTrail writes times. */
export function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Down to a whole second. */
export function wholeSecond(at: number): number {
  return Math.floor(at / SECOND) * SECOND;
}
