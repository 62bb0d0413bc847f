import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnyValue,
  type AnyValueMap,
  type LogRecord,
  newAnyValueMap,
  newLogRecord,
} from '../../../processor/receiver/log-record.js';

/** A value of a fixture as a decoder would hand it over: maps that inherit nothing. */
export function anyValueOf(value: unknown): AnyValue {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(anyValueOf);
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return anyValueMapOf(value as object);
  return value as AnyValue;
}

export function anyValueMapOf(object: object): AnyValueMap {
  const map = newAnyValueMap();
  for (const [key, value] of Object.entries(object)) map[key] = anyValueOf(value);
  return map;
}

export interface LogRecordParts {
  body?: AnyValue;
  attributes?: object;
  resource?: object;
  eventName?: string;
  timeUnixNano?: bigint;
  observedTimeUnixNano?: bigint;
  severityNumber?: number;
}

export function logRecord(parts: LogRecordParts): LogRecord {
  const log = newLogRecord({ attributes: anyValueMapOf(parts.resource ?? {}), droppedAttributesCount: 0 });
  log.body = parts.body;
  log.attributes = anyValueMapOf(parts.attributes ?? {});
  log.eventName = parts.eventName ?? '';
  log.timeUnixNano = parts.timeUnixNano ?? 0n;
  log.observedTimeUnixNano = parts.observedTimeUnixNano ?? 0n;
  log.severityNumber = parts.severityNumber ?? 0;
  return log;
}

/** Nanoseconds of an ISO time. */
export function nanos(iso: string): bigint {
  return BigInt(Date.parse(iso)) * 1_000_000n;
}

/** The optional folder of public samples, which is no part of the project; `undefined` where it is absent. */
export function samplesFolder(name: string): string | undefined {
  const folder = join(import.meta.dirname, '../../../../shared/samples', name);
  return existsSync(folder) ? folder : undefined;
}

/** The records of CloudTrail's files in a folder: `{"Records": [...]}` or an array. */
export function cloudTrailRecords(folder: string): object[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const file = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return Array.isArray(file) ? file : file.Records;
    });
}
