import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromRfc3339,
  isStoreTime,
  knownTime,
  plusDays,
  plusNanoseconds,
  toRfc3339,
} from '../../api/reading/store-time.js';

const NANOSECONDS_TO_2262 = BigInt(Date.UTC(2262, 0, 1)) * 1_000_000n;
const moments = fc.bigInt({ min: 0n, max: NANOSECONDS_TO_2262 - 1n });
const EPOCH = '1970-01-01 00:00:00.000000000';

/** RFC 3339 of nanoseconds since 1970 in an offset of minutes, built the slow way. */
function rfc3339(nanoseconds: bigint, offset: number): string {
  const seconds = Number(nanoseconds / 1_000_000_000n) + offset * 60;
  const local = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, '0');
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  return `${local}.${fraction}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

describe('a moment', () => {
  it('keeps every nanosecond from RFC 3339 to the store and back, whatever its offset', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: -23 * 60, max: 23 * 60 }), (moment, offset) => {
        fc.pre(moment / 1_000_000_000n + BigInt(offset) * 60n >= 0n);
        const stored = fromRfc3339(rfc3339(moment, offset));
        expect(stored).toBe(plusNanoseconds(EPOCH, moment));
        expect(isStoreTime(stored)).toBe(true);
        expect(fromRfc3339(toRfc3339(stored))).toBe(stored);
      }),
    );
  });

  it('is written with no more groups of digits than it needs', () => {
    expect(toRfc3339('2026-03-02 04:05:06.000000000')).toBe('2026-03-02T04:05:06Z');
    expect(toRfc3339('2026-03-02 04:05:06.100')).toBe('2026-03-02T04:05:06.100Z');
    expect(toRfc3339('2026-03-02 04:05:06.000001000')).toBe('2026-03-02T04:05:06.000001Z');
    expect(toRfc3339('2026-03-02 04:05:06.000000001')).toBe('2026-03-02T04:05:06.000000001Z');
  });

  it.each([
    ['2026-03-02', 'offset'],
    ['2026-03-02T04:05:06', 'offset'],
    ['2026-02-30T00:00:00Z', 'no such day'],
    ['2026-03-02T24:00:00Z', 'no such day'],
    ['2026-03-02T23:59:60Z', 'no such day'],
    ['2026-03-02T00:00:00+24:00', 'no such offset'],
    ['2026-03-02T00:00:00.1234567891Z', 'nine digits'],
    ['1969-12-31T23:59:59Z', '1970'],
    ['2262-01-01T00:00:00Z', '2261'],
    ["2026-03-02T00:00:00Z' OR 1", 'form'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => fromRfc3339(text)).toThrow(reason);
  });

  it('is unknown where the store holds 1970', () => {
    expect(knownTime(EPOCH)).toBeNull();
    expect(knownTime('1970-01-01 00:00:00.000')).toBeNull();
    expect(knownTime('1970-01-01 00:00:00.000000001')).not.toBeNull();
  });

  it('moves by days and stays within what the store can hold', () => {
    expect(plusDays('2026-03-02 04:05:06.000000007', -7)).toBe('2026-02-23 04:05:06.000000007');
    expect(plusDays('1970-01-03 00:00:00.000000000', -7)).toBe(EPOCH);
  });
});
