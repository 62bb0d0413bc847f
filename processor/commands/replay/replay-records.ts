import type { FoundValue } from './json-values.js';

/** What OTLP log records are filed under; one object for all the records of a group. */
export interface RecordGroup {
  readonly resource: unknown;
  readonly resourceSchemaUrl: unknown;
  readonly scope: unknown;
  readonly scopeSchemaUrl: unknown;
}

/** One log record to send, as OTLP/JSON, or something that is no record; each with its line. */
export type ReplayRecord =
  | { readonly line: number; readonly group: RecordGroup; readonly json: string }
  | { readonly line: number; readonly fault: string };

const VENDOR_GROUP: RecordGroup = {
  resource: undefined,
  resourceSchemaUrl: undefined,
  scope: { name: 'vouchtrail.replay' },
  scopeSchemaUrl: undefined,
};

/**
 * The log records in a JSON value: the records of an OTLP/JSON request as they are; an object, the elements of an
 * array, those of CloudTrail's `Records` and those of a page of Microsoft Graph each as a record whose body is their text.
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
  const page = graphPage(object);
  if (Array.isArray(resourceLogs)) {
    yield* otlpRecords(line, resourceLogs);
  } else if (page !== undefined) {
    for (const record of page) yield vendorRecord(line, JSON.stringify(record));
  } else if (Array.isArray(records)) {
    for (const [i, record] of records.entries()) {
      if (isObject(record)) yield vendorRecord(line, JSON.stringify(record));
      else yield { line, fault: `element ${i} of Records is not an object` };
    }
  } else {
    yield vendorRecord(line, text ?? JSON.stringify(object));
  }
}

/** The records of a page as Microsoft Graph answers it: `value`, and beside it annotations such as `@odata.nextLink`. */
function graphPage(object: Record<string, unknown>): readonly object[] | undefined {
  const { value } = object;
  if (!Array.isArray(value) || !value.every(isObject)) return undefined;
  return Object.keys(object).every((name) => name === 'value' || name.startsWith('@')) ? value : undefined;
}

function vendorRecord(line: number, text: string): ReplayRecord {
  return { line, group: VENDOR_GROUP, json: `{"body":{"stringValue":${JSON.stringify(text)}}}` };
}

function* otlpRecords(line: number, resourceLogs: readonly unknown[]): Generator<ReplayRecord> {
  for (const ofResource of resourceLogs) {
    for (const ofScope of elements(ofResource, 'scopeLogs')) {
      const { resource, schemaUrl: resourceSchemaUrl } = ofResource as Record<string, unknown>;
      const { scope, schemaUrl: scopeSchemaUrl } = isObject(ofScope) ? ofScope : {};
      const group = { resource, resourceSchemaUrl, scope, scopeSchemaUrl };
      for (const record of elements(ofScope, 'logRecords')) {
        if (isObject(record)) yield { line, group, json: JSON.stringify(record) };
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
