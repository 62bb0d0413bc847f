import { Buffer } from 'node:buffer';
import { DEFAULT_DECODE_LIMITS, DecodeTally } from '../receiver/decode-limits.js';
import { JsonReader } from '../receiver/json-reader.js';
import { JsonValueReader } from '../receiver/json-values.js';
import type { AppendedAttributes } from './appended-attributes.js';
import { MAX_SKIP_DEPTH } from './json-splice.js';
import { MessageWriter } from './message-writer.js';
import type { RecordRange } from './record-range.js';

/**
 * A request in OTLP/JSON, which the decoder has taken, as protobuf with attributes appended to its records: for what
 * came as JSON and leaves over gRPC. Members that OTLP/JSON does not define have no field number and are lost, and so
 * are ids that are none. Of a part of the records, the groups without any of them are left out.
 */
export function transcodeJson(body: Uint8Array, appended: AppendedAttributes, range: RecordRange): Buffer {
  return new JsonTranscoder(body, appended, range).transcode();
}

/** What to do for the members of an object, by name; the others are skipped. */
type Members = Readonly<Record<string, () => void>>;

// Field numbers from opentelemetry/proto/{collector/logs,logs,resource,common}/v1/*.proto.
class JsonTranscoder {
  readonly #reader: JsonReader;
  readonly #values: JsonValueReader;
  readonly #writer = new MessageWriter();
  readonly #appended: AppendedAttributes;
  readonly #range: RecordRange;
  /** The number of the record that comes next, in the order in which the decoder gives them. */
  #next = 0;

  constructor(body: Uint8Array, appended: AppendedAttributes, range: RecordRange) {
    this.#reader = new JsonReader(body, MAX_SKIP_DEPTH);
    const { maxDepth } = DEFAULT_DECODE_LIMITS;
    this.#values = new JsonValueReader(this.#reader, maxDepth, new DecodeTally(DEFAULT_DECODE_LIMITS));
    this.#appended = appended;
    this.#range = range;
  }

  transcode(): Buffer {
    this.#object(this.#request);
    return this.#writer.finish();
  }

  readonly #request: Members = {
    resourceLogs: () => this.#groups(1, () => this.#object(this.#resourceLogs)),
  };

  readonly #resourceLogs: Members = {
    resource: () => this.#message(1, this.#resource),
    scopeLogs: () => this.#groups(2, () => this.#object(this.#scopeLogs)),
    schemaUrl: () => this.#text(3),
  };

  readonly #scopeLogs: Members = {
    scope: () => this.#message(1, this.#scope),
    logRecords: () => this.#groups(2, () => this.#record()),
    schemaUrl: () => this.#text(3),
  };

  readonly #resource: Members = {
    attributes: () => this.#pairs(1),
    droppedAttributesCount: () => this.#uint32(2),
  };

  readonly #scope: Members = {
    name: () => this.#text(1),
    version: () => this.#text(2),
    attributes: () => this.#pairs(3),
    droppedAttributesCount: () => this.#uint32(4),
  };

  readonly #logRecord: Members = {
    timeUnixNano: () => this.#fixed64(1),
    severityNumber: () => this.#writer.int64(2, this.#values.int32()),
    severityText: () => this.#text(3),
    body: () => this.#message(5, this.#anyValue),
    attributes: () => this.#pairs(6),
    droppedAttributesCount: () => this.#uint32(7),
    flags: () => this.#writer.fixed32(8, this.#values.uint32()),
    traceId: () => this.#id(9, 16),
    spanId: () => this.#id(10, 8),
    observedTimeUnixNano: () => this.#fixed64(11),
    eventName: () => this.#text(12),
  };

  readonly #keyValue: Members = {
    key: () => this.#text(1),
    value: () => this.#message(2, this.#anyValue),
  };

  // One of them is set, be it to nothing: unlike elsewhere, an empty text or a 0 is not the same as absent.
  readonly #anyValue: Members = {
    stringValue: () => this.#writer.string(1, this.#reader.string()),
    boolValue: () => this.#writer.uint32(2, this.#reader.boolean() ? 1 : 0),
    intValue: () => this.#writer.int64(3, this.#values.int64()),
    doubleValue: () => this.#writer.double(4, this.#values.double()),
    arrayValue: () => this.#writer.message(5, () => this.#object(this.#arrayValue)),
    kvlistValue: () => this.#writer.message(6, () => this.#object(this.#kvlistValue)),
    bytesValue: () => this.#writer.bytes(7, this.#values.bytes()),
  };

  readonly #arrayValue: Members = {
    values: () =>
      this.#each(() =>
        this.#writer.message(1, () => {
          if (!this.#reader.takeNull()) this.#object(this.#anyValue);
        }),
      ),
  };

  readonly #kvlistValue: Members = { values: () => this.#pairs(1) };

  /** An object; a member that is null is absent. */
  #object(members: Members): void {
    const reader = this.#reader;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      const { memberName } = reader;
      if (reader.takeNull()) continue;
      if (Object.hasOwn(members, memberName)) members[memberName]?.();
      else reader.skipValue();
    }
  }

  #each(element: () => void): void {
    const reader = this.#reader;
    for (let more = reader.enterArray(); more; more = reader.nextElement()) element();
  }

  /** Messages with records in them, or records themselves; those that do not leave now are left out. */
  #groups(field: number, element: () => void): void {
    const writer = this.#writer;
    this.#each(() => {
      if (this.#reader.takeNull()) return;
      const { length } = writer;
      const first = this.#next;
      writer.message(field, element);
      if (!this.#range.holds(first, this.#next)) writer.dropAfter(length);
    });
  }

  #record(): void {
    const appended = this.#appended.of(this.#next++);
    this.#object(this.#logRecord);
    if (appended !== undefined) this.#writer.raw(appended);
  }

  #message(field: number, members: Members): void {
    this.#writer.message(field, () => this.#object(members));
  }

  #pairs(field: number): void {
    this.#each(() => this.#message(field, this.#keyValue));
  }

  #text(field: number): void {
    this.#writer.string(field, this.#values.key());
  }

  #uint32(field: number): void {
    this.#writer.uint32(field, this.#values.uint32());
  }

  #fixed64(field: number): void {
    this.#writer.fixed64(field, this.#values.uint64());
  }

  /** Left out if it is none. */
  #id(field: number, size: number): void {
    const id = this.#values.id(size);
    if (id !== '') this.#writer.bytes(field, Buffer.from(id, 'hex'));
  }
}
