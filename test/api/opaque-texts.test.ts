import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGlobalId, encodeGlobalId, parseGlobalId } from '../../api/global-id.js';
import { decodeCursor, encodeCursor } from '../../api/paging/cursor.js';
import type { Keyset } from '../../api/paging/keyset.js';
import { eventKey, parseEventKey } from '../../api/reading/event-key.js';
import { plusNanoseconds } from '../../api/reading/store-time.js';

const keyset: Keyset = {
  name: 'finding severity',
  columns: [
    { name: 'severity_rank', type: 'UInt8' },
    { name: 'raised_at', type: "DateTime64(3, 'UTC')" },
    { name: 'id', type: 'String' },
  ],
};
const times = fc
  .bigInt({ min: 0n, max: 9_000_000_000_000_000_000n })
  .map((nanoseconds) => plusNanoseconds('1970-01-01 00:00:00.000000000', nanoseconds));

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code;
  }
};

describe('a cursor', () => {
  it('leads back to its place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }),
        times,
        fc.string({ maxLength: 200, unit: 'grapheme' }),
        (rank, time, id) => {
          fc.pre(id.length <= 512);
          const place = [rank, time, id];
          expect(decodeCursor(keyset, 'after', encodeCursor(keyset, place))).toEqual(place);
        },
      ),
    );
  });

  it('that was not given out is refused as bad input, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(codeOf(() => decodeCursor(keyset, 'before', text))).toBe('BAD_USER_INPUT');
        },
      ),
    );
  });

  it.each([
    ['too few values', [1, '2026-01-01 00:00:00.000']],
    ['a text where a number belongs', ['1', '2026-01-01 00:00:00.000', 'x']],
    ['a day that does not exist', [1, '2026-02-31 00:00:00.000', 'x']],
    ['SQL where a time belongs', [1, "2026-01-01 00:00:00' --", 'x']],
  ])('with %s is refused', (_what, values) => {
    const cursor = Buffer.from(JSON.stringify([keyset.name, ...values])).toString('base64url');
    expect(codeOf(() => decodeCursor(keyset, 'after', cursor))).toBe('BAD_USER_INPUT');
  });

  it('of another order is refused', () => {
    const cursor = encodeCursor({ ...keyset, name: 'finding raised at' }, [
      1,
      '2026-01-01 00:00:00.000',
      'x',
    ]);
    expect(() => decodeCursor(keyset, 'after', cursor)).toThrow('another list or order');
  });
});

describe('a global id', () => {
  it('leads back to type and id', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Finding', 'User', 'Event'),
        fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }),
        (type, id) => {
          expect(decodeGlobalId(encodeGlobalId(type, id))).toEqual({ typename: type, id });
        },
      ),
    );
  });

  it('has one spelling only', () => {
    const id = encodeGlobalId('User', 'a');
    expect(parseGlobalId(`${id}=`)).toBeUndefined();
    expect(parseGlobalId(`${id}A`)).toBeUndefined();
  });

  it('that was not given out is refused as bad input', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(parseGlobalId(text) === undefined);
        expect(codeOf(() => decodeGlobalId(text))).toBe('BAD_USER_INPUT');
      }),
    );
  });
});

describe('the key of an event', () => {
  it('keeps the nanoseconds of its time and the id as it is', () => {
    fc.assert(
      fc.property(times, fc.string({ minLength: 1 }), (ts, event_id) => {
        expect(parseEventKey(eventKey({ ts, event_id }))).toEqual({ ts, event_id });
      }),
    );
  });

  it('that holds no time is none', () => {
    expect(parseEventKey('abc')).toBeUndefined();
    expect(parseEventKey('yesterday/abc')).toBeUndefined();
    expect(parseEventKey('2026-01-01 00:00:00.000000000/')).toBeUndefined();
  });
});
