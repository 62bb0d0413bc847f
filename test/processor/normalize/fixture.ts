import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { Normalized } from '../../../processor/normalize/normalized.js';
import { VENDORS } from '../../../processor/normalize/registry.js';
import type { Vendor } from '../../../processor/normalize/vendor.js';
import type { AnyValue } from '../../../processor/receiver/log-record.js';
import { createKeys } from '../../../schema/keys.js';
import { anyValueOf, logRecord, nanos } from './log-records.js';

/** A folder a vendor, a file a case: a log record and what must be read from it. */
export interface Fixture {
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

export const FIXTURES = join(import.meta.dirname, 'fixtures');
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys: createKeys('a test secret') };

export function fixturesOf(source: string): Fixture[] {
  return readdirSync(join(FIXTURES, source)).map((name) =>
    JSON.parse(readFileSync(join(FIXTURES, source, name), 'utf8')),
  );
}

function only(fixture: Fixture, body: AnyValue, vendors: readonly Vendor[]): Normalized {
  const { timeUnixNano, attributes = {}, resource = {}, eventName = '' } = fixture;
  const time = timeUnixNano === undefined ? {} : { timeUnixNano: nanos(timeUnixNano) };
  const result = normalize(logRecord({ body, attributes, resource, eventName, ...time }), context, vendors);
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

/** Reads a fixture as it stands. */
export function checkFixture(fixture: Fixture, vendors: readonly Vendor[] = VENDORS): void {
  check(only(fixture, anyValueOf(fixture.body), vendors), fixture);
}

/** Reads a vendor's fixture in every form that collectors deliver: each must give the same event. */
export function checkInEveryForm(fixture: Fixture, vendors: readonly Vendor[] = VENDORS): void {
  if (fixture.attributes !== undefined) {
    checkFixture(fixture, vendors);
    return;
  }
  const text = JSON.stringify(fixture.body);
  const fromText = only(fixture, text, vendors);
  check(fromText, fixture);
  const others: AnyValue[] = [
    anyValueOf(fixture.body),
    Buffer.from(text),
    `{"Records":[${text}]}`,
    `{"records":[${text}]}`,
    `{"value":[${text}]}`,
    `[${text}]`,
    JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', message: text }] }),
    JSON.stringify({ Type: 'Notification', Message: JSON.stringify({ Records: [fixture.body] }) }),
    anyValueOf({ log: text, stream: 'stdout' }),
    JSON.stringify(fixture.body, null, 2),
  ];
  for (const body of others) {
    const other = only(fixture, body, vendors);
    expect({ ...other.event, raw: '' }).toEqual({ ...fromText.event, raw: '' });
    expect(JSON.parse(other.event.raw)).toEqual(JSON.parse(fromText.event.raw));
    expect(other.identifiers).toEqual(fromText.identifiers);
  }
}
