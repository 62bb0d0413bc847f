import { Buffer } from 'node:buffer';
import { JsonReader } from '../receiver/json-reader.js';
import type { AppendedAttributes } from './appended-attributes.js';
import { attributesJson } from './attributes-json.js';
import { BodyEdits } from './body-edits.js';
import type { RecordRange } from './record-range.js';

/** The decoder has taken the text already; what it skipped lay deeper inside than from where this skips. */
export const MAX_SKIP_DEPTH = 1024;

/**
 * A request in OTLP/JSON with attributes appended to its records. They are spliced into the text, so that everything
 * else stays as it came, unknown members and the writing of numbers and all. Of a part of the records, the
 * groups without any of them are left out.
 */
export function spliceJson(body: Uint8Array, appended: AppendedAttributes, range: RecordRange): Buffer {
  return new JsonSplicer(body, appended, range).splice();
}

class JsonSplicer {
  readonly #reader: JsonReader;
  readonly #edits: BodyEdits;
  readonly #appended: AppendedAttributes;
  readonly #range: RecordRange;
  /** The number of the record that comes next, in the order in which the decoder gives them. */
  #next = 0;

  constructor(body: Uint8Array, appended: AppendedAttributes, range: RecordRange) {
    this.#reader = new JsonReader(body, MAX_SKIP_DEPTH);
    this.#edits = new BodyEdits(body);
    this.#appended = appended;
    this.#range = range;
  }

  splice(): Buffer {
    this.#group('resourceLogs', () =>
      this.#group('scopeLogs', () => this.#group('logRecords', () => this.#record())),
    );
    return this.#edits.apply();
  }

  /** An object of which one member is a list, whose elements `element` reads. */
  #group(list: string, element: () => void): void {
    const reader = this.#reader;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      if (reader.memberName === list) this.#list(element);
      else reader.skipValue();
    }
  }

  /** Cuts the elements that are not among the records that leave, with a comma each. */
  #list(element: () => void): void {
    const reader = this.#reader;
    const edits = this.#edits;
    if (reader.takeNull()) return;
    let kept = false;
    let more = reader.enterArray();
    let previousEnd = reader.position;
    while (more) {
      const start = reader.position;
      const first = this.#next;
      const separator = edits.replace(previousEnd, previousEnd);
      if (!reader.takeNull()) element();
      const end = reader.position;
      if (!this.#range.holds(first, this.#next)) {
        edits.dropAfter(separator);
        edits.replace(previousEnd, end);
      } else {
        if (!kept) edits.revise(separator, start);
        kept = true;
      }
      previousEnd = end;
      more = reader.nextElement();
    }
  }

  #record(): void {
    const reader = this.#reader;
    const fields = this.#appended.of(this.#next++);
    let place: Place | undefined;
    let members = 0;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      members++;
      if (reader.memberName === 'attributes') place = this.#attributes();
      else reader.skipValue();
    }
    if (fields === undefined) return;
    if (place === undefined) {
      const brace = reader.position - 1;
      place = { from: brace, until: brace, open: `${members > 0 ? ',' : ''}"attributes":[`, close: ']' };
    }
    const { from, until, open, close } = place;
    const text = Buffer.concat([Buffer.from(open), attributesJson(fields), Buffer.from(close)]);
    this.#edits.replace(from, until, text);
  }

  /** Where more attributes can be written among those of this member. */
  #attributes(): Place {
    const reader = this.#reader;
    if (reader.takeNull()) {
      return { from: reader.position - 'null'.length, until: reader.position, open: '[', close: ']' };
    }
    let open = '';
    for (let more = reader.enterArray(); more; more = reader.nextElement()) {
      open = ',';
      reader.skipValue();
    }
    const bracket = reader.position - 1;
    return { from: bracket, until: bracket, open, close: '' };
  }
}

/** `[from, until)` is replaced by attributes between `open` and `close`. */
interface Place {
  readonly from: number;
  readonly until: number;
  readonly open: string;
  readonly close: string;
}
