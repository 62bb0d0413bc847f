/** Hours since 1970 in which a source said something. */
export interface SpokenHours {
  /** The hour of its first record ever. */
  readonly first: number;
  /** Ascending, each once. */
  readonly hours: readonly number[];
}

/** From an hour up to and without another. */
export interface Silence {
  readonly from: number;
  readonly to: number;
  /** Nothing has been heard since. */
  readonly lasts: boolean;
}

/** Days that tell what is usual. */
const DAYS = 28;
/** Hours that must be there to compare with, and the share of them in which it must have spoken. */
const LEAST_COMPARED = 3;
const USUAL_SHARE = 0.9;

function isWeekend(hour: number): boolean {
  // The first day of 1970 was a Thursday.
  const weekday = (Math.floor(hour / 24) + 4) % 7;
  return weekday === 0 || weekday === 6;
}

/** Whether it usually speaks at this time of this kind of day (working day or weekend, UTC), by the days up to `last`. */
function speaksUsually(hour: number, last: number, first: number, heard: ReadonlySet<number>): boolean {
  const oldest = Math.max(first, last - DAYS * 24);
  let compared = 0;
  let spoken = 0;
  for (let same = hour - 24; same >= oldest; same -= 24) {
    if (same > last || isWeekend(same) !== isWeekend(hour)) continue;
    compared++;
    if (heard.has(same)) spoken++;
  }
  return compared >= LEAST_COMPARED && spoken >= USUAL_SHARE * compared;
}

/**
 * The times within `[from, to)` in which a source that usually speaks was silent. What is usual is told by the 28 days
 * before it fell silent, so that a long silence does not become usual itself.
 */
export function silences({ first, hours }: SpokenHours, from: number, to: number): Silence[] {
  const heard = new Set(hours);
  const found: { from: number; to: number; lasts: boolean }[] = [];
  let last = hours.findLast((hour) => hour < from);
  for (let hour = from; hour < to; hour++) {
    const open = found[found.length - 1];
    if (heard.has(hour)) {
      last = hour;
      if (open) open.lasts = false;
    } else if (last !== undefined && speaksUsually(hour, last, first, heard)) {
      // Hours in between in which it usually says nothing do not end a silence.
      if (open?.lasts) open.to = hour + 1;
      else found.push({ from: hour, to: hour + 1, lasts: true });
    }
  }
  return found;
}
