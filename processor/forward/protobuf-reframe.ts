import type { Buffer } from 'node:buffer';
import { WireReader } from '../receiver/wire-reader.js';
import type { AppendedAttributes } from './appended-attributes.js';
import { BodyEdits, varintSize } from './body-edits.js';
import type { RecordRange } from './record-range.js';

// Field number * 8 + wire type, from opentelemetry/proto/{collector/logs,logs}/v1/*.proto.
const REQUEST_RESOURCE_LOGS = 1 * 8 + 2;
const GROUP_MEMBERS = 2 * 8 + 2; // ResourceLogs.scope_logs, ScopeLogs.log_records

/**
 * An encoded `ExportLogsServiceRequest` with attributes appended to its records. Protobuf takes a repeated field's
 * elements from wherever they stand in a message, so they are written at the record's end; only the lengths of
 * what holds them change, and every other byte stays as it came, unknown fields and all. Of a part of the records,
 * the groups without any of them are left out.
 */
export function reframe(body: Uint8Array, appended: AppendedAttributes, range: RecordRange): Buffer {
  return new Reframer(body, appended, range).reframe();
}

class Reframer {
  readonly #reader: WireReader;
  readonly #edits: BodyEdits;
  readonly #appended: AppendedAttributes;
  readonly #range: RecordRange;
  /** The number of the record that comes next, in the order in which the decoder gives them. */
  #next = 0;

  constructor(body: Uint8Array, appended: AppendedAttributes, range: RecordRange) {
    this.#reader = new WireReader(body);
    this.#edits = new BodyEdits(body);
    this.#appended = appended;
    this.#range = range;
  }

  reframe(): Buffer {
    const reader = this.#reader;
    const end = reader.length;
    while (reader.position < end) {
      const start = reader.position;
      const tag = reader.tag();
      if (tag === REQUEST_RESOURCE_LOGS) {
        this.#group(start, end, (memberStart, limit) =>
          this.#group(memberStart, limit, (recordStart, scopeEnd) => this.#record(recordStart, scopeEnd)),
        );
      } else {
        reader.skip(tag, end);
        if (!this.#range.holdsBefore(this.#next)) this.#edits.replace(start, reader.position);
      }
    }
    return this.#edits.apply();
  }

  /**
   * A ResourceLogs or ScopeLogs whose tag, at `start`, is read and that ends by `limit`; gives by how many bytes it
   * grows. So does `member`, for each of its members.
   */
  #group(start: number, limit: number, member: (start: number, limit: number) => number): number {
    const reader = this.#reader;
    const lengthAt = reader.position;
    const end = reader.enter(limit);
    const contentAt = reader.position;
    const first = this.#next;
    const edit = this.#edits.replace(lengthAt, contentAt);
    let growth = 0;
    while (reader.position < end) {
      const memberStart = reader.position;
      const tag = reader.tag();
      if (tag === GROUP_MEMBERS) growth += member(memberStart, end);
      else reader.skip(tag, end);
    }
    if (!this.#range.holds(first, this.#next)) {
      this.#edits.dropAfter(edit);
      return this.#cut(start, end);
    }
    if (this.#edits.count === edit + 1) {
      this.#edits.dropAfter(edit);
      return 0;
    }
    const length = end - contentAt + growth;
    this.#edits.revise(edit, contentAt, length);
    return growth + varintSize(length) - (contentAt - lengthAt);
  }

  /** A LogRecord whose tag, at `start`, is read and that ends by `limit`; gives by how many bytes it grows. */
  #record(start: number, limit: number): number {
    const reader = this.#reader;
    const index = this.#next++;
    const lengthAt = reader.position;
    const end = reader.enter(limit);
    const contentAt = reader.position;
    reader.position = end;
    if (!this.#range.holds(index, index + 1)) return this.#cut(start, end);
    const bytes = this.#appended.of(index);
    if (bytes === undefined) return 0;
    const length = end - contentAt + bytes.length;
    this.#edits.replace(lengthAt, contentAt, length);
    this.#edits.replace(end, end, bytes);
    return bytes.length + varintSize(length) - (contentAt - lengthAt);
  }

  #cut(start: number, end: number): number {
    this.#edits.replace(start, end);
    return start - end;
  }
}
