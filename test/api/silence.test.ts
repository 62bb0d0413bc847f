import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silences } from '../../api/log-coverage/silence.js';

/** Midnight of Monday 2026-03-02 (UTC), in hours since 1970. */
const MONDAY = Date.UTC(2026, 2, 2) / 3_600_000;
const day = (nth: number, hour = 0) => MONDAY + nth * 24 + hour;

/** Hours from a day up to another: those of each day that `speaks` says. */
function spoken(from: number, to: number, speaks: (hour: number, weekday: number) => boolean): number[] {
  const hours: number[] = [];
  for (let hour = day(from); hour < day(to); hour++) {
    const weekday = new Date(hour * 3_600_000).getUTCDay();
    if (speaks(hour % 24, weekday)) hours.push(hour);
  }
  return hours;
}

const office = (hour: number, weekday: number) => hour >= 8 && hour < 18 && weekday >= 1 && weekday <= 5;
const always = () => true;

describe('a source that speaks in office hours', () => {
  const hours = spoken(-28, 7, office);
  const first = hours[0] as number;

  it('is not silent in the evening and at the weekend', () => {
    expect(silences({ first, hours }, day(0), day(7))).toEqual([]);
  });

  it('is silent in the hours that it misses, whatever lies before and after', () => {
    const gone = hours.filter((hour) => hour < day(1, 10) || hour >= day(1, 13));
    expect(silences({ first, hours: gone }, day(0), day(7))).toEqual([
      { from: day(1, 10), to: day(1, 13), lasts: false },
    ]);
  });

  it('is silent once from one day to another, not once a day', () => {
    const gone = hours.filter((hour) => hour < day(0, 16) || hour >= day(2, 9));
    expect(silences({ first, hours: gone }, day(0), day(7))).toEqual([
      { from: day(0, 16), to: day(2, 9), lasts: false },
    ]);
  });

  it('that has stopped lasts, though it is not silent on the weekend that follows', () => {
    const gone = hours.filter((hour) => hour < day(4, 12));
    expect(silences({ first, hours: gone }, day(0), day(7))).toEqual([
      { from: day(4, 12), to: day(4, 18), lasts: true },
    ]);
  });

  it('does not get used to its own silence', () => {
    const gone = hours.filter((hour) => hour < day(-20));
    expect(silences({ first, hours: gone }, day(-10), day(7))).toEqual([
      { from: day(-10, 8), to: day(4, 18), lasts: true },
    ]);
  });
});

it('a source is not silent before its first record, nor before three days tell what is usual', () => {
  const hours = spoken(0, 5, always).filter((hour) => hour !== day(2, 5) && hour !== day(3, 5));
  expect(silences({ first: day(0), hours }, day(-7), day(5))).toEqual([]);
  const longer = spoken(0, 5, always).filter((hour) => hour !== day(3, 5));
  expect(silences({ first: day(0), hours: longer }, day(-7), day(5))).toEqual([
    { from: day(3, 5), to: day(3, 6), lasts: false },
  ]);
});

it('a source that speaks now and then is not silent in between', () => {
  const hours = spoken(-28, 7, (hour) => hour === 7).filter((_hour, nth) => nth % 2 === 0);
  expect(silences({ first: hours[0] as number, hours }, day(0), day(7))).toEqual([]);
});

it('silences lie within what was asked for, apart from each other, and nothing was said in them', () => {
  const arbitrary = fc.tuple(fc.uniqueArray(fc.nat(35 * 24 - 1)), fc.nat(6), fc.integer({ min: 1, max: 7 }));
  fc.assert(
    fc.property(arbitrary, ([missing, start, days]) => {
      const gone = new Set(missing);
      const hours = spoken(-28, 7, always).filter((hour) => !gone.has(hour - day(-28)));
      const [from, to] = [day(start), day(start + days)];
      const found = silences({ first: day(-28), hours }, from, to);
      let last = from - 1;
      for (const silence of found) {
        expect(silence.from).toBeGreaterThan(last);
        expect(silence.to).toBeGreaterThan(silence.from);
        expect(silence.to).toBeLessThanOrEqual(to);
        expect(hours.filter((hour) => hour >= silence.from && hour < silence.to)).toEqual([]);
        const since = hours.filter((hour) => hour >= silence.to && hour < to);
        expect(silence.lasts).toBe(since.length === 0);
        last = silence.to;
      }
    }),
    { numRuns: 60 },
  );
});
