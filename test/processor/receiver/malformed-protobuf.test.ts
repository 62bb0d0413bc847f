import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../../../processor/receiver/decode-limits.js';
import { MalformedOtlpError } from '../../../processor/receiver/malformed-otlp-error.js';
import { OversizedOtlpError } from '../../../processor/receiver/oversized-otlp-error.js';
import { decodeProtobufLogs } from '../../../processor/receiver/protobuf-logs.js';
import { decodeProtobuf } from './decoded-records.js';
import { oracleRecords } from './oracle-records.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { requests } from './otlp-requests.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

function faultOf(body: Uint8Array): MalformedOtlpError {
  try {
    decodeProtobuf(body);
  } catch (error) {
    if (error instanceof MalformedOtlpError) return error;
    throw error;
  }
  throw new Error('the body was decoded');
}

/** The records, or undefined if the body is malformed; any other error is thrown on. */
function recordsOrFault(body: Uint8Array): unknown[] | undefined {
  try {
    return decodeProtobuf(body).records;
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedOtlpError);
    return undefined;
  }
}

function oracleRecordsOrFault(body: Uint8Array): unknown[] | undefined {
  try {
    return oracleRecords(body);
  } catch {
    return undefined;
  }
}

/** A request whose one record consists of these bytes. */
function requestAround(record: number[]): Buffer {
  const wrap = (tag: number, content: number[]) => [tag, content.length, ...content];
  return Buffer.from(wrap(0x0a, wrap(0x12, wrap(0x12, record))));
}

function nestedBody(levels: number): object {
  let body: object = { stringValue: 'deep' };
  for (let i = 0; i < levels; i++) {
    body =
      i % 2 === 0
        ? { arrayValue: { values: [body] } }
        : { kvlistValue: { values: [{ key: 'k', value: body }] } };
  }
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] };
}

