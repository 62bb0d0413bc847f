import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enrichedAttributes } from '../../../processor/enrich/enriched-attributes.js';
import { AppendedAttributes } from '../../../processor/forward/appended-attributes.js';
import { reframe } from '../../../processor/forward/protobuf-reframe.js';
import { RecordRange } from '../../../processor/forward/record-range.js';
import type { Event } from '../../../schema/event.js';
import { decodeProtobuf, plain } from '../receiver/decoded-records.js';
import { encodeLogsRequest, LogsRequestType } from '../receiver/otlp-descriptor.js';
import { requests } from '../receiver/otlp-requests.js';
import { seededRandom } from '../receiver/sample-requests.js';
import { disturb } from '../receiver/wire-disturbance.js';
import { appendedOf, eventOf, events } from './enriched-batch.js';
import { wireFields } from './wire-fields.js';

/** Requests in any encoding that protobuf allows, with unknown fields at every level. */
const encodedRequests = fc
  .tuple(requests, fc.integer())
  .map(([request, seed]) => disturb(encodeLogsRequest(request), LogsRequestType, seededRandom(seed)));

const someEvents = fc.array(fc.option(events, { nil: undefined }), { minLength: 1, maxLength: 5 });
const forRecord = (all: readonly (Event | undefined)[]) => (index: number) => all[index % all.length];

const wholeOf = (records: readonly unknown[]) => new RecordRange(0, records.length, records.length);

/** What must be the same in both: everything but what is appended to a record, and the lengths around it. */
function expectSameButAppended(before: Buffer, after: Buffer, appended: AppendedAttributes): void {
  let index = 0;
  const compare = (one: Buffer, other: Buffer, depth: number) => {
    const [fields, others] = [wireFields(one), wireFields(other)];
    expect(others.length).toBe(fields.length);
    for (const [i, { number, wire, bytes, content }] of fields.entries()) {
      const counterpart = others[i] as (typeof others)[number];
      expect([counterpart.number, counterpart.wire]).toEqual([number, wire]);
      const isGroup = wire === 2 && number === (depth === 0 ? 1 : 2);
      if (isGroup && depth < 2) compare(content, counterpart.content, depth + 1);
      else if (isGroup) {
        const more = appended.of(index++) ?? Buffer.alloc(0);
        expect(counterpart.content.equals(Buffer.concat([content, more]))).toBe(true);
        if (more.length === 0) expect(counterpart.bytes.equals(bytes)).toBe(true);
      } else expect(counterpart.bytes.equals(bytes)).toBe(true);
    }
  };
  compare(before, after, 0);
}

