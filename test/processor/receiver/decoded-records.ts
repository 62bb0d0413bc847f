import { DEFAULT_DECODE_LIMITS, type DecodeNotes } from '../../../processor/receiver/decode-limits.js';
import { decodeJsonLogs } from '../../../processor/receiver/json-logs.js';
import type { LogRecord } from '../../../processor/receiver/log-record.js';
import { decodeProtobufLogs } from '../../../processor/receiver/protobuf-logs.js';
import { comparable } from './oracle-records.js';

/** A request decoded under the default limits. */
export interface Decoded {
  records: LogRecord[];
  notes: DecodeNotes;
}

export function decodeProtobuf(body: Uint8Array): Decoded {
  const records: LogRecord[] = [];
  const notes = decodeProtobufLogs(body, DEFAULT_DECODE_LIMITS, (record) => records.push(record));
  return { records, notes };
}

export function decodeJson(body: Uint8Array | string): Decoded {
  const records: LogRecord[] = [];
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const notes = decodeJsonLogs(bytes, DEFAULT_DECODE_LIMITS, (record) => records.push(record));
  return { records, notes };
}

/** The one record of a request whose record is this JSON text. */
export function jsonRecord(record: string): LogRecord {
  const { records } = decodeJson(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
  if (records.length !== 1) throw new Error(`${records.length} records`);
  return records[0] as LogRecord;
}

/** Records without their byte ranges, which no other decoder knows, to compare. */
export function plain(records: readonly LogRecord[]): unknown[] {
  return records.map(({ byteRange: _, ...record }) => comparable(record));
}
