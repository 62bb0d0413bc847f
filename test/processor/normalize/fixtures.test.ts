import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { Normalized } from '../../../processor/normalize/normalized.js';
import { VENDORS } from '../../../processor/normalize/vendors.js';
import type { AnyValue } from '../../../processor/receiver/log-record.js';
import { createKeys } from '../../../schema/keys.js';
import { SOURCES } from '../../../schema/words.js';
import { anyValueOf, logRecord, nanos } from './log-records.js';

/** A folder a vendor, a file a case: a log record and what must be read from it. */
interface Fixture {
  says: string;
  body?: unknown;
  attributes?: object;
  resource?: object;
  eventName?: string;
  timeUnixNano?: string;
  expected: { event: Record<string, unknown>; identifiers?: Record<string, unknown> };
  /** Texts that must be nowhere in the event, and texts that must stay in its raw text. */
  absent?: string[];
  kept?: string[];
}

const folder = join(import.meta.dirname, 'fixtures');
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys: createKeys('a test secret') };

function fixturesOf(vendor: string): Fixture[] {
  return readdirSync(join(folder, vendor)).map((name) =>
    JSON.parse(readFileSync(join(folder, vendor, name), 'utf8')),
  );
}

function only(fixture: Fixture, body: AnyValue): Normalized {
  const { timeUnixNano, attributes = {}, resource = {}, eventName = '' } = fixture;
  const time = timeUnixNano === undefined ? {} : { timeUnixNano: nanos(timeUnixNano) };
  const result = normalize(logRecord({ body, attributes, resource, eventName, ...time }), context);
  expect(result.failures).toEqual([]);
  expect(result.unrecognised).toBe(0);
  expect(result.events).toHaveLength(1);
  return result.events[0] as Normalized;
}

function check(normalized: Normalized, { expected, absent = [], kept = [] }: Fixture): void {
  const wanted = { ...expected.event };
  for (const time of ['ts', 'session_created_at']) {
    if (typeof wanted[time] === 'string') wanted[time] = nanos(wanted[time]);
  }
  expect(normalized.event).toMatchObject(wanted);
  expect(normalized.identifiers).toMatchObject(expected.identifiers ?? {});
  const stored = JSON.stringify(normalized.event, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  for (const text of absent) expect(stored).not.toContain(text);
  for (const text of kept) expect(normalized.event.raw).toContain(text);
  JSON.parse(normalized.event.raw);
}

/** A vendor whose records come in several shapes is listed once a shape. */
const vendors = [...new Set(VENDORS.map(({ source }) => source))];

describe.each(vendors)('%s', (source) => {
  it.each(fixturesOf(source))('$says', (fixture) => {
    if (fixture.attributes !== undefined) {
      check(only(fixture, anyValueOf(fixture.body)), fixture);
      return;
    }
    const text = JSON.stringify(fixture.body);
    const fromText = only(fixture, text);
    check(fromText, fixture);
    const others: AnyValue[] = [
      anyValueOf(fixture.body),
      Buffer.from(text),
      `{"Records":[${text}]}`,
      `[${text}]`,
      JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', message: text }] }),
      JSON.stringify({ Type: 'Notification', Message: JSON.stringify({ Records: [fixture.body] }) }),
      anyValueOf({ log: text, stream: 'stdout' }),
      JSON.stringify(fixture.body, null, 2),
    ];
    for (const body of others) {
      const other = only(fixture, body);
      expect({ ...other.event, raw: '' }).toEqual({ ...fromText.event, raw: '' });
      expect(JSON.parse(other.event.raw)).toEqual(JSON.parse(fromText.event.raw));
      expect(other.identifiers).toEqual(fromText.identifiers);
    }
  });
});

describe('otel', () => {
  it.each(fixturesOf('otel'))('$says', (fixture) => {
    check(only(fixture, anyValueOf(fixture.body)), fixture);
  });
});

it('has a folder of fixtures for every source', () => {
  expect(readdirSync(folder).sort()).toEqual([...SOURCES].sort());
  expect([...vendors, 'otel'].sort()).toEqual([...SOURCES].sort());
});
