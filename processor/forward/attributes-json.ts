import { Buffer } from 'node:buffer';
import { DEFAULT_DECODE_LIMITS, DecodeTally } from '../receiver/decode-limits.js';
import { type AnyValue, newAnyValueMap } from '../receiver/log-record.js';
import { AnyValueReader } from '../receiver/protobuf-any-value.js';
import { WireReader } from '../receiver/wire-reader.js';

/**
 * Encoded `attributes` fields of a LogRecord, as `AppendedAttributes` holds them, as the elements of an OTLP/JSON
 * array, without its brackets.
 */
export function attributesJson(fields: Uint8Array): Buffer {
  const reader = new WireReader(fields);
  const { maxDepth } = DEFAULT_DECODE_LIMITS;
  const values = new AnyValueReader(reader, maxDepth, new DecodeTally(DEFAULT_DECODE_LIMITS));
  const attributes = newAnyValueMap();
  while (reader.position < reader.length) {
    reader.tag();
    values.pair(reader.enter(reader.length), attributes);
  }
  const pairs = Object.entries(attributes).map(([key, value]) =>
    JSON.stringify({ key, value: anyValueJson(value) }),
  );
  return Buffer.from(pairs.join());
}

/** Of the kinds that enriched attributes have: texts, whole numbers and lists of them. */
function anyValueJson(value: AnyValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueJson) } };
  return { intValue: String(value) };
}
