import { type DecodeLimits, type DecodeNotes, DecodeTally } from './decode-limits.js';
import {
  type LogRecord,
  type LogResource,
  type LogScope,
  type Mutable,
  newAnyValueMap,
  newLogRecord,
  type SchemaUrls,
} from './log-record.js';
import { AnyValueReader } from './protobuf-any-value.js';
import { WireReader } from './wire-reader.js';

// Field number * 8 + wire type, from opentelemetry/proto/{collector/logs,logs,resource,common}/v1/*.proto.
const REQUEST_RESOURCE_LOGS = 1 * 8 + 2;
const GROUP_OWNER = 1 * 8 + 2; // ResourceLogs.resource, ScopeLogs.scope
const GROUP_MEMBERS = 2 * 8 + 2; // ResourceLogs.scope_logs, ScopeLogs.log_records
const GROUP_SCHEMA_URL = 3 * 8 + 2;
const RESOURCE_ATTRIBUTES = 1 * 8 + 2;
const RESOURCE_DROPPED = 2 * 8;
const SCOPE_NAME = 1 * 8 + 2;
const SCOPE_VERSION = 2 * 8 + 2;
const SCOPE_ATTRIBUTES = 3 * 8 + 2;
const SCOPE_DROPPED = 4 * 8;
const RECORD_TIME = 1 * 8 + 1;
const RECORD_SEVERITY_NUMBER = 2 * 8;
const RECORD_SEVERITY_TEXT = 3 * 8 + 2;
const RECORD_BODY = 5 * 8 + 2;
const RECORD_ATTRIBUTES = 6 * 8 + 2;
const RECORD_DROPPED = 7 * 8;
const RECORD_FLAGS = 8 * 8 + 5;
const RECORD_TRACE_ID = 9 * 8 + 2;
const RECORD_SPAN_ID = 10 * 8 + 2;
const RECORD_OBSERVED_TIME = 11 * 8 + 1;
const RECORD_EVENT_NAME = 12 * 8 + 2;

/**
 * Decodes an `ExportLogsServiceRequest`, calling `onRecord` for each record in the order of the request.
 * The callback may keep the record, decode something else, or throw (which ends the decode).
 *
 * @throws MalformedOtlpError or OversizedOtlpError, possibly after some calls: collect the records and use none unless it returns.
 */
export function decodeProtobufLogs(
  body: Uint8Array,
  limits: DecodeLimits,
  onRecord: (record: LogRecord) => void,
): DecodeNotes {
  return new LogsDecoder(body, limits, onRecord).decode();
}

class LogsDecoder {
  readonly #reader: WireReader;
  readonly #values: AnyValueReader;
  readonly #onRecord: (record: LogRecord) => void;
  readonly #tally: DecodeTally;

  constructor(body: Uint8Array, limits: DecodeLimits, onRecord: (record: LogRecord) => void) {
    this.#reader = new WireReader(body);
    this.#tally = new DecodeTally(limits);
    this.#values = new AnyValueReader(this.#reader, limits.maxDepth, this.#tally);
    this.#onRecord = onRecord;
  }

