import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCursor } from '../../../processor/receiver/byte-cursor.js';
import { InternedStrings } from '../../../processor/receiver/interned-strings.js';
import { seededRandom } from './sample-requests.js';

describe('interned strings', () => {
  it('are what the bytes spell, however many strings compete for a place', () => {
    const random = seededRandom(8);
    for (let length = 1; length <= 12; length++) {
      // Few letters and many strings: most share their place, their length and most of their bytes with others.
      const texts = Array.from({ length: 5000 }, () =>
        Array.from({ length }, () => 'abc'[Math.floor(random() * 3)]).join(''),
      );
      const cursor = new ByteCursor(Buffer.from(texts.join('')));
      const read = texts.map((_, i) => cursor.keyText(i * length, (i + 1) * length));
      expect(read).toEqual(texts);
    }
  });

  it('are the text of any bytes, at any place, whether seen before or not', () => {
    const place = fc.record({ before: fc.nat(9), bytes: fc.uint8Array({ maxLength: 80 }), after: fc.nat(9) });
    fc.assert(
      fc.property(place, ({ before, bytes, after }) => {
        const body = Buffer.concat([Buffer.alloc(before, 120), bytes, Buffer.alloc(after, 120)]);
        const expected = Buffer.from(bytes).toString('utf8');
        for (let i = 0; i < 2; i++) {
          const cursor = new ByteCursor(body);
          expect(cursor.keyText(before, before + bytes.length)).toBe(expected);
          expect(cursor.valueText(before, before + bytes.length)).toBe(expected);
        }
      }),
    );
  });

  it('never place bytes that are not ASCII', () => {
    const cache = new InternedStrings();
    for (let length = 1; length <= 9; length++) {
      for (let at = 0; at < length; at++) {
        const bytes = Buffer.alloc(length, 97);
        bytes[at] = 0xc3;
        expect(cache.slotOf(new DataView(bytes.buffer, bytes.byteOffset), 0, length)).toBe(-1);
      }
    }
  });
});
