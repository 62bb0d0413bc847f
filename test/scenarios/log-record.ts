import {
  type AnyValue,
  type AnyValueMap,
  type LogRecord,
  newAnyValueMap,
  newLogRecord,
} from '../../processor/receiver/log-record.js';
import type { Told } from './told.js';

const NANOS = 1_000_000n;

/** The log record in which what was told reaches the receiver, with nothing on it that its collector would not know. */
export function logRecordOf(told: Told): LogRecord {
  const record = newLogRecord({ attributes: mapOf(told.resource ?? {}), droppedAttributesCount: 0 });
  if (told.body !== undefined) record.body = anyValue(told.body);
  record.attributes = mapOf(told.attributes ?? {});
  record.eventName = told.eventName ?? '';
  // A vendor's record carries its own time; an application's is the log record's.
  if (told.stream === 'otel') record.timeUnixNano = BigInt(Math.round(told.at)) * NANOS;
  return record;
}

function mapOf(object: object): AnyValueMap {
  const map = newAnyValueMap();
  for (const [name, value] of Object.entries(object)) map[name] = anyValue(value);
  return map;
}

function anyValue(value: unknown): AnyValue {
  if (Array.isArray(value)) return value.map(anyValue);
  if (typeof value === 'object' && value !== null) return mapOf(value);
  return value === null ? undefined : (value as AnyValue);
}
