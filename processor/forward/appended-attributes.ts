import { Buffer } from 'node:buffer';
import type { Event } from '../../schema/event.js';
import { enrichedAttributes } from '../enrich/enriched-attributes.js';
import type { LogRecord } from '../receiver/log-record.js';
import { bytesField } from '../receiver/protobuf-writer.js';
import { varintSize, writeVarint } from './body-edits.js';

// Field number * 8 + wire type, from opentelemetry/proto/{logs,common}/v1/*.proto.
const RECORD_ATTRIBUTES = 6 * 8 + 2;
const PAIR_KEY = 1 * 8 + 2;
const PAIR_VALUE = 2 * 8 + 2;
const ANY_STRING = 1 * 8 + 2;
const ANY_INT = 3 * 8;
// Field numbers for bytesField.
const ANY_STRING_FIELD = 1;
const ANY_ARRAY_FIELD = 5;
const ARRAY_VALUES_FIELD = 1;

// What an event's attributes take: they are some 20, of 25 to 60 bytes.
const USUAL_BYTES = 800;
// Two tags, and three lengths of up to 5 bytes, around a key and a value.
const MOST_FRAMING = 2 + 3 * 5;

/**
 * What is known of a request's records and is to be appended to them, encoded as `attributes` fields of a LogRecord
 * as soon as it is known: objects that wait for the store would cost the garbage collector more than their encoding.
 */
export class AppendedAttributes {
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  #bytes = Buffer.alloc(0);
  #length = 0;
  /** How many records get something appended. */
  enriched = 0;

  /** For a request of so many records. */
  constructor(records: number) {
    this.#starts = new Uint32Array(records);
    this.#ends = new Uint32Array(records);
  }

  /**
   * The attributes of the event that the record of this number is. One whose name the record has already is left
   * out, whatever its value: what the record says of itself stands, be it an earlier Vouchtrail's or the caller's.
   */
  add(index: number, record: LogRecord, event: Event): void {
    const start = this.#length;
    const attributes = enrichedAttributes(event);
    for (const name in attributes) {
      if (!(name in record.attributes)) this.#append(name, attributes[name] as string | number | string[]);
    }
    if (this.#length === start) return;
    this.#starts[index] = start;
    this.#ends[index] = this.#length;
    this.enriched += 1;
  }

  /** What to append to the LogRecord message of this number; undefined for nothing. */
  of(index: number): Buffer | undefined {
    const start = this.#starts[index] as number;
    const end = this.#ends[index] as number;
    return end > start ? this.#bytes.subarray(start, end) : undefined;
  }

  #append(name: string, value: string | number | string[]): void {
    const key = encodedKey(name);
    if (typeof value === 'number') this.#integer(key, value);
    else if (typeof value !== 'string') this.#value(key, arrayValue(value));
    else if (!this.#shortText(key, value)) this.#value(key, bytesField(ANY_STRING_FIELD, value));
  }

  /**
   * Appends a text if it is short and ASCII, as nearly all are, so that its lengths take one byte each and its
   * characters are its bytes: a third of what the general way costs.
   */
  #shortText(key: Uint8Array, value: string): boolean {
    const { length } = value;
    const valueSize = 2 + length;
    const pairSize = key.length + 2 + valueSize;
    if (pairSize >= 0x80) return false;
    this.#reserve(2 + pairSize);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = RECORD_ATTRIBUTES;
    bytes[at++] = pairSize;
    for (let i = 0; i < key.length; i++) bytes[at++] = key[i] as number;
    bytes[at++] = PAIR_VALUE;
    bytes[at++] = valueSize;
    bytes[at++] = ANY_STRING;
    bytes[at++] = length;
    let allBits = 0;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      allBits |= unit;
      bytes[at++] = unit;
    }
    if (allBits >= 0x80) return false;
    this.#length = at;
    return true;
  }

  #integer(key: Uint8Array, value: number): void {
    this.#reserve(key.length + 5 + MOST_FRAMING);
    const at = this.#begin(key, 1 + varintSize(value));
    this.#bytes[at] = ANY_INT;
    this.#length = writeVarint(this.#bytes, at + 1, value);
  }

  /** `value`: an encoded AnyValue. */
  #value(key: Uint8Array, value: Buffer): void {
    this.#reserve(key.length + value.length + MOST_FRAMING);
    const at = this.#begin(key, value.length);
    this.#bytes.set(value, at);
    this.#length = at + value.length;
  }

  /** Writes what comes before a KeyValue's AnyValue of so many bytes; gives the place for it. */
  #begin(key: Uint8Array, valueSize: number): number {
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = RECORD_ATTRIBUTES;
    at = writeVarint(bytes, at, key.length + 1 + varintSize(valueSize) + valueSize);
    for (let i = 0; i < key.length; i++) bytes[at++] = key[i] as number;
    bytes[at++] = PAIR_VALUE;
    return writeVarint(bytes, at, valueSize);
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const usual = USUAL_BYTES * Math.min(64, this.#starts.length);
    const grown = Buffer.allocUnsafe(Math.max(needed, usual, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

// Of a fixed list of names.
const encodedKeys = new Map<string, Uint8Array>();

function encodedKey(name: string): Uint8Array {
  let key = encodedKeys.get(name);
  if (key === undefined) {
    const text = Buffer.from(name);
    key = Uint8Array.of(PAIR_KEY, text.length, ...text);
    encodedKeys.set(name, key);
  }
  return key;
}

function arrayValue(values: readonly string[]): Buffer {
  const elements = values.map((value) => bytesField(ARRAY_VALUES_FIELD, bytesField(ANY_STRING_FIELD, value)));
  return bytesField(ANY_ARRAY_FIELD, Buffer.concat(elements));
}
