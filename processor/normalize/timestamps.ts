const NANOS_PER_MILLI = 1_000_000n;
/** 2015-01-01T00:00:00Z: no log that anyone still keeps is older, and many a broken clock is. */
const EARLIEST = 1_420_070_400_000_000_000n;
const ONE_DAY = 86_400_000_000_000n;

const EXTENDED =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/i;
/** ISO 8601's basic form, which old CloudTrail records use in `creationDate`. */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)()(Z)$/;

/**
 * Nanoseconds since the epoch of an ISO 8601 time, keeping up to nine decimals; without a zone it is UTC, as
 * vendors mean it. `undefined` if the text is no time.
 */
export function parseTimestamp(text: string): bigint | undefined {
  if (isToSecond(text)) {
    // ECMAScript's own format, which Date reads in a third of the time. It takes 31 February for 3 March.
    const millis = Date.parse(text);
    return Number.isNaN(millis) || new Date(millis).getUTCDate() !== Number(text.slice(8, 10))
      ? undefined
      : BigInt(millis) * NANOS_PER_MILLI;
  }
  // A hostile field may be megabytes long.
  if (text.length < 16 || text.length > 64) return undefined;
  const match = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(days);
  // Date.UTC takes 31 February for 3 March.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offsetSeconds(zone);
  const nanos = BigInt(days + seconds * 1000) * NANOS_PER_MILLI;
  return fraction ? nanos + BigInt(fraction.padEnd(9, '0')) : nanos;
}

const TO_SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Whether the text is a UTC time to the second as CloudTrail writes it: 2024-06-02T19:41:40Z. */
export function isToSecond(text: string): boolean {
  return text.length === 20 && TO_SECOND.test(text);
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone.length < 5) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60;
}

/** Nanoseconds since the epoch from milliseconds. */
export function nanosOfMillis(millis: number): bigint {
  return BigInt(Math.trunc(millis)) * NANOS_PER_MILLI;
}

/** Whether an event can have happened at `time`, seen from `now`: from 2015 to a day ahead. Nanoseconds. */
export function isPlausible(time: bigint, now: bigint): boolean {
  return time >= EARLIEST && time <= now + ONE_DAY;
}

/** The time to the second, as CloudTrail writes it: 2024-06-02T19:41:40Z. */
export function secondText(nanos: bigint): string {
  return `${new Date(Number(nanos / NANOS_PER_MILLI)).toISOString().slice(0, 19)}Z`;
}
