import fc from 'fast-check';

// Requests in the form that protobufjs encodes: camelCase members, bytes as Buffers, 64-bit integers as strings.

export interface ProtoAnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number;
  arrayValue?: { values: ProtoAnyValue[] };
  kvlistValue?: { values: ProtoKeyValue[] };
  bytesValue?: Buffer;
  stringValueStrindex?: number;
}

export interface ProtoKeyValue {
  key?: string;
  value?: ProtoAnyValue;
  keyStrindex?: number;
}

export interface ProtoLogRecord {
  timeUnixNano?: string;
  observedTimeUnixNano?: string;
  severityNumber?: number;
  severityText?: string;
  body?: ProtoAnyValue;
  attributes: ProtoKeyValue[];
  droppedAttributesCount?: number;
  flags?: number;
  traceId?: Buffer;
  spanId?: Buffer;
  eventName?: string;
}

export interface ProtoResourceLogs {
  resource?: { attributes: ProtoKeyValue[]; droppedAttributesCount?: number };
  scopeLogs: ProtoScopeLogs[];
  schemaUrl?: string;
}

export interface ProtoScopeLogs {
  scope?: { name?: string; version?: string; attributes: ProtoKeyValue[]; droppedAttributesCount?: number };
  logRecords: ProtoLogRecord[];
  schemaUrl?: string;
}

export interface ProtoRequest {
  resourceLogs: ProtoResourceLogs[];
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '',
    'session.id',
    'service.name',
    '__proto__',
    'constructor',
    'naïve',
    '\ufffd',
    'a'.repeat(64),
  ),
);
const bytes = (options: fc.IntArrayConstraints) => fc.uint8Array(options).map((array) => Buffer.from(array));
const id = (size: number) =>
  fc.oneof(
    { weight: 5, arbitrary: bytes({ minLength: size, maxLength: size }) },
    { weight: 1, arbitrary: bytes({ maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(size)) },
  );
const uint32 = fc.oneof(fc.constantFrom(0, 1, 127, 128, 0xffff_ffff), fc.nat(0xffff_ffff));
const int64 = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -300n, max: 300n }),
    fc.constantFrom(
      0n,
      -1n,
      2n ** 31n,
      2n ** 32n,
      2n ** 53n - 1n,
      2n ** 53n,
      -(2n ** 53n),
      2n ** 63n - 1n,
      -(2n ** 63n),
    ),
  )
  .map(String);
const nanos = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 1_760_000_000_000_000_001n, 2n ** 64n - 1n),
  )
  .map(String);

const { anyValue, pair } = fc.letrec<{ anyValue: ProtoAnyValue; pair: ProtoKeyValue }>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ bytesValue: bytes({ maxLength: 40 }) }),
    fc.record({ stringValueStrindex: fc.nat(1000) }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('anyValue'), { maxLength: 4 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('pair'), { maxLength: 4 }) }) }),
  ),
  pair: fc.record({ key: text, value: tie('anyValue'), keyStrindex: fc.nat(9) }, { requiredKeys: [] }),
}));
const attributes = fc.array(pair, { maxLength: 6 });

const logRecord = fc.record(
  {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber: fc.constantFrom(0, 1, 9, 24, 1000),
    severityText: text,
    body: anyValue,
    attributes,
    droppedAttributesCount: uint32,
    flags: uint32,
    traceId: id(16),
    spanId: id(8),
    eventName: text,
  },
  { requiredKeys: ['attributes'] },
);

const scopeLogs = fc.record(
  {
    scope: fc.record(
      { name: text, version: text, attributes, droppedAttributesCount: uint32 },
      { requiredKeys: ['attributes'] },
    ),
    logRecords: fc.array(logRecord, { maxLength: 3 }),
    schemaUrl: text,
  },
  { requiredKeys: ['logRecords'] },
);

const resourceLogs = fc.record(
  {
    resource: fc.record({ attributes, droppedAttributesCount: uint32 }, { requiredKeys: ['attributes'] }),
    scopeLogs: fc.array(scopeLogs, { maxLength: 3 }),
    schemaUrl: text,
  },
  { requiredKeys: ['scopeLogs'] },
);

/** Any valid request: every kind of value, absent and empty members, duplicate keys, ids of wrong lengths. */
export const requests: fc.Arbitrary<ProtoRequest> = fc.record({
  resourceLogs: fc.array(resourceLogs, { maxLength: 3 }),
});
