import type { GraphQLError } from 'graphql';
import { badInput } from '../limits/bad-input.js';

/**
 * A moment as the store writes it: `YYYY-MM-DD hh:mm:ss.nnnnnnnnn`, UTC, always nine digits of fraction for
 * DateTime64(9) and three for DateTime64(3). Text keeps the nanoseconds that a JavaScript Date would lose, and
 * compares in order of time among texts of the same precision.
 */
export type StoreTime = string;

/** What the store holds where a time is not known. */
const UNKNOWN = /^1970-01-01 00:00:00(\.0+)?$/;
const STORE_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?$/;
const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/** DateTime64(9) is a signed 64-bit count of nanoseconds: it ends in 2262. Before 1970 nothing was logged. */
const EARLIEST_SECOND = 0;
const LATEST_SECOND = Date.UTC(2262, 0, 1) / 1000;

/** Bounds that hold every stored moment: what a filter is given where the client set no bound. */
export const EARLIEST: StoreTime = '1970-01-01 00:00:00.000000000';
export const LATEST: StoreTime = '2262-01-01 00:00:00.000000000';

/** The moment, or null where the store holds that it is not known. */
export function knownTime(time: StoreTime): StoreTime | null {
  return UNKNOWN.test(time) ? null : time;
}

/** RFC 3339 in UTC; the fraction has as many groups of three digits as it needs: none, three, six or nine. */
export function toRfc3339(time: StoreTime): string {
  const parts = STORE_TIME.exec(time);
  if (!parts) throw new TypeError(`Not a time of the store: ${JSON.stringify(time)}`);
  const [, date, clock, fraction = ''] = parts;
  const digits = fraction.padEnd(9, '0').replace(/(000)+$/, '');
  return `${date}T${clock}${digits === '' ? '' : `.${digits}`}Z`;
}

function invalid(value: string, what: string): GraphQLError {
  return badInput(
    undefined,
    `${JSON.stringify(value.slice(0, 100))} is not a DateTime: ${what}. Give RFC 3339 with an offset, such as 2026-03-01T08:30:00Z or 2026-03-01T08:30:00.123456789+02:00.`,
  );
}

/**
 * The store's time, with nine digits of fraction, of an RFC 3339 text with an offset.
 * Throws a GraphQLError that says what is wrong with the text.
 */
export function fromRfc3339(text: string): StoreTime {
  const parts = RFC_3339.exec(text);
  if (!parts) throw invalid(text, 'its form is wrong or its offset is missing');
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as number[] & { length: 6 };
  const fraction = parts[7] ?? '';
  if (fraction.length > 9) throw invalid(text, 'it has more than nine digits of fraction');
  const written = Date.UTC(year as number, (month as number) - 1, day, hour, minute, second);
  const rebuilt = new Date(written).toISOString().slice(0, 19);
  const asWritten = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`;
  if (rebuilt !== asWritten) throw invalid(text, 'no such day or time exists');
  const offsetHours = Number(parts[10] ?? 0);
  const offsetMinutes = Number(parts[11] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) throw invalid(text, 'no such offset exists');
  const offset = (parts[9] === '-' ? -1 : 1) * (offsetHours * 3600 + offsetMinutes * 60);
  const utcSecond = written / 1000 - offset;
  if (utcSecond < EARLIEST_SECOND || utcSecond >= LATEST_SECOND) {
    throw invalid(text, 'it lies outside of 1970 to 2261');
  }
  const seconds = new Date(utcSecond * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

/** Whether a text is a time as the store writes it (cursors and ids come back from clients). */
export function isStoreTime(text: string): boolean {
  const parts = STORE_TIME.exec(text);
  if (!parts) return false;
  const millis = Date.parse(`${parts[1]}T${parts[2]}Z`);
  return (
    !Number.isNaN(millis) &&
    new Date(millis).toISOString().slice(0, 19) === `${parts[1]}T${parts[2]}` &&
    millis >= 0
  );
}

/** The time with nine digits of fraction, moved by whole nanoseconds. */
export function plusNanoseconds(time: StoreTime, nanoseconds: bigint): StoreTime {
  const parts = STORE_TIME.exec(time);
  if (!parts) throw new TypeError(`Not a time of the store: ${JSON.stringify(time)}`);
  const millis = BigInt(Date.parse(`${parts[1]}T${parts[2]}Z`));
  const moved = millis * 1_000_000n + BigInt((parts[3] ?? '').padEnd(9, '0')) + nanoseconds;
  const within = moved < 0n ? 0n : moved;
  const seconds = new Date(Number(within / 1_000_000_000n) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
  return `${seconds}.${String(within % 1_000_000_000n).padStart(9, '0')}`;
}

/** Seconds from one time to another, to the millisecond; negative if the other is earlier. */
export function secondsBetween(from: StoreTime, to: StoreTime): number {
  const millis = (time: StoreTime) => Date.parse(`${time.slice(0, 23).replace(' ', 'T')}Z`);
  return (millis(to) - millis(from)) / 1000;
}

const DAY_IN_NANOSECONDS = 86_400_000_000_000n;

export function plusDays(time: StoreTime, days: number): StoreTime {
  return plusNanoseconds(time, BigInt(days) * DAY_IN_NANOSECONDS);
}

/** The wall clock as the store writes times. */
export function nowInStore(): StoreTime {
  return `${new Date().toISOString().slice(0, 23).replace('T', ' ')}000000`;
}