describe('appending attributes to a protobuf request', () => {
  it('adds the attributes to the records that have them and changes nothing else that is read', () => {
    fc.assert(
      fc.property(encodedRequests, someEvents, (body, all) => {
        const { records } = decodeProtobuf(body);
        const output = reframe(body, appendedOf(records, forRecord(all)), wholeOf(records));
        for (const [index, record] of records.entries()) {
          const event = all[index % all.length];
          const more = event === undefined ? {} : enrichedAttributes(event);
          for (const [name, value] of Object.entries(more)) record.attributes[name] ??= value;
        }
        expect(plain(decodeProtobuf(output).records)).toStrictEqual(plain(records));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves every other byte as it came, unknown fields at every level and their order', () => {
    fc.assert(
      fc.property(encodedRequests, someEvents, (body, all) => {
        const { records } = decodeProtobuf(body);
        const appended = appendedOf(records, forRecord(all));
        expectSameButAppended(body, reframe(body, appended, wholeOf(records)), appended);
      }),
      { numRuns: 300 },
    );
  });

  it('gives a request to which nothing is appended back as the bytes that came', () => {
    fc.assert(
      fc.property(encodedRequests, (body) => {
        const { records } = decodeProtobuf(body);
        const output = reframe(body, new AppendedAttributes(records.length), wholeOf(records));
        expect(output.equals(body)).toBe(true);
      }),
    );
  });

  it('does not append an attribute whose name the record has, whatever its value', () => {
    const attributes = [
      { key: 'vouchtrail.source', value: { stringValue: 'okta' } },
      { key: 'client.as.number', value: {} },
    ];
    const body = encodeLogsRequest({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] });
    const { records } = decodeProtobuf(body);
    const event = eventOf({ asn: 64_500, country: 'DE' });
    const output = reframe(
      body,
      appendedOf(records, () => event),
      wholeOf(records),
    );
    const { attributes: after } = decodeProtobuf(output).records[0] ?? {};
    expect(after).toMatchObject({ 'vouchtrail.source': 'okta', 'geo.country.iso_code': 'DE' });
    expect(after?.['client.as.number']).toBeUndefined();
    expect(output.toString('latin1').split('vouchtrail.source')).toHaveLength(2);
    expect(output.toString('latin1').split('client.as.number')).toHaveLength(2);
  });

  it('appends nothing to what has been through it', () => {
    fc.assert(
      fc.property(encodedRequests, events, (body, event) => {
        const { records } = decodeProtobuf(body);
        const once = reframe(
          body,
          appendedOf(records, () => event),
          wholeOf(records),
        );
        const again = decodeProtobuf(once).records;
        expect(
          reframe(
            once,
            appendedOf(again, () => event),
            wholeOf(again),
          ).equals(once),
        ).toBe(true);
      }),
    );
  });

  it('cuts a request into pieces that together hold each record once and everything around them', () => {
    fc.assert(
      fc.property(encodedRequests, someEvents, fc.array(fc.nat(30), { maxLength: 4 }), (body, all, cuts) => {
        const { records } = decodeProtobuf(body);
        const appended = appendedOf(records, forRecord(all));
        const whole = reframe(body, appended, wholeOf(records));
        const pieces = rangesAt(cuts, records.length).map((range) => reframe(body, appended, range));
        expect(pieces.flatMap((piece) => plain(decodeProtobuf(piece).records))).toStrictEqual(
          plain(decodeProtobuf(whole).records),
        );
        expect(new Set(pieces.flatMap(emptyGroups))).toEqual(new Set(emptyGroups(whole)));
        expect(pieces.flatMap(unknownFields)).toEqual(unknownFields(whole));
      }),
      { numRuns: 300 },
    );
  });
});

/** The ranges between some numbers of records. */
function rangesAt(cuts: readonly number[], all: number): RecordRange[] {
  const bounds = [...new Set([0, all, ...cuts.filter((cut) => cut < all)])].sort((a, b) => a - b);
  if (bounds.length === 1) return [new RecordRange(0, 0, 0)];
  return bounds.slice(1).map((to, i) => new RecordRange(bounds[i] as number, to, all));
}

/** Those ResourceLogs and ScopeLogs without records whose parent has some or is the request. */
function emptyGroups(body: Buffer): string[] {
  const recordsIn = (group: Buffer, depth: number): number =>
    wireFields(group)
      .filter(({ number, wire }) => number === 2 && wire === 2)
      .reduce((sum, { content }) => sum + (depth === 1 ? 1 : recordsIn(content, depth + 1)), 0);
  return wireFields(body)
    .filter(({ number, wire }) => number === 1 && wire === 2)
    .flatMap(({ bytes, content }) => {
      if (recordsIn(content, 0) === 0) return [bytes.toString('hex')];
      const scopes = wireFields(content).filter(({ number, wire }) => number === 2 && wire === 2);
      return scopes
        .filter((scope) => recordsIn(scope.content, 1) === 0)
        .map((scope) => scope.bytes.toString('hex'));
    });
}

function unknownFields(body: Buffer): string[] {
  return wireFields(body)
    .filter(({ number }) => number !== 1)
    .map(({ bytes }) => bytes.toString('hex'));
}
