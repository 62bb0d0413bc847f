import { describe, expect, it } from 'vitest';
import { MalformedOtlpError } from '../../../processor/receiver/malformed-otlp-error.js';
import { decodeJson, plain, jsonRecord as recordOf } from './decoded-records.js';

const bodyOf = (value: string) => recordOf(`{"body":${value}}`).body;

describe('OTLP/JSON', () => {
  it('takes 64-bit integers as decimal strings and as numbers, and keeps every digit of either', () => {
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

  it('MUST read ids as hex of either case, not as base64, and takes others as absent', () => {
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
    expect(recordOf('{"traceId":"","spanId":""}')).toMatchObject({ traceId: '', spanId: '' });
  });

  it('reads other bytes as base64, standard or URL-safe, padded or not', () => {
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

  it('MUST ignore members that it does not know, keys in snake_case among them, whatever they hold', () => {
    const record = recordOf(
      '{"time_unix_nano":"5","severity_text":"x","later":{"a":[1,{"b":"c\\n"},[],{},null,true,false,-1.5e-3]},"eventName":"kept"}',
    );
    expect(record).toMatchObject({ timeUnixNano: 0n, severityText: '', eventName: 'kept' });
  });

  it('refuses the names of enum values, which MUST NOT be used', () => {
    expect(() => recordOf('{"severityNumber":"SEVERITY_NUMBER_INFO"}')).toThrow(MalformedOtlpError);
    expect(recordOf('{"severityNumber":9}').severityNumber).toBe(9);
  });

  it('reads an AnyValue of one member, and one of none as empty', () => {
    const values = [
      '{"stringValue":""}',
      '{"boolValue":false}',
      '{"intValue":"0"}',
      '{"bytesValue":""}',
      '{}',
    ];
    expect(values.map(bodyOf)).toEqual(['', false, 0, new Uint8Array(), undefined]);
    expect(bodyOf('{"arrayValue":{}}')).toEqual([]);
    expect({ ...(bodyOf('{"kvlistValue":{"values":[{"key":"k","value":{}}]}}') as object) }).toEqual({
      k: undefined,
    });
  });
});
