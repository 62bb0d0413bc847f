import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../processor/forward/forward-gate.js';

describe('the backoff of a destination', () => {
  const limits = { firstBackoffMs: 500, mostBackoffMs: 5_000 };

  it('doubles with each failure up to the most, if chance takes nothing off', () => {
    expect([1, 2, 3, 4, 5, 6, 2000].map((failures) => backoffMs(failures, limits, 0))).toEqual([
      500, 1000, 2000, 4000, 5000, 5000, 5000,
    ]);
  });

  it('is less by up to a half at random, so that senders do not come back together', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const full = backoffMs(failures, limits, 0);
          const ms = backoffMs(failures, limits, random);
          expect(ms).toBeLessThanOrEqual(full);
          expect(ms).toBeGreaterThan(full / 2 - 1e-6);
        },
      ),
    );
    expect(backoffMs(3, limits, 0.5)).toBeLessThan(backoffMs(3, limits, 0.1));
  });
});
