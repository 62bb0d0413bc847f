import { DEFAULT_DECODE_LIMITS } from '../../processor/receiver/decode-limits.js';
import { decodeJsonLogs } from '../../processor/receiver/json-logs.js';
import {
  type AnyValueMap,
  type LogRecord,
  newAnyValueMap,
  newLogRecord,
} from '../../processor/receiver/log-record.js';
import { familyOf, type Line } from './lines.js';

/**
 * The log record that a line's text comes in: a vendor's record is its body; an application's own is the log record, as
 * OTLP/JSON (a whole request or the record alone) or as a flat object of its attributes.
 */
export function logOfLine({ vendor, raw }: Line): LogRecord {
  const own = familyOf(vendor) === 'otel' ? ownRecord(raw) : undefined;
  if (own !== undefined) return own;
  const log = newLogRecord();
  log.body = raw;
  return log;
}

function ownRecord(raw: string): LogRecord | undefined {
  const value = parsed(raw);
  if (value === undefined) return undefined;
  if (Array.isArray(value['resourceLogs'])) return decoded(raw);
  if (Array.isArray(value['attributes'])) {
    return decoded(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${raw}]}]}]}`);
  }
  const log = newLogRecord();
  const attributes: AnyValueMap = newAnyValueMap();
  log.attributes = Object.assign(attributes, value) as AnyValueMap;
  return log;
}

function decoded(request: string): LogRecord | undefined {
  const records: LogRecord[] = [];
  decodeJsonLogs(Buffer.from(request), DEFAULT_DECODE_LIMITS, (record) => records.push(record));
  return records[0];
}

function parsed(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
