import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonReader } from '../../../processor/receiver/json-reader.js';
import { MalformedOtlpError } from '../../../processor/receiver/malformed-otlp-error.js';

/** Whether the reader takes a text as JSON, by skipping it whole. */
function isJson(text: string): boolean {
  const reader = new JsonReader(Buffer.from(text));
  try {
    reader.skipValue();
    reader.end();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedOtlpError);
    return false;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('reading JSON', () => {
  it('takes every JSON text', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => isJson(text)));
  });

  it('reads strings as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const reader = new JsonReader(Buffer.from(JSON.stringify(value)));
        expect(reader.string()).toBe(value);
        reader.end();
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON, for texts with characters changed', () => {
    const change = fc.record({ at: fc.nat(), to: fc.constantFrom(...'{}[]:,"\\\u0001 0-+.eEtfnu/x') });
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (json, changes) => {
          const characters = [...json];
          for (const { at, to } of changes) characters[at % characters.length] = to;
          const text = characters.join('');
          expect(isJson(text)).toBe(parses(text));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('agrees with JSON.parse on what is a number', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789-+.eE'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, (number) => {
        expect(isJson(number)).toBe(parses(number));
      }),
      { numRuns: 5000 },
    );
  });
});
