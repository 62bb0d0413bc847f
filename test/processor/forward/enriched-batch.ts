import fc from 'fast-check';
import { AppendedAttributes } from '../../../processor/forward/appended-attributes.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { LogBatch, OtlpEncoding } from '../../../processor/receiver/log-batch.js';
import { type LogRecord, newLogRecord } from '../../../processor/receiver/log-record.js';
import type { Event } from '../../../schema/event.js';
import { cloudTrailRecord } from '../cloudtrail-record.js';
import { decodeJson, decodeProtobuf } from '../receiver/decoded-records.js';

/** A real event with these columns; as it is before it is enriched, most are empty. */
export function eventOf(columns: Partial<Event> = {}): Event {
  const record = Object.assign(newLogRecord(), { body: JSON.stringify(cloudTrailRecord(1)) });
  const event = normalize(record, { receivedAt: 0 }).events[0]?.event as Event;
  return { ...event, ...columns };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ minLength: 90, maxLength: 300 }),
  fc.constantFrom('', 'aws', 'naïve', 'a'.repeat(127), 'a'.repeat(128), 'ü'.repeat(70), '\u0000"\\'),
);

/** Events that differ in what is appended of them: lengths of any size, texts of any script. */
export const events: fc.Arbitrary<Event> = fc
  .record({
    vendor_event_id: text,
    asn: fc.oneof(fc.constantFrom(0, 127, 128), fc.nat(0xffff_ffff)),
    as_organization: text,
    country: fc.constantFrom('', 'DE'),
    browser: text,
    session_key: fc.stringMatching(/^[0-9a-f]{32}$/),
    application_name: text,
    amr: fc.array(text, { maxLength: 4 }),
  })
  .map(eventOf);

/** A batch as the receiver makes it of a request. */
export function batchOf(body: Buffer, encoding: OtlpEncoding = 'protobuf'): LogBatch {
  const { records } = encoding === 'protobuf' ? decodeProtobuf(body) : decodeJson(body);
  return { records, encoding, receivedAt: Date.now(), body };
}

/** What is appended to some of a batch's records: those for which there is an event. */
export function appendedOf(
  records: readonly LogRecord[],
  eventFor: (index: number) => Event | undefined,
): AppendedAttributes {
  const appended = new AppendedAttributes(records.length);
  for (const [index, record] of records.entries()) {
    const event = eventFor(index);
    if (event !== undefined) appended.add(index, record, event);
  }
  return appended;
}
