import type { AnyValue, AnyValueMap, LogRecord } from '../../../processor/receiver/log-record.js';
import { LogsRequestType } from './otlp-descriptor.js';
import type { ProtoAnyValue, ProtoKeyValue, ProtoRequest } from './otlp-requests.js';

type PlainRecord = Omit<LogRecord, 'byteRange'>;

/** The records of an encoded request as protobufjs reads it, in the receiver's form, to compare. */
export function oracleRecords(encoded: Uint8Array): unknown[] {
  const message = LogsRequestType.decode(encoded);
  const request = LogsRequestType.toObject(message, { longs: String, bytes: Buffer, arrays: true });
  return recordsOf(request as ProtoRequest).map(comparable);
}

/**
 * A value whose objects are Maps: unlike objects, two Maps compare as different if one lacks a key that is
 * undefined in the other, and as equal whatever their prototypes.
 */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, comparable(member)]));
}

function recordsOf(request: ProtoRequest): PlainRecord[] {
  const records: PlainRecord[] = [];
  for (const group of request.resourceLogs) {
    const { attributes = [], droppedAttributesCount = 0 } = group.resource ?? {};
    const resource = { attributes: mapOf(attributes), droppedAttributesCount };
    for (const { scope, logRecords, schemaUrl = '' } of group.scopeLogs) {
      const schemaUrls = { resource: group.schemaUrl ?? '', scope: schemaUrl };
      const ownScope = {
        name: scope?.name ?? '',
        version: scope?.version ?? '',
        attributes: mapOf(scope?.attributes ?? []),
        droppedAttributesCount: scope?.droppedAttributesCount ?? 0,
      };
      for (const record of logRecords) {
        records.push({
          timeUnixNano: BigInt(record.timeUnixNano ?? 0),
          observedTimeUnixNano: BigInt(record.observedTimeUnixNano ?? 0),
          severityNumber: record.severityNumber ?? 0,
          severityText: record.severityText ?? '',
          body: anyValueOf(record.body),
          attributes: mapOf(record.attributes),
          droppedAttributesCount: record.droppedAttributesCount ?? 0,
          traceId: idOf(record.traceId, 16),
          spanId: idOf(record.spanId, 8),
          flags: (record.flags ?? 0) & 0xff,
          eventName: record.eventName ?? '',
          resource,
          scope: ownScope,
          schemaUrls,
        });
      }
    }
  }
  return records;
}

function idOf(bytes: Buffer | undefined, size: number): string {
  return bytes?.length === size && bytes.some((byte) => byte !== 0) ? bytes.toString('hex') : '';
}

function mapOf(pairs: ProtoKeyValue[]): AnyValueMap {
  const map = Object.create(null) as AnyValueMap;
  for (const { key = '', value } of pairs) map[key] = anyValueOf(value);
  return map;
}

function anyValueOf(value: ProtoAnyValue | undefined): AnyValue {
  if (value?.intValue !== undefined) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : BigInt(value.intValue);
  }
  if (value?.arrayValue) return value.arrayValue.values.map(anyValueOf);
  if (value?.kvlistValue) return mapOf(value.kvlistValue.values);
  if (value?.bytesValue) return new Uint8Array(value.bytesValue);
  return value?.stringValue ?? value?.boolValue ?? value?.doubleValue;
}
