import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enrichedAttributes } from '../../../processor/enrich/enriched-attributes.js';
import { AppendedAttributes } from '../../../processor/forward/appended-attributes.js';
import { spliceJson } from '../../../processor/forward/json-splice.js';
import { transcodeJson } from '../../../processor/forward/json-transcode.js';
import { RecordRange } from '../../../processor/forward/record-range.js';
import type { Event } from '../../../schema/event.js';
import { decodeJson, decodeProtobuf, plain } from '../receiver/decoded-records.js';
import { encodeLogsRequest, LogsRequestType } from '../receiver/otlp-descriptor.js';
import { otlpJson } from '../receiver/otlp-json.js';
import { type ProtoRequest, requests } from '../receiver/otlp-requests.js';
import { seededRandom } from '../receiver/sample-requests.js';
import { appendedOf, eventOf, events } from './enriched-batch.js';

const jsonRequests = fc
  .tuple(requests, fc.integer())
  .map(([request, seed]) => ({ request, body: Buffer.from(otlpJson(request, seededRandom(seed))) }));
const someEvents = fc.array(fc.option(events, { nil: undefined }), { minLength: 1, maxLength: 5 });
const forRecord = (all: readonly (Event | undefined)[]) => (index: number) => all[index % all.length];
const wholeOf = (records: readonly unknown[]) => new RecordRange(0, records.length, records.length);

/** The records of a request with what is known of them. */
function enriched(body: Buffer, all: readonly (Event | undefined)[]): unknown[] {
  const { records } = decodeJson(body);
  for (const [index, record] of records.entries()) {
    const event = all[index % all.length];
    const more = event === undefined ? {} : enrichedAttributes(event);
    for (const [name, value] of Object.entries(more)) record.attributes[name] ??= value;
  }
  return plain(records);
}

/** A request of one record that is written so, with one attribute appended. */
function spliced(record: string): string {
  const request = (text: string) => `{"resourceLogs":[ {"scopeLogs":[{"logRecords":[${text} ]}]}]}`;
  const body = Buffer.from(request(record));
  const { records } = decodeJson(body);
  const blank = Object.fromEntries(
    Object.keys(enrichedAttributes(eventOf())).map((name) => [name, undefined]),
  );
  for (const each of records) Object.assign(each.attributes, { ...blank, ...each.attributes });
  delete records[0]?.attributes['vouchtrail.source'];
  const output = spliceJson(
    body,
    appendedOf(records, () => eventOf()),
    wholeOf(records),
  ).toString();
  const [before, after] = request('|').split('|') as [string, string];
  expect(output.startsWith(before) && output.endsWith(after)).toBe(true);
  return output.slice(before.length, output.length - after.length);
}

