import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowBlock } from '../../../processor/export/row-block.js';
import { RowBuffer } from '../../../processor/export/row-buffer.js';
import { decodeTexts } from '../../../processor/export/row-decoder.js';
import { createRowEncoder, RowEncodingError } from '../../../processor/export/row-encoder.js';
import { EVENT_COLUMNS, type Event, emptyEvent } from '../../../schema/event.js';
import { migrate } from '../../../schema/store/migrate.js';
import { EVIDENCE_GRADES } from '../../../schema/words.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';

const ENCODER = createRowEncoder<Event>(EVENT_COLUMNS, 'ingested_at');
// Rows of another day would be subject to the TTL of their raw text.
const NOW = Date.now();

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
});
afterAll(() => store?.close());

async function insert(events: readonly Event[], stamp = NOW): Promise<void> {
  const block = new RowBlock<Event, undefined>({ table: 'events', encoder: ENCODER });
  for (const event of events) block.append(event, undefined);
  await store.database.insertBinary('events', ENCODER.columnNames, block.body(stamp));
}

/** The stored events, read back column by column as `Event` has them. */
async function readBack(tenant: string): Promise<Event[]> {
  const columns = EVENT_COLUMNS.map(({ name, type }) => {
    if (type === "DateTime64(9, 'UTC')") return `toString(toUnixTimestamp64Nano(${name})) AS ${name}_`;
    return type === "DateTime64(3, 'UTC')"
      ? `toUnixTimestamp64Milli(${name}) AS ${name}_`
      : `${name} AS ${name}_`;
  });
  const { rows } = await store.database.query<Record<string, unknown>>(
    `SELECT ${columns.join(', ')} FROM events WHERE tenant = {tenant:String} ORDER BY event_id`,
    { tenant },
  );
  return rows.map((row) => {
    const event: Record<string, unknown> = {};
    for (const { name, type } of EVENT_COLUMNS) {
      const value = row[`${name}_`];
      event[name] = type === "DateTime64(9, 'UTC')" ? BigInt(value as string) : value;
    }
    return event as Event;
  });
}

/** Text of any UTF-16 code units, lone surrogates and NUL included. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));
/** What UTF-8 can hold of a text: a lone surrogate becomes U+FFFD. */
const asUtf8 = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

const VALUES: Record<(typeof EVENT_COLUMNS)[number]['type'], fc.Arbitrary<unknown>> = {
  String: fc.oneof(anyText, fc.string({ minLength: 100, maxLength: 400 })),
  'LowCardinality(String)': anyText,
  Bool: fc.boolean(),
  UInt8: fc.integer({ min: 0, max: 255 }),
  UInt32: fc.integer({ min: 0, max: 0xffff_ffff }),
  "DateTime64(9, 'UTC')": fc.bigInt({ min: -2_208_988_800_000_000_000n, max: 9_000_000_000_000_000_000n }),
  "DateTime64(3, 'UTC')": fc.constant(0),
  'Array(String)': fc.array(anyText, { maxLength: 4 }),
  'Array(LowCardinality(String))': fc.array(anyText, { maxLength: 4 }),
  'Map(LowCardinality(String), String)': fc.dictionary(
    fc.oneof(anyText.map(asUtf8), fc.constantFrom('__proto__', 'constructor', '')),
    anyText,
    { maxKeys: 5, noNullPrototype: false },
  ),
  "Enum8('none' = 0, 'bypassed' = 1, 'inherited' = 2, 'asserted' = 3, 'credential' = 4, 'mfa' = 5, 'phishing_resistant' = 6)":
    fc.constantFrom(...EVIDENCE_GRADES),
};

const anyEvent = fc.record(
  Object.fromEntries(EVENT_COLUMNS.map(({ name, type }) => [name, VALUES[type]])),
) as unknown as fc.Arbitrary<Event>;

