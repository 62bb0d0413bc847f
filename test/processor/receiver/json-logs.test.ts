import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../../../processor/receiver/decode-limits.js';
import { decodeJsonLogs } from '../../../processor/receiver/json-logs.js';
import type { LogRecord } from '../../../processor/receiver/log-record.js';
import { MalformedOtlpError } from '../../../processor/receiver/malformed-otlp-error.js';
import { OversizedOtlpError } from '../../../processor/receiver/oversized-otlp-error.js';
import { decodeJson, decodeProtobuf, plain } from './decoded-records.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { otlpJson } from './otlp-json.js';
import { requests } from './otlp-requests.js';
import { seededRandom } from './sample-requests.js';

/** The one record of a request whose record is this JSON text. */
function recordOf(record: string): LogRecord {
  const { records } = decodeJson(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
  expect(records).toHaveLength(1);
  return records[0] as LogRecord;
}

const bodyOf = (value: string) => recordOf(`{"body":${value}}`).body;

describe('decoding OTLP logs from JSON', () => {
  it('reads every request as its protobuf form is read', () => {
    fc.assert(
      fc.property(requests, fc.integer(), (request, seed) => {
        const json = otlpJson(request, seededRandom(seed));
        expect(plain(decodeJson(json).records)).toStrictEqual(
          plain(decodeProtobuf(encodeLogsRequest(request)).records),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('gives no byte range', () => {
    expect(recordOf('{}').byteRange).toEqual({ start: -1, end: -1 });
  });

  it('keeps every digit of 64-bit integers written as numbers', () => {
    const record = recordOf(
      '{"timeUnixNano":1760000000123456789,"observedTimeUnixNano":"1760000000123456790",' +
        '"attributes":[{"key":"a","value":{"intValue":9007199254740993}},{"key":"b","value":{"intValue":-9223372036854775808}}]}',
    );
    expect(record.timeUnixNano).toBe(1760000000123456789n);
    expect(record.observedTimeUnixNano).toBe(1760000000123456790n);
    expect({ ...record.attributes }).toEqual({ a: 9007199254740993n, b: -9223372036854775808n });
  });

  it.each([
    ['1.76e18', 1760000000000000000n],
    ['1.760000000123456789E+18', 1760000000123456789n],
    ['1760000000.0', 1760000000n],
    ['"1500e-2"', 15n],
    ['0', 0n],
    ['-0', 0n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['null', 0n],
  ])('reads the time %s exactly', (text, expected) => {
    expect(recordOf(`{"timeUnixNano":${text}}`).timeUnixNano).toBe(expected);
  });

  it.each([
    '1.5',
    '-1',
    '18446744073709551616',
    '1e400',
    '"x"',
    '""',
    '"1 "',
    '1e999999999',
    'true',
    '{}',
    '0x10',
  ])('refuses the time %s', (text) => {
    expect(() => recordOf(`{"timeUnixNano":${text}}`)).toThrow(MalformedOtlpError);
  });

  it('reads ids in hex of either case, and takes others as absent', () => {
    const hex = '5B8EFFF798038103D269B633813FC60C';
    expect(recordOf(`{"traceId":"${hex}","spanId":"EEE19b7ec3c1b174"}`)).toMatchObject({
      traceId: hex.toLowerCase(),
      spanId: 'eee19b7ec3c1b174',
    });
    const base64 = 'W47/95gDgQPSabYzgT/GDA==';
    const text = `{"traceId":"${base64}","spanId":"${'0'.repeat(16)}"}`;
    const { records, notes } = decodeJson(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${text}]}]}]}`);
    expect(records[0]).toMatchObject({ traceId: '', spanId: '' });
    expect(notes.invalidIds).toBe(1);
  });

  it('reads bytes in base64, standard or URL-safe, padded or not', () => {
    const expected = new Uint8Array([0xfb, 0xff, 0xbf, 0x01]);
    for (const text of ['+/+/AQ==', '-_-_AQ==', '+/+/AQ', '-_-_AQ']) {
      expect(bodyOf(`{"bytesValue":"${text}"}`)).toEqual(expected);
    }
    expect(() => bodyOf('{"bytesValue":"#"}')).toThrow(MalformedOtlpError);
  });

  it('reads doubles as numbers, as the three names and as strings', () => {
    const doubles = ['1', '-0.5', '1e3', '"NaN"', '"Infinity"', '"-Infinity"', '"2.5"'];
    expect(doubles.map((text) => bodyOf(`{"doubleValue":${text}}`))).toEqual([
      1,
      -0.5,
      1000,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      2.5,
    ]);
    expect(() => bodyOf('{"doubleValue":"much"}')).toThrow(MalformedOtlpError);
    expect(() => bodyOf('{"doubleValue":NaN}')).toThrow(MalformedOtlpError);
  });

  it('takes null as absent, at every level', () => {
    expect(decodeJson('{"resourceLogs":null}').records).toEqual([]);
    const members = 'timeUnixNano severityNumber severityText body attributes traceId flags eventName'.split(
      ' ',
    );
    const record = recordOf(`{${members.map((name) => `"${name}":null`).join()}}`);
    expect(plain([record])).toStrictEqual(plain([recordOf('{}')]));
    expect(bodyOf('{"stringValue":null}')).toBeUndefined();
    expect(bodyOf('{"arrayValue":{"values":null}}')).toEqual([]);
    expect(bodyOf('{"arrayValue":{"values":[null]}}')).toEqual([undefined]);
    expect({ ...recordOf('{"attributes":[{"key":"k","value":null}]}').attributes }).toHaveProperty(
      'k',
      undefined,
    );
  });

  it('ignores members that it does not know, snake_case ones among them, whatever they hold', () => {
    const record = recordOf(
      '{"time_unix_nano":"5","severity_text":"x","later":{"a":[1,{"b":"c\\n"},[],{},null,true,false,-1.5e-3]},"eventName":"kept"}',
    );
    expect(record).toMatchObject({ timeUnixNano: 0n, severityText: '', eventName: 'kept' });
  });

  it('refuses the names of severities, which OTLP does not allow', () => {
    expect(() => recordOf('{"severityNumber":"SEVERITY_NUMBER_INFO"}')).toThrow(MalformedOtlpError);
    expect(recordOf('{"severityNumber":9}').severityNumber).toBe(9);
  });

  it('fills in a resource, scope and schema URLs that come after the records', () => {
    const { records } = decodeJson(
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}],"scope":{"name":"s"},"schemaUrl":"u"}],' +
        '"schemaUrl":"v","resource":{"droppedAttributesCount":2}}]}',
    );
    for (const record of records) {
      expect(record).toMatchObject({
        scope: { name: 's' },
        schemaUrls: { scope: 'u', resource: 'v' },
        resource: { droppedAttributesCount: 2 },
      });
    }
    expect(records[0]?.scope).toBe(records[1]?.scope);
  });

  it('takes __proto__ as an ordinary key', () => {
    const pair =
      '{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"polluted","value":{"boolValue":true}}]}}}';
    const { attributes } = recordOf(`{"attributes":[${pair}],"__proto__":{"body":{"intValue":1}}}`);
    expect(Object.keys(attributes)).toEqual(['__proto__']);
    expect('polluted' in attributes).toBe(false);
  });

  it('replaces and counts what is not UTF-8 or a lone surrogate', () => {
    const text =
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"a?","severityText":"b\\ud800"}]}]}]}';
    const bytes = Buffer.from(text);
    bytes[bytes.indexOf('?')] = 0xff;
    const { records, notes } = decodeJson(bytes);
    expect(records[0]).toMatchObject({ eventName: 'a\ufffd', severityText: 'b\ufffd' });
    expect(notes.invalidUtf8).toBe(2);
  });

  it('reads values nested as deep as the limit and refuses the next level', () => {
    const nested = (levels: number) =>
      `${'{"arrayValue":{"values":['.repeat(levels)}{"intValue":1}${']}}'.repeat(levels)}`;
    const { maxDepth } = DEFAULT_DECODE_LIMITS;
    expect(bodyOf(nested(maxDepth))).toBeInstanceOf(Array);
    expect(() => bodyOf(nested(maxDepth + 1))).toThrow(MalformedOtlpError);
    expect(() => bodyOf(nested(100_000))).toThrow(MalformedOtlpError);
    expect(() => recordOf(`{"unknown":${'['.repeat(100_000)}`)).toThrow(MalformedOtlpError);
  });

  it('refuses more records, groups or values than one request may have', () => {
    const limits = { maxDepth: 4, maxRecords: 3, maxValues: 5 };
    const decode = (scopeLogs: object[]) => () =>
      decodeJsonLogs(Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs }] })), limits, () => undefined);
    const bodyWith = (count: number) => [
      { logRecords: [{ body: { arrayValue: { values: Array(count).fill({ intValue: 1 }) } } }] },
    ];
    expect(decode([{ logRecords: [{}, {}, {}] }])).not.toThrow();
    expect(decode([{ logRecords: [{}, {}, {}, {}] }])).toThrow(OversizedOtlpError);
    expect(decode(Array(5).fill({}))).not.toThrow();
    expect(decode(Array(6).fill({}))).toThrow(OversizedOtlpError);
    expect(decode(bodyWith(4))).not.toThrow();
    expect(decode(bodyWith(5))).toThrow(OversizedOtlpError);
  });

  it.each([
    ['', 0],
    ['[]', 0],
    ['{"resourceLogs":{}}', 16],
    ['{"resourceLogs":[]} x', 20],
    ['{"resourceLogs":[],}', 19],
    ['{"a":"\u0001"}', 6],
    ['{"a":"\\x"}', 5],
    ['{"a":01}', 5],
    ['{"a":nul}', 5],
    ['{a:1}', 1],
  ])('says at which byte %s is wrong', (text, offset) => {
    let fault: unknown;
    try {
      decodeJson(text);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(MalformedOtlpError);
    expect((fault as MalformedOtlpError).offset).toBe(offset);
  });
});