  decode(): DecodeNotes {
    const reader = this.#reader;
    const end = reader.length;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === REQUEST_RESOURCE_LOGS) this.#resourceLogs(reader.enter(end));
      else reader.skip(tag, end);
    }
    this.#tally.invalidUtf8 = reader.invalidUtf8;
    return this.#tally;
  }

  // Fields may come in any order, so a group's owner and schema URL (which is usually its last field) are
  // looked for before its members are decoded: the first pass only hops over them.
  #resourceLogs(end: number): void {
    const reader = this.#reader;
    this.#tally.addGroup();
    const start = reader.position;
    const resource = { attributes: newAnyValueMap(), droppedAttributesCount: 0 };
    let schemaUrl = '';
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === GROUP_OWNER) this.#resource(reader.enter(end), resource);
      else if (tag === GROUP_SCHEMA_URL) schemaUrl = reader.key(end);
      else reader.skip(tag, end);
    }
    reader.leave(end);
    reader.position = start;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === GROUP_MEMBERS) this.#scopeLogs(reader.enter(end), resource, schemaUrl);
      else reader.skip(tag, end);
    }
  }

  #scopeLogs(end: number, resource: LogResource, resourceSchemaUrl: string): void {
    const reader = this.#reader;
    this.#tally.addGroup();
    const start = reader.position;
    const scope = { name: '', version: '', attributes: newAnyValueMap(), droppedAttributesCount: 0 };
    const schemaUrls = { resource: resourceSchemaUrl, scope: '' };
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === GROUP_OWNER) this.#scope(reader.enter(end), scope);
      else if (tag === GROUP_SCHEMA_URL) schemaUrls.scope = reader.key(end);
      else reader.skip(tag, end);
    }
    reader.leave(end);
    reader.position = start;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === GROUP_MEMBERS) {
        this.#tally.addRecord();
        this.#onRecord(this.#record(reader.enter(end), resource, scope, schemaUrls));
      } else reader.skip(tag, end);
    }
  }

  #resource(end: number, resource: Mutable<LogResource>): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === RESOURCE_ATTRIBUTES) this.#values.pair(reader.enter(end), resource.attributes);
      else if (tag === RESOURCE_DROPPED) resource.droppedAttributesCount = reader.varint();
      else reader.skip(tag, end);
    }
    reader.leave(end);
  }

  #scope(end: number, scope: Mutable<LogScope>): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.tag();
      switch (tag) {
        case SCOPE_NAME:
          scope.name = reader.key(end);
          break;
        case SCOPE_VERSION:
          scope.version = reader.key(end);
          break;
        case SCOPE_ATTRIBUTES:
          this.#values.pair(reader.enter(end), scope.attributes);
          break;
        case SCOPE_DROPPED:
          scope.droppedAttributesCount = reader.varint();
          break;
        default:
          reader.skip(tag, end);
      }
    }
    reader.leave(end);
  }

  #record(end: number, resource: LogResource, scope: LogScope, schemaUrls: SchemaUrls): LogRecord {
    const reader = this.#reader;
    const values = this.#values;
    const record = newLogRecord(resource, scope, schemaUrls);
    const attributes = record.attributes;
    record.byteRange.start = reader.position;
    record.byteRange.end = end;
    while (reader.position < end) {
      const tag = reader.tag();
      switch (tag) {
        case RECORD_TIME:
          record.timeUnixNano = reader.fixed64();
          break;
        case RECORD_OBSERVED_TIME:
          record.observedTimeUnixNano = reader.fixed64();
          break;
        case RECORD_SEVERITY_NUMBER:
          record.severityNumber = reader.varint() | 0;
          break;
        case RECORD_SEVERITY_TEXT:
          record.severityText = reader.key(end);
          break;
        case RECORD_BODY:
          this.#tally.addValue();
          record.body = values.value(reader.enter(end), record.body);
          break;
        case RECORD_ATTRIBUTES:
          values.pair(reader.enter(end), attributes);
          break;
        case RECORD_DROPPED:
          record.droppedAttributesCount = reader.varint();
          break;
        case RECORD_FLAGS:
          record.flags = reader.fixed32() & 0xff;
          break;
        case RECORD_TRACE_ID:
          record.traceId = this.#id(end, 16);
          break;
        case RECORD_SPAN_ID:
          record.spanId = this.#id(end, 8);
          break;
        case RECORD_EVENT_NAME:
          record.eventName = reader.key(end);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    reader.leave(end);
    return record;
  }

  /** An id of `size` bytes as hex; '' unless it has that size and a bit set. */
  #id(limit: number, size: number): string {
    const reader = this.#reader;
    const end = reader.enter(limit);
    const start = reader.position;
    reader.position = end;
    if (end - start !== size) {
      if (end !== start) this.#tally.invalidIds++;
      return '';
    }
    for (let i = start; i < end; i++) {
      if (reader.bytes[i] !== 0) return reader.hex(start, end);
    }
    return '';
  }
}
