import type { FoundValue } from './json-values.js';

/** What OTLP log records are filed under; one object for all the records of a group. */
export interface RecordGroup {
  readonly resource: unknown;
  readonly resourceSchemaUrl: unknown;
  readonly scope: unknown;
  readonly scopeSchemaUrl: unknown;
}

/** One log record to send, as OTLP/JSON, or something that is no record, with its line. */
export type ReplayRecord =
  | { readonly group: RecordGroup; readonly json: string }
  | { readonly line: number; readonly fault: string };

const VENDOR_GROUP: RecordGroup = {
  resource: undefined,
  resourceSchemaUrl: undefined,
  scope: { name: 'vouchtrail.replay' },
  scopeSchemaUrl: undefined,
};

/**
 * The log records in a JSON value: the records of an OTLP/JSON request as they are; an object, the elements of
 * an array and those of CloudTrail's `Records` each as a record whose body is their text.
 */
export function* replayRecords(found: FoundValue): Generator<ReplayRecord> {
  if ('fault' in found) {
    yield found;
    return;
  }
  const { line, value, text } = found;
  if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) {
      if (isObject(element)) yield* objectRecords(line, element, undefined);
      else yield { line, fault: `element ${i} of the array is not an object` };
    }
  } else if (isObject(value)) {
    yield* objectRecords(line, value, text);
  } else {
    yield { line, fault: 'JSON, but neither an object nor an array' };
  }
}

function* objectRecords(
  line: number,
  object: Record<string, unknown>,
  text: string | undefined,
): Generator<ReplayRecord> {
  const { resourceLogs, Records: records } = object;
  if (Array.isArray(resourceLogs)) {
    yield* otlpRecords(line, resourceLogs);
  } else if (Array.isArray(records)) {
    for (const [i, record] of records.entries()) {
      if (isObject(record)) yield vendorRecord(JSON.stringify(record));
      else yield { line, fault: `element ${i} of Records is not an object` };
    }
  } else {
    yield vendorRecord(text ?? JSON.stringify(object));
  }
}

function vendorRecord(text: string): ReplayRecord {
  return { group: VENDOR_GROUP, json: `{"body":{"stringValue":${JSON.stringify(text)}}}` };
}

function* otlpRecords(line: number, resourceLogs: readonly unknown[]): Generator<ReplayRecord> {
  for (const ofResource of resourceLogs) {
    for (const ofScope of elements(ofResource, 'scopeLogs')) {
      const { resource, schemaUrl: resourceSchemaUrl } = ofResource as Record<string, unknown>;
      const { scope, schemaUrl: scopeSchemaUrl } = isObject(ofScope) ? ofScope : {};
      const group = { resource, resourceSchemaUrl, scope, scopeSchemaUrl };
      for (const record of elements(ofScope, 'logRecords')) {
        if (isObject(record)) yield { group, json: JSON.stringify(record) };
        else yield { line, fault: 'an element of logRecords is not an object' };
      }
    }
  }
}

function elements(value: unknown, name: string): readonly unknown[] {
  const list = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