function stored(event: Event): Event {
  const expected: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event)) {
    if (typeof value === 'string') expected[name] = asUtf8(value);
    else if (Array.isArray(value)) expected[name] = value.map(asUtf8);
    else if (typeof value === 'object') {
      expected[name] = Object.fromEntries(Object.entries(value).map(([key, text]) => [key, asUtf8(text)]));
    } else expected[name] = value;
  }
  return { ...(expected as Event), ingested_at: NOW };
}

describe('the row encoder', () => {
  it('writes any event so that the store gives the same event back', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 30 }), async (drawn) => {
        const tenant = `run ${++run}`;
        const events = drawn.map((event, i) => ({
          ...event,
          tenant,
          event_id: String(i).padStart(4, '0'),
          ts: 1_768_000_000_000_000_000n + BigInt(i),
        }));
        await insert(events);
        expect(await readBack(tenant)).toEqual(events.map(stored));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('writes texts of every length around the limits of its shortcuts, and of 10 MB', async () => {
    const lengths = [
      0, 1, 23, 24, 25, 42, 43, 126, 127, 128, 129, 5461, 16_383, 16_384, 65_535, 65_536, 65_537,
    ];
    const texts = [
      ...lengths.flatMap((length) => ['a', 'é', '€'].map((letter) => letter.repeat(length))),
      `${'a'.repeat(22)}é`,
      `${'x'.repeat(10_000_000)}\0é`,
      '\ud800'.repeat(100),
    ];
    const events = texts.map((raw, i) => ({
      ...emptyEvent('otel'),
      tenant: 'lengths',
      event_id: String(i).padStart(4, '0'),
      ts: 1_768_000_000_000_000_000n,
      raw,
    }));
    await insert(events);
    const back = await readBack('lengths');
    expect(back.map(({ raw }) => (raw === '' ? '' : `${raw.length} ${raw.slice(-2)}`))).toEqual(
      texts.map(asUtf8).map((raw) => (raw === '' ? '' : `${raw.length} ${raw.slice(-2)}`)),
    );
    expect(back.every(({ raw }, i) => raw === asUtf8(texts[i] as string))).toBe(true);
  });

  it('names the column of a value that is of another type and leaves the rows before it whole', () => {
    const out = new RowBuffer();
    ENCODER.append(emptyEvent('otel'), out);
    const before = Buffer.from(out.bytes.subarray(0, out.position));
    for (const wrong of [undefined, null, 7, {}, ['x']]) {
      const event = { ...emptyEvent('otel'), user_agent: wrong } as unknown as Event;
      expect(() => ENCODER.append(event, out)).toThrow(RowEncodingError);
      expect(() => ENCODER.append(event, out)).toThrow(/user_agent/);
    }
    const unknownGrade = { ...emptyEvent('otel'), evidence: 'strong' } as unknown as Event;
    expect(() => ENCODER.append(unknownGrade, out)).toThrow(/evidence/);
    expect(out.bytes.subarray(0, out.position)).toEqual(before);
  });

  it('stamps rows again and again without touching anything else', async () => {
    const events = ['a', 'b', 'c'].map((event_id) => ({
      ...emptyEvent('otel'),
      tenant: 'stamps',
      event_id,
      ts: 1_768_000_000_000_000_000n,
      raw: 'text',
    }));
    const block = new RowBlock<Event, undefined>({ table: 'events', encoder: ENCODER });
    for (const event of events) block.append(event, undefined);
    block.body(NOW - 1000);
    await store.database.insertBinary('events', ENCODER.columnNames, Buffer.from(block.body(NOW, 1, 3)));
    expect(await readBack('stamps')).toEqual(events.slice(1).map(stored));
  });

  it('can read the texts of an encoded row back', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const out = new RowBuffer();
        ENCODER.append(event, out);
        const texts = decodeTexts(EVENT_COLUMNS, out.bytes.subarray(0, out.position));
        const expected = Object.entries(stored(event)).filter(
          ([name, value]) => typeof value === 'string' && name !== 'evidence',
        );
        expect(texts).toEqual(Object.fromEntries(expected));
      }),
    );
  });
});
