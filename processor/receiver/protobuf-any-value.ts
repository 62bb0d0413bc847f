import type { DecodeTally } from './decode-limits.js';
import { type AnyValue, type AnyValueMap, newAnyValueMap } from './log-record.js';
import type { WireReader } from './wire-reader.js';

// Field number * 8 + wire type, from opentelemetry/proto/common/v1/common.proto.
const ANY_STRING = 1 * 8 + 2;
const ANY_BOOL = 2 * 8;
const ANY_INT = 3 * 8;
const ANY_DOUBLE = 4 * 8 + 1;
const ANY_ARRAY = 5 * 8 + 2;
const ANY_KVLIST = 6 * 8 + 2;
const ANY_BYTES = 7 * 8 + 2;
const ANY_STRING_INDEX = 8 * 8;
const LIST_VALUES = 1 * 8 + 2;
const PAIR_KEY = 1 * 8 + 2;
const PAIR_VALUE = 2 * 8 + 2;
const PAIR_KEY_INDEX = 3 * 8;

/** Decodes AnyValues for one request. */
export class AnyValueReader {
  readonly #reader: WireReader;
  readonly #maxDepth: number;
  readonly #tally: DecodeTally;
  #depth = 0;

  constructor(reader: WireReader, maxDepth: number, tally: DecodeTally) {
    this.#reader = reader;
    this.#maxDepth = maxDepth;
    this.#tally = tally;
  }

  /**
   * The AnyValue that begins here and ends at `end`. `value` is what came before in the same field: protobuf
   * merges a message that comes twice.
   */
  value(end: number, value: AnyValue): AnyValue {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.tag();
      switch (tag) {
        case ANY_STRING:
          value = reader.string(end);
          break;
        case ANY_BOOL:
          value = reader.bool();
          break;
        case ANY_INT:
          value = reader.int64();
          break;
        case ANY_DOUBLE:
          value = reader.double();
          break;
        case ANY_ARRAY:
          value = this.#array(reader.enter(end), Array.isArray(value) ? value : []);
          break;
        case ANY_KVLIST:
          value = this.#map(reader.enter(end), isMap(value) ? value : newAnyValueMap());
          break;
        case ANY_BYTES:
          value = reader.copyOfBytes(end);
          break;
        case ANY_STRING_INDEX:
          reader.varint();
          this.#tally.stringIndexes++;
          value = undefined;
          break;
        default:
          reader.skip(tag, end);
      }
    }
    reader.leave(end);
    return value;
  }

  /** Reads one `KeyValue`, which ends at `end`, into `map`; a key that comes again replaces the former. */
  pair(end: number, map: AnyValueMap): void {
    const reader = this.#reader;
    this.#tally.addValue();
    let key = '';
    let value: AnyValue;
    while (reader.position < end) {
      const tag = reader.tag();
      switch (tag) {
        case PAIR_KEY:
          key = reader.key(end);
          break;
        case PAIR_VALUE:
          value = this.value(reader.enter(end), value);
          break;
        case PAIR_KEY_INDEX:
          reader.varint();
          this.#tally.stringIndexes++;
          break;
        default:
          reader.skip(tag, end);
      }
    }
    reader.leave(end);
    map[key] = value;
  }

  #array(end: number, values: AnyValue[]): AnyValue[] {
    const reader = this.#reader;
    this.#descend();
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === LIST_VALUES) {
        this.#tally.addValue();
        values.push(this.value(reader.enter(end), undefined));
      } else reader.skip(tag, end);
    }
    reader.leave(end);
    this.#depth--;
    return values;
  }

  #map(end: number, map: AnyValueMap): AnyValueMap {
    const reader = this.#reader;
    this.#descend();
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === LIST_VALUES) this.pair(reader.enter(end), map);
      else reader.skip(tag, end);
    }
    reader.leave(end);
    this.#depth--;
    return map;
  }

  #descend(): void {
    if (++this.#depth > this.#maxDepth) {
      this.#reader.fail(`values nested deeper than ${this.#maxDepth} levels`);
    }
  }
}

function isMap(value: AnyValue): value is AnyValueMap {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}
