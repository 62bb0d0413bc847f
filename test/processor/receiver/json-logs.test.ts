import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../../../processor/receiver/decode-limits.js';
import { decodeJsonLogs } from '../../../processor/receiver/json-logs.js';
import { MalformedOtlpError } from '../../../processor/receiver/malformed-otlp-error.js';
import { OversizedOtlpError } from '../../../processor/receiver/oversized-otlp-error.js';
import { decodeJson, decodeProtobuf, plain, jsonRecord as recordOf } from './decoded-records.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { otlpJson } from './otlp-json.js';
import { requests } from './otlp-requests.js';
import { seededRandom } from './sample-requests.js';

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
