import { type DecodeLimits, type DecodeNotes, DecodeTally } from './decode-limits.js';
import { JsonReader } from './json-reader.js';
import { JsonValueReader } from './json-values.js';
import {
  type LogRecord,
  type LogResource,
  type LogScope,
  type Mutable,
  newAnyValueMap,
  newLogRecord,
  type SchemaUrls,
} from './log-record.js';

/**
 * Decodes an `ExportLogsServiceRequest` in OTLP/JSON, calling `onRecord` for each record in the order of the
 * request, a `ResourceLogs` at a time. Integers are exact, whether written as strings or as numbers.
 *
 * @throws MalformedOtlpError or OversizedOtlpError, possibly after some calls: collect the records and use none unless it returns.
 */
export function decodeJsonLogs(
  body: Uint8Array,
  limits: DecodeLimits,
  onRecord: (record: LogRecord) => void,
): DecodeNotes {
  return new JsonLogsDecoder(body, limits, onRecord).decode();
}

class JsonLogsDecoder {
  readonly #reader: JsonReader;
  readonly #values: JsonValueReader;
  readonly #onRecord: (record: LogRecord) => void;
  readonly #tally: DecodeTally;

  constructor(body: Uint8Array, limits: DecodeLimits, onRecord: (record: LogRecord) => void) {
    this.#reader = new JsonReader(body);
    this.#tally = new DecodeTally(limits);
    this.#values = new JsonValueReader(this.#reader, limits.maxDepth, this.#tally);
    this.#onRecord = onRecord;
  }

  decode(): DecodeNotes {
    const reader = this.#reader;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      if (reader.memberName === 'resourceLogs') {
        this.#each(() => {
          for (const record of this.#resourceLogs()) this.#onRecord(record);
        });
      } else reader.skipValue();
    }
    reader.end();
    this.#tally.invalidUtf8 = reader.invalidUtf8;
    return this.#tally;
  }

  #each(readElement: () => void): void {
    const reader = this.#reader;
    if (reader.takeNull()) return;
    for (let more = reader.enterArray(); more; more = reader.nextElement()) {
      if (!reader.takeNull()) readElement();
    }
  }

  // Members may come in any order, the schema URL mostly last: a group's records wait until its resource,
  // scopes and schema URLs, which they share by identity, are all filled in.
  #resourceLogs(): LogRecord[] {
    const reader = this.#reader;
    this.#tally.addGroup();
    const resource = { attributes: newAnyValueMap(), droppedAttributesCount: 0 };
    const records: LogRecord[] = [];
    const urls: Mutable<SchemaUrls>[] = [];
    let schemaUrl = '';
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      switch (reader.memberName) {
        case 'resource':
          this.#resource(resource);
          break;
        case 'scopeLogs':
          this.#each(() => urls.push(this.#scopeLogs(resource, records)));
          break;
        case 'schemaUrl':
          schemaUrl = this.#values.key();
          break;
        default:
          reader.skipValue();
      }
    }
    for (const each of urls) each.resource = schemaUrl;
    return records;
  }

  #scopeLogs(resource: LogResource, records: LogRecord[]): Mutable<SchemaUrls> {
    const reader = this.#reader;
    this.#tally.addGroup();
    const scope = { name: '', version: '', attributes: newAnyValueMap(), droppedAttributesCount: 0 };
    const urls = { resource: '', scope: '' };
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      switch (reader.memberName) {
        case 'scope':
          this.#scope(scope);
          break;
        case 'logRecords':
          this.#each(() => records.push(this.#record(resource, scope, urls)));
          break;
        case 'schemaUrl':
          urls.scope = this.#values.key();
          break;
        default:
          reader.skipValue();
      }
    }
    return urls;
  }

  #resource(resource: Mutable<LogResource>): void {
    const reader = this.#reader;
    if (reader.takeNull()) return;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      switch (reader.memberName) {
        case 'attributes':
          this.#values.pairs(resource.attributes);
          break;
        case 'droppedAttributesCount':
          resource.droppedAttributesCount = this.#values.uint32();
          break;
        default:
          reader.skipValue();
      }
    }
  }

  #scope(scope: Mutable<LogScope>): void {
    const reader = this.#reader;
    if (reader.takeNull()) return;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      switch (reader.memberName) {
        case 'name':
          scope.name = this.#values.key();
          break;
        case 'version':
          scope.version = this.#values.key();
          break;
        case 'attributes':
          this.#values.pairs(scope.attributes);
          break;
        case 'droppedAttributesCount':
          scope.droppedAttributesCount = this.#values.uint32();
          break;
        default:
          reader.skipValue();
      }
    }
  }

  #record(resource: LogResource, scope: LogScope, urls: SchemaUrls): LogRecord {
    const reader = this.#reader;
    const values = this.#values;
    this.#tally.addRecord();
    const record = newLogRecord(resource, scope, urls);
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      switch (reader.memberName) {
        case 'timeUnixNano':
          record.timeUnixNano = values.uint64();
          break;
        case 'observedTimeUnixNano':
          record.observedTimeUnixNano = values.uint64();
          break;
        case 'severityNumber':
          record.severityNumber = values.int32();
          break;
        case 'severityText':
          record.severityText = values.key();
          break;
        case 'body':
          this.#tally.addValue();
          record.body = values.anyValue();
          break;
        case 'attributes':
          values.pairs(record.attributes);
          break;
        case 'droppedAttributesCount':
          record.droppedAttributesCount = values.uint32();
          break;
        case 'flags':
          record.flags = values.uint32() & 0xff;
          break;
        case 'traceId':
          record.traceId = values.id(16);
          break;
        case 'spanId':
          record.spanId = values.id(8);
          break;
        case 'eventName':
          record.eventName = values.key();
          break;
        default:
          reader.skipValue();
      }
    }
    return record;
  }
}