describe('decoding what is no OTLP in protobuf', () => {
  it('refuses a request that is cut off, wherever it is cut', () => {
    const encoded = encodeLogsRequest(identityLogsRequest(2, seededRandom(4)));
    for (let length = 1; length < encoded.length; length++) {
      const fault = faultOf(encoded.subarray(0, length));
      expect(fault.offset).toBeLessThanOrEqual(length);
    }
  });

  it('refuses any random request that is cut off inside its only group', () => {
    fc.assert(
      fc.property(requests, fc.nat(), ({ resourceLogs }, cut) => {
        fc.pre(resourceLogs.length > 0);
        const encoded = encodeLogsRequest({ resourceLogs: resourceLogs.slice(0, 1) });
        faultOf(encoded.subarray(0, 1 + (cut % (encoded.length - 1))));
      }),
    );
  });

  it('finds as many records as protobufjs in a request with bytes changed, or refuses it', () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
    let compared = 0;
    fc.assert(
      fc.property(requests, fc.array(change, { minLength: 1, maxLength: 4 }), (request, changes) => {
        const encoded = encodeLogsRequest(request);
        fc.pre(encoded.length > 0);
        for (const { at, to } of changes) encoded[at % encoded.length] = to;
        const records = recordsOrFault(encoded);
        const expected = oracleRecordsOrFault(encoded);
        // protobufjs refuses more (text that is not UTF-8) and less (groups).
        if (records === undefined || expected === undefined) return;
        compared++;
        expect(records).toHaveLength(expected.length);
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('refuses random bytes or reads them, and does nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        recordsOrFault(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a group', [0x0b, 0x0c]],
    ['the end of a group', [0x0c]],
    ['a wire type that does not exist', [0x0e, 0x00]],
    ['field number zero', [0x02, 0x00]],
    ['a tag beyond 32 bits', [0x88, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]],
    ['a varint of eleven bytes', [0x10, ...Array(10).fill(0x80), 0x01]],
    ['a length beyond its message', [0x1a, 0x7f]],
    ['a length of 4 GiB', [0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a length beyond 32 bits', [0x1a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a fixed value that is cut off', [0x09, 0x01]],
    ['a varint that is cut off', [0x10, 0x80]],
  ])('refuses %s inside a record, saying where', (_, record) => {
    const fault = faultOf(requestAround(record as number[]));
    expect(fault.message).toMatch(/ at byte \d+ of the request$/);
    expect(fault.offset).toBeGreaterThanOrEqual(4);
  });

  it('refuses a field of a message that reaches into the next one', () => {
    // An attribute of 2 bytes whose key claims 1 byte more than the attribute has.
    const record = [0x32, 0x02, 0x0a, 0x01, 0x18, 0x00];
    expect(faultOf(requestAround(record)).reason).toBe('a field longer than the message that holds it');
    // A time of 8 bytes in a record that ends after 4 of them, followed by another record.
    const scopeLogs = [0x12, 0x05, 0x09, 1, 2, 3, 4, 0x12, 0x02, 0x10, 0x01, 0x12, 0x02, 0x10, 0x01];
    const body = Buffer.from([0x0a, scopeLogs.length + 2, 0x12, scopeLogs.length, ...scopeLogs]);
    expect(faultOf(body).reason).toBe('a field that runs over the end of its message');
  });

  it('takes a known field of an unexpected wire type as unknown', () => {
    const { records } = decodeProtobuf(requestAround([0x08, 0x05, 0x12, 0x01, 0x09]));
    expect(records[0]).toMatchObject({ timeUnixNano: 0n, severityNumber: 0 });
  });

  it('reads values nested as deep as the limit and refuses the next level', () => {
    const decode = (levels: number) => () =>
      decodeProtobufLogs(
        encodeLogsRequest(nestedBody(levels)),
        { ...DEFAULT_DECODE_LIMITS, maxDepth: 9 },
        () => undefined,
      );
    expect(decode(9)().records).toBe(1);
    expect(decode(10)).toThrow(MalformedOtlpError);
    expect(decode(10)).toThrow('values nested deeper than 9 levels');
  });

  it('refuses a nesting bomb of 100,000 levels without exhausting the stack', () => {
    let size = 0;
    const layers: Buffer[] = [];
    // Built from the inside: each level is an AnyValue in an ArrayValue in an AnyValue.
    for (let i = 0; i < 100_000; i++) {
      const value = lengthDelimited(0x0a, size);
      const array = lengthDelimited(0x2a, size + value.length);
      layers.push(value, array);
      size += value.length + array.length;
    }
    const body = lengthDelimited(0x2a, size);
    const record = Buffer.concat([body, ...layers.reverse()]);
    const scope = Buffer.concat([lengthDelimited(0x12, record.length), record]);
    const group = Buffer.concat([lengthDelimited(0x12, scope.length), scope]);
    expect(faultOf(Buffer.concat([lengthDelimited(0x0a, group.length), group])).reason).toMatch(
      /nested deeper/,
    );
  });

  it('refuses more records, groups or values than one request may have', () => {
    const limits = { maxDepth: 4, maxRecords: 3, maxValues: 5 };
    const decode = (scopeLogs: object[]) => () =>
      decodeProtobufLogs(encodeLogsRequest({ resourceLogs: [{ scopeLogs }] }), limits, () => undefined);
    const values = (count: number) => Array(count).fill({ intValue: 1 });
    const bodyOf = (count: number) => [{ logRecords: [{ body: { arrayValue: { values: values(count) } } }] }];
    expect(decode([{ logRecords: [{}, {}, {}] }])).not.toThrow();
    expect(decode([{ logRecords: [{}, {}, {}, {}] }])).toThrow(OversizedOtlpError);
    expect(decode(Array(5).fill({}))).not.toThrow();
    expect(decode(Array(6).fill({}))).toThrow(OversizedOtlpError);
    expect(decode(bodyOf(4))).not.toThrow();
    expect(decode(bodyOf(5))).toThrow(OversizedOtlpError);
  });
});

function lengthDelimited(tag: number, length: number): Buffer {
  const bytes = [tag];
  for (; length >= 0x80; length = Math.floor(length / 0x80)) bytes.push((length % 0x80) | 0x80);
  return Buffer.from([...bytes, length]);
}
