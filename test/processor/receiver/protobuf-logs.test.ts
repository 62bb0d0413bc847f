import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../../../processor/receiver/decode-limits.js';
import type { LogRecord } from '../../../processor/receiver/log-record.js';
import { decodeProtobufLogs } from '../../../processor/receiver/protobuf-logs.js';
import { decodeProtobuf, plain } from './decoded-records.js';
import { oracleRecords } from './oracle-records.js';
import { encodeLogsRequest, LogRecordType, LogsRequestType } from './otlp-descriptor.js';
import { requests } from './otlp-requests.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';
import { disturb } from './wire-disturbance.js';

const oneRecord = (record: object) =>
  encodeLogsRequest({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });

describe('decoding OTLP logs from protobuf', () => {
  it('reads every request as protobufjs does', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const encoded = encodeLogsRequest(request);
        expect(plain(decodeProtobuf(encoded).records)).toStrictEqual(oracleRecords(encoded));
      }),
      { numRuns: 300 },
    );
  });

  it('MUST ignore unknown fields, and reads fields in any order, split messages and longer varints as protobufjs does', () => {
    fc.assert(
      fc.property(requests, fc.integer(), (request, seed) => {
        const disturbed = disturb(encodeLogsRequest(request), LogsRequestType, seededRandom(seed));
        expect(plain(decodeProtobuf(disturbed).records)).toStrictEqual(oracleRecords(disturbed));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the meaning when a request is disturbed so', () => {
    fc.assert(
      fc.property(requests, fc.integer(), (request, seed) => {
        const encoded = encodeLogsRequest(request);
        const disturbed = disturb(encoded, LogsRequestType, seededRandom(seed));
        expect(plain(decodeProtobuf(disturbed).records)).toStrictEqual(
          plain(decodeProtobuf(encoded).records),
        );
      }),
    );
  });

  it('gives the byte range of each record in the request', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const encoded = encodeLogsRequest(request);
        const all = request.resourceLogs.flatMap((group) =>
          group.scopeLogs.flatMap((scope) => scope.logRecords),
        );
        const ranges = decodeProtobuf(encoded).records.map(({ byteRange }) => byteRange);
        const messages = ranges.map(({ start, end }) => LogRecordType.decode(encoded.subarray(start, end)));
        expect(messages).toEqual(
          all.map((record) =>
            LogRecordType.decode(LogRecordType.encode(LogRecordType.fromObject(record)).finish()),
          ),
        );
      }),
    );
  });

  it('reads an empty request as no records', () => {
    expect(decodeProtobuf(Buffer.alloc(0)).records).toEqual([]);
  });

  it('reads a body that is a view into a larger buffer', () => {
    const encoded = encodeLogsRequest(identityLogsRequest(3, seededRandom(1)));
    const larger = Buffer.concat([Buffer.alloc(13, 0xff), encoded, Buffer.alloc(9, 0xff)]);
    const view = new Uint8Array(larger.buffer, larger.byteOffset + 13, encoded.length);
    expect(decodeProtobuf(view).records).toEqual(decodeProtobuf(encoded).records);
  });

  it('shares the resource, scope and schema URLs between the records of a group, and between no others', () => {
    const group = {
      resource: { attributes: [] },
      scopeLogs: [{ logRecords: [{}, {}] }, { logRecords: [{}] }],
    };
    const [a, b, c, d] = decodeProtobuf(encodeLogsRequest({ resourceLogs: [group, group] })).records as [
      LogRecord,
      LogRecord,
      LogRecord,
      LogRecord,
    ];
    expect(b.resource).toBe(a.resource);
    expect(b.scope).toBe(a.scope);
    expect(b.schemaUrls).toBe(a.schemaUrls);
    expect(c.resource).toBe(a.resource);
    expect(c.scope).not.toBe(a.scope);
    expect(d.resource).not.toBe(a.resource);
  });

  it('knows the resource and the scope of a record that comes before them', () => {
    const records = Buffer.from([0x12, 0x00]); // ScopeLogs.log_records, empty
    const scope = Buffer.from([0x0a, 0x03, 0x0a, 0x01, 0x73]); // ScopeLogs.scope {name: 's'}
    const scopeLogs = Buffer.concat([records, scope]);
    const resource = Buffer.from([0x0a, 0x02, 0x10, 0x07]); // ResourceLogs.resource {dropped: 7}
    const group = Buffer.concat([Buffer.from([0x12, scopeLogs.length]), scopeLogs, resource]);
    const [record] = decodeProtobuf(Buffer.concat([Buffer.from([0x0a, group.length]), group])).records;
    expect(record?.scope.name).toBe('s');
    expect(record?.resource.droppedAttributesCount).toBe(7);
  });

  it('takes keys that JavaScript objects have of their own as ordinary keys', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const value = { kvlistValue: { values: [{ key: 'polluted', value: { boolValue: true } }] } };
    const { attributes } = decodeProtobuf(oneRecord({ attributes: names.map((key) => ({ key, value })) }))
      .records[0] as LogRecord;
    expect(Object.keys(attributes)).toEqual(names);
    for (const name of names) expect({ ...(attributes[name] as object) }).toEqual({ polluted: true });
    expect('polluted' in attributes).toBe(false);
    expect('valueOf' in attributes).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  it('lets the last of two equal keys win', () => {
    const pairs = ['first', 'second'].map((stringValue) => ({ key: 'k', value: { stringValue } }));
    const [record] = decodeProtobuf(oneRecord({ attributes: pairs })).records;
    expect({ ...record?.attributes }).toEqual({ k: 'second' });
  });

  it('keeps the low 8 bits of the flags, whose others are reserved', () => {
    expect(decodeProtobuf(oneRecord({ flags: 0xffff_ff01 })).records[0]?.flags).toBe(1);
  });

  it('replaces what is not UTF-8, counts it, and keeps the rest of the record', () => {
    const bad = oneRecord({ body: { stringValue: 'caf?' }, severityText: 'x?', eventName: 'kept' });
    for (let at = bad.indexOf('?'); at !== -1; at = bad.indexOf('?')) bad[at] = 0xe9;
    const { records, notes } = decodeProtobuf(bad);
    expect(records[0]).toMatchObject({ body: 'caf\ufffd', severityText: 'x\ufffd', eventName: 'kept' });
    expect(notes.invalidUtf8).toBe(2);
    expect(decodeProtobuf(bad).notes.invalidUtf8).toBe(2);
  });

  it('does not count a U+FFFD that the sender wrote', () => {
    const { records, notes } = decodeProtobuf(oneRecord({ body: { stringValue: 'so \ufffd it was' } }));
    expect(records[0]?.body).toBe('so \ufffd it was');
    expect(notes.invalidUtf8).toBe(0);
  });

  it('takes string indexes, and ids of a wrong length or all zero, as absent, and counts them', () => {
    const record = {
      traceId: Buffer.alloc(15, 1),
      spanId: Buffer.alloc(9, 1),
      body: { stringValueStrindex: 3 },
      attributes: [{ keyStrindex: 4, value: { boolValue: true } }],
    };
    const { records, notes } = decodeProtobuf(oneRecord(record));
    expect(records[0]).toMatchObject({ traceId: '', spanId: '', body: undefined });
    expect({ ...records[0]?.attributes }).toEqual({ '': true });
    expect(notes).toMatchObject({ records: 1, stringIndexes: 2, invalidIds: 2 });
    const zero = decodeProtobuf(oneRecord({ traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) }));
    expect(zero.records[0]).toMatchObject({ traceId: '', spanId: '' });
  });

  it('copies bytes, so that a record does not hold or see its request', () => {
    const encoded = oneRecord({ body: { bytesValue: Buffer.from('abc') } });
    const { records } = decodeProtobuf(encoded);
    encoded.fill(0);
    expect(records[0]?.body).toEqual(new Uint8Array([97, 98, 99]));
  });

  it('can decode other requests from within the callback, and after one that threw', () => {
    const outer = encodeLogsRequest(identityLogsRequest(20, seededRandom(2)));
    const inner = encodeLogsRequest(identityLogsRequest(5, seededRandom(3)));
    const [expected, expectedInner] = [decodeProtobuf(outer).records, decodeProtobuf(inner).records];
    const records: LogRecord[] = [];
    decodeProtobufLogs(outer, DEFAULT_DECODE_LIMITS, (record) => {
      expect(decodeProtobuf(inner).records).toEqual(expectedInner);
      expect(() =>
        decodeProtobufLogs(inner, DEFAULT_DECODE_LIMITS, () => {
          throw new RangeError('stop');
        }),
      ).toThrow(RangeError);
      records.push(record);
    });
    expect(records).toEqual(expected);
  });
});
