import { parseTimestamp } from '../timestamps.js';

/** 8/22/2022 6:11:52 PM, as Identity Protection writes the envelope's time; months come first. */
const AMERICAN =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s?(AM|PM)?\s?(Z|[+-]\d\d:\d\d)?$/i;

/** The same service writes `2022-09-09T9:59:27.958Z`. */
const SHORT_HOUR = /^(\d{4}-\d\d-\d\d)T(\d:.*)$/;

/**
 * Nanoseconds since the epoch of the first of `texts` that is a time. `undefined` if all are empty, `null` if what
 * they say is no time.
 */
export function timeOf(texts: readonly string[]): bigint | undefined | null {
  let isSaid = false;
  for (const text of texts) {
    if (text === '') continue;
    isSaid = true;
    const time = parseTimestamp(text) ?? parseTimestamp(extended(text.slice(0, 64)));
    if (time !== undefined) return time;
  }
  return isSaid ? null : undefined;
}

/** The ISO 8601 time that an odd spelling means, or ''. */
function extended(text: string): string {
  const short = SHORT_HOUR.exec(text);
  if (short !== null) return `${short[1]}T0${short[2]}`;
  const match = AMERICAN.exec(text);
  if (match === null) return '';
  const [, month = '', day = '', year, hour, minute, second = '00', half, zone = 'Z'] = match;
  let hours = Number(hour);
  if (half !== undefined) hours = (hours % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  const padded = (value: string | number): string => String(value).padStart(2, '0');
  return `${year}-${padded(month)}-${padded(day)}T${padded(hours)}:${minute}:${second}${zone}`;
}
