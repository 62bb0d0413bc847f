import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../processor/normalize/normalize.js';
import { isPlausible, parseTimestamp, secondText } from '../../../processor/normalize/timestamps.js';
import type { Event } from '../../../schema/event.js';
import { logRecord, nanos } from './log-records.js';

describe('a vendor time', () => {
  it.each([
    ['2024-06-02T19:41:40Z', '2024-06-02T19:41:40Z'],
    ['2024-06-02 19:41:40.000000000', '2024-06-02T19:41:40Z'],
    ['2024-06-02T21:41:40+02:00', '2024-06-02T19:41:40Z'],
    ['2024-06-02T14:11:40-0530', '2024-06-02T19:41:40Z'],
    ['20131102T010628Z', '2013-11-02T01:06:28Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseTimestamp(text)).toBe(nanos(iso));
  });

  it('keeps nanoseconds', () => {
    const second = nanos('2024-06-02T19:41:40Z');
    expect(parseTimestamp('2024-06-02T19:41:40.123456789Z')).toBe(second + 123_456_789n);
    expect(parseTimestamp('2024-06-02T19:41:40.5')).toBe(second + 500_000_000n);
  });

  it.each([
    '',
    'yesterday',
    '2024-02-31T00:00:00Z',
    '2024-02-31T00:00:00.0Z',
    '2024-13-01T00:00:00Z',
    '2024-06-02T25:00:00Z',
    '2024-06-02T19:41:40Z and more',
    '1717357300',
    `2024-06-02T19:41:40Z${' '.repeat(1_000_000)}`,
  ])('is not read from %.40s', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('is read back from the text that it is written as, to the second', () => {
    const seconds = fc.integer({ min: 0, max: 4_102_444_799 });
    fc.assert(
      fc.property(seconds, (second) => {
        const time = BigInt(second) * 1_000_000_000n;
        expect(parseTimestamp(secondText(time))).toBe(time);
        expect(parseTimestamp(`${secondText(time).slice(0, 19)}.000Z`)).toBe(time);
      }),
    );
  });

  it('is plausible from 2015 to a day ahead', () => {
    const now = nanos('2026-03-02T10:00:00Z');
    expect(isPlausible(nanos('2015-01-01T00:00:00Z'), now)).toBe(true);
    expect(isPlausible(nanos('2014-12-31T23:59:59Z'), now)).toBe(false);
    expect(isPlausible(nanos('2026-03-03T10:00:00Z'), now)).toBe(true);
    expect(isPlausible(nanos('2026-03-03T10:00:01Z'), now)).toBe(false);
  });
});

describe('the times of an event', () => {
  const receivedAt = Date.parse('2026-03-02T10:00:00Z');
  const received = nanos('2026-03-02T10:00:00Z');
  const observed = nanos('2026-03-02T09:59:00Z');

  function eventOf(
    eventTime: unknown,
    times: { timeUnixNano?: bigint; observedTimeUnixNano?: bigint },
  ): Event {
    const body = JSON.stringify({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', eventTime });
    const event = normalize(logRecord({ body, ...times }), { receivedAt }).events[0]?.event;
    if (event === undefined) throw new Error('the record was not recognised');
    return event;
  }

  it("are the vendor's and the collector's", () => {
    const event = eventOf('2026-03-02T09:15:30Z', { observedTimeUnixNano: observed });
    expect(event).toMatchObject({
      ts: nanos('2026-03-02T09:15:30Z'),
      observed_at: observed,
      time_clamped: false,
    });
  });

  it.each(['1999-01-01T00:00:00Z', '2031-01-01T00:00:00Z', 'not a time'])(
    'fall back to the observed time where the vendor says %s, and say so',
    (eventTime) => {
      const event = eventOf(eventTime, { observedTimeUnixNano: observed });
      expect(event).toMatchObject({ ts: observed, time_clamped: true });
    },
  );

  it("fall back to the log record's time where the vendor says none", () => {
    const event = eventOf(undefined, { timeUnixNano: nanos('2026-03-02T09:58:00Z') });
    expect(event).toMatchObject({ ts: nanos('2026-03-02T09:58:00Z'), time_clamped: false });
  });

  it('fall back to the time of arrival where nobody says any, or an impossible one, and say so', () => {
    const arrival = { ts: received, observed_at: received, time_clamped: true };
    expect(eventOf(undefined, {})).toMatchObject(arrival);
    expect(eventOf(undefined, { observedTimeUnixNano: 1n })).toMatchObject(arrival);
    expect(eventOf('1999-01-01T00:00:00Z', {})).toMatchObject(arrival);
  });
});
