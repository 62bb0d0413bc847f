import { Buffer } from 'node:buffer';
import type { DecodeTally } from './decode-limits.js';
import { exactInteger } from './json-integer.js';
import type { JsonReader } from './json-reader.js';
import { type AnyValue, type AnyValueMap, newAnyValueMap } from './log-record.js';

const SAFE_INTEGER = /^-?\d{1,15}$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const HEX = /^[0-9a-fA-F]*$/;
const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Decodes the values of OTLP/JSON for one request; a `null` is an absent field everywhere. */
export class JsonValueReader {
  readonly #reader: JsonReader;
  readonly #maxDepth: number;
  readonly #tally: DecodeTally;
  #depth = 0;

  constructor(reader: JsonReader, maxDepth: number, tally: DecodeTally) {
    this.#reader = reader;
    this.#maxDepth = maxDepth;
    this.#tally = tally;
  }

  string(): string {
    return this.#reader.takeNull() ? '' : this.#reader.string();
  }

  key(): string {
    return this.#reader.takeNull() ? '' : this.#reader.key();
  }

  /** An unsigned 64-bit integer, as a number or a string. */
  uint64(): bigint {
    return this.#integer(0n, MAX_UINT64);
  }

  uint32(): number {
    return Number(this.#integer(0n, 0xffff_ffffn));
  }

  int32(): number {
    return Number(this.#integer(-0x8000_0000n, 0x7fff_ffffn));
  }

  /** A signed 64-bit integer, as a number or a string: a number where that is exact, else a bigint. */
  int64(): number | bigint {
    const start = this.#reader.position;
    const text = this.#numberOrString();
    if (SAFE_INTEGER.test(text)) return Number(text) + 0; // -0 is 0
    const value = this.#inRange(text, MIN_INT64, MAX_INT64, start);
    const rounded = Number(value);
    return Number.isSafeInteger(rounded) ? rounded : value;
  }

  /** A double, as a number or as the text of one. */
  double(): number {
    const reader = this.#reader;
    if (!reader.atString()) return Number(reader.numberText());
    const start = reader.position;
    const text = reader.string();
    if (text === 'NaN' || text === 'Infinity' || text === '-Infinity' || DECIMAL.test(text))
      return Number(text);
    return reader.fail('a string that is no number', start);
  }

  /** What a base64 string encodes, in either alphabet. */
  bytes(): Uint8Array {
    const reader = this.#reader;
    const start = reader.position;
    const text = reader.string();
    if (!BASE64.test(text)) reader.fail('a string that is not base64', start);
    return new Uint8Array(Buffer.from(text, 'base64'));
  }

  /** An id of `size` bytes in hex; '' unless it has that size and a bit set. */
  id(size: number): string {
    const text = this.string();
    if (text === '') return '';
    if (text.length !== 2 * size || !HEX.test(text)) {
      this.#tally.invalidIds++;
      return '';
    }
    return /^0*$/.test(text) ? '' : text.toLowerCase();
  }

  /** The elements of an array of `KeyValue`, into `map`; a key that comes again replaces the former. */
  pairs(map: AnyValueMap): void {
    const reader = this.#reader;
    if (reader.takeNull()) return;
    for (let more = reader.enterArray(); more; more = reader.nextElement()) this.#pair(map);
  }

  /** An AnyValue; `undefined` if it has no member. */
  anyValue(): AnyValue {
    const reader = this.#reader;
    if (reader.takeNull()) return undefined;
    let value: AnyValue;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      const name = reader.memberName;
      if (reader.takeNull()) continue;
      switch (name) {
        case 'stringValue':
          value = reader.string();
          break;
        case 'boolValue':
          value = reader.boolean();
          break;
        case 'intValue':
          value = this.int64();
          break;
        case 'doubleValue':
          value = this.double();
          break;
        case 'arrayValue':
          value = this.#array();
          break;
        case 'kvlistValue':
          value = this.#map();
          break;
        case 'bytesValue':
          value = this.bytes();
          break;
        case 'stringValueStrindex':
          this.#tally.stringIndexes++;
          reader.skipValue();
          break;
        default:
          reader.skipValue();
      }
    }
    return value;
  }

  #pair(map: AnyValueMap): void {
    const reader = this.#reader;
    this.#tally.addValue();
    let key = '';
    let value: AnyValue;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      switch (reader.memberName) {
        case 'key':
          key = this.key();
          break;
        case 'value':
          value = this.anyValue();
          break;
        case 'keyStrindex':
          this.#tally.stringIndexes++;
          reader.skipValue();
          break;
        default:
          reader.skipValue();
      }
    }
    map[key] = value;
  }

  #array(): AnyValue[] {
    const reader = this.#reader;
    const values: AnyValue[] = [];
    this.#descend();
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      if (reader.memberName !== 'values') reader.skipValue();
      else if (!reader.takeNull()) {
        for (let next = reader.enterArray(); next; next = reader.nextElement()) {
          this.#tally.addValue();
          values.push(this.anyValue());
        }
      }
    }
    this.#depth--;
    return values;
  }

  #map(): AnyValueMap {
    const reader = this.#reader;
    const map = newAnyValueMap();
    this.#descend();
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      if (reader.memberName === 'values') this.pairs(map);
      else reader.skipValue();
    }
    this.#depth--;
    return map;
  }

  #descend(): void {
    if (++this.#depth > this.#maxDepth) {
      this.#reader.fail(`values nested deeper than ${this.#maxDepth} levels`);
    }
  }

  #integer(min: bigint, max: bigint): bigint {
    if (this.#reader.takeNull()) return 0n;
    const start = this.#reader.position;
    return this.#inRange(this.#numberOrString(), min, max, start);
  }

  #inRange(text: string, min: bigint, max: bigint, start: number): bigint {
    const value = exactInteger(text);
    if (value === undefined || value < min || value > max) {
      return this.#reader.fail('a number that is no integer or out of range', start);
    }
    return value;
  }

  #numberOrString(): string {
    const reader = this.#reader;
    return reader.atString() ? reader.string() : reader.numberText();
  }
}