describe('appending attributes to a JSON request', () => {
  it('adds the attributes to the records that have them and changes nothing else that is read', () => {
    fc.assert(
      fc.property(jsonRequests, someEvents, ({ body }, all) => {
        const { records } = decodeJson(body);
        const output = spliceJson(body, appendedOf(records, forRecord(all)), wholeOf(records));
        expect(plain(decodeJson(output).records)).toStrictEqual(enriched(body, all));
        // A reader that is not ours reads it, too.
        expect(() => JSON.parse(output.toString())).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  const ours = '{"key":"vouchtrail.source","value":{"stringValue":"cloudtrail"}}';
  it.each([
    ['without attributes', '{"body": {"x" : 1.0 } }', `{"body": {"x" : 1.0 } ,"attributes":[${ours}]}`],
    ['without members', '{ }', `{ "attributes":[${ours}]}`],
    ['with null attributes', '{"attributes": null,"y":1e2}', `{"attributes": [${ours}],"y":1e2}`],
    ['with an empty list', '{"attributes":[ ] , "z":"\\u0041"}', `{"attributes":[ ${ours}] , "z":"\\u0041"}`],
    [
      'with attributes and unknown members at every level',
      '{"attributes":[{"key":"a","new":[{}],"value":{"intValue":9007199254740993,"n":0}} ],"more":null}',
      `{"attributes":[{"key":"a","new":[{}],"value":{"intValue":9007199254740993,"n":0}} ,${ours}],"more":null}`,
    ],
    [
      'with attributes twice',
      '{"attributes":[{"key":"a"}],"attributes":[{"key":"b"}]}',
      `{"attributes":[{"key":"a"}],"attributes":[{"key":"b"},${ours}]}`,
    ],
  ])('leaves every byte of a record %s as it came', (_, record, expected) => {
    expect(spliced(record)).toBe(expected);
  });

  it('gives a request to which nothing is appended back as the bytes that came', () => {
    fc.assert(
      fc.property(jsonRequests, ({ body }) => {
        const { records } = decodeJson(body);
        const output = spliceJson(body, new AppendedAttributes(records.length), wholeOf(records));
        expect(output.equals(body)).toBe(true);
      }),
    );
  });

  it('takes whatever the decoder takes, however deep it nests', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const kvlist = '{"kvlistValue":{"values":[{"key":"k","value":'.repeat(64);
    const value = `${kvlist}{"unknown":${deep(512)}}${'}]}}'.repeat(64)}`;
    const body = Buffer.from(
      `{"resourceLogs":[{"resource":{"attributes":[{"key":"a","value":${value}}]},"scopeLogs":[{"logRecords":[{"attributes":[{"key":"a","value":${value}}]}]}]}]}`,
    );
    const { records } = decodeJson(body);
    const appended = appendedOf(records, () => eventOf());
    expect(decodeJson(spliceJson(body, appended, wholeOf(records))).records).toHaveLength(1);
    expect(decodeProtobuf(transcodeJson(body, appended, wholeOf(records))).records).toHaveLength(1);
  });
});

describe('a JSON request that leaves as protobuf', () => {
  it('is read as it came, with the attributes that were added', () => {
    fc.assert(
      fc.property(jsonRequests, someEvents, ({ body }, all) => {
        const { records } = decodeJson(body);
        const output = transcodeJson(body, appendedOf(records, forRecord(all)), wholeOf(records));
        expect(plain(decodeProtobuf(output).records)).toStrictEqual(enriched(body, all));
      }),
      { numRuns: 300 },
    );
  });

  it('has every field that it would have had as protobuf: kinds of numbers, flags, duplicates, empty values', () => {
    fc.assert(
      fc.property(jsonRequests, ({ request, body }) => {
        const { records } = decodeJson(body);
        const output = transcodeJson(body, new AppendedAttributes(records.length), wholeOf(records));
        expect(meaning(output)).toEqual(meaning(encodeLogsRequest(withoutOddities(request))));
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ['spliced', spliceJson, decodeJson],
  ['transcoded', transcodeJson, decodeProtobuf],
])('a JSON request that is %s in pieces', (_, write, decode) => {
  it('holds each record once, in its order, under its resource and scope', () => {
    fc.assert(
      fc.property(jsonRequests, someEvents, fc.array(fc.nat(30), { maxLength: 4 }), ({ body }, all, cuts) => {
        const { records } = decodeJson(body);
        const appended = appendedOf(records, forRecord(all));
        const bounds = [...new Set([0, records.length, ...cuts.filter((cut) => cut < records.length)])];
        bounds.sort((a, b) => a - b);
        const pieces = bounds
          .slice(1)
          .map((to, i) => write(body, appended, new RecordRange(bounds[i] as number, to, records.length)));
        const inPieces = pieces.map((piece) => decode(piece).records);
        expect(inPieces.flatMap(plain)).toStrictEqual(enriched(body, all));
        expect(inPieces.map(({ length }) => length)).toEqual(
          bounds.slice(1).map((to, i) => to - (bounds[i] as number)),
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** What an encoded request says, as protobufjs reads it: an absent field is the same as one of its default. */
function meaning(body: Buffer): object {
  return LogsRequestType.toObject(LogsRequestType.decode(body), {
    longs: String,
    bytes: String,
    defaults: true,
  });
}

/** Without what OTLP's logs do not define, or is none of what it should be: it is taken as absent. */
function withoutOddities(request: ProtoRequest): ProtoRequest {
  const isId = (bytes: Buffer | undefined, size: number) =>
    bytes?.length === size && bytes.some((byte) => byte !== 0);
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    const members = Object.entries(value).filter(
      ([name, member]) =>
        !/strindex/i.test(name) &&
        (name !== 'traceId' || isId(member, 16)) &&
        (name !== 'spanId' || isId(member, 8)),
    );
    return Object.fromEntries(members.map(([name, member]) => [name, clean(member)]));
  };
  return clean(request) as ProtoRequest;
}
