import { Buffer } from 'node:buffer';
import type { Event } from '../../schema/event.js';
import { enrichedAttributes } from '../enrich/enriched-attributes.js';
import type { LogRecord } from '../receiver/log-record.js';
import { varintSize, writeVarint } from './body-edits.js';

// Field number * 8 + wire type, from opentelemetry/proto/{logs,common}/v1/*.proto.
const RECORD_ATTRIBUTES = 6 * 8 + 2;
const PAIR_KEY = 1 * 8 + 2;
const PAIR_VALUE = 2 * 8 + 2;
const ANY_STRING = 1 * 8 + 2;
const ANY_INT = 3 * 8;
const ANY_ARRAY = 5 * 8 + 2;
const ARRAY_VALUES = 1 * 8 + 2;

// What an event's attributes take: they are some 20, of 25 to 60 bytes.
const USUAL_BYTES = 700;

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
      if (!(name in record.attributes)) this.#pair(name, attributes[name] as string | number | string[]);
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

  #pair(name: string, value: string | number | string[]): void {
    const key = encodedKey(name);
    const size = anySize(value);
    const pairSize = key.length + 1 + varintSize(size) + size;
    this.#reserve(1 + varintSize(pairSize) + pairSize);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = RECORD_ATTRIBUTES;
    at = writeVarint(bytes, at, pairSize);
    bytes.set(key, at);
    at += key.length;
    bytes[at++] = PAIR_VALUE;
    at = writeVarint(bytes, at, size);
    this.#length = writeAny(bytes, at, value);
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

// The names are a fixed list.
const encodedKeys = new Map<string, Buffer>();

function encodedKey(name: string): Buffer {
  let key = encodedKeys.get(name);
  if (key === undefined) {
    const text = Buffer.from(name);
    key = Buffer.from([PAIR_KEY, text.length, ...text]);
    encodedKeys.set(name, key);
  }
  return key;
}

function anySize(value: string | number | string[]): number {
  if (typeof value === 'number') return 1 + varintSize(value);
  const size = typeof value === 'string' ? Buffer.byteLength(value) : arraySize(value);
  return 1 + varintSize(size) + size;
}

function arraySize(values: readonly string[]): number {
  let size = 0;
  for (const value of values) {
    const valueSize = anySize(value);
    size += 1 + varintSize(valueSize) + valueSize;
  }
  return size;
}

function writeAny(bytes: Buffer, at: number, value: string | number | string[]): number {
  if (typeof value === 'number') {
    bytes[at++] = ANY_INT;
    return writeVarint(bytes, at, value);
  }
  if (typeof value === 'string') {
    bytes[at++] = ANY_STRING;
    at = writeVarint(bytes, at, Buffer.byteLength(value));
    return at + bytes.write(value, at);
  }
  bytes[at++] = ANY_ARRAY;
  at = writeVarint(bytes, at, arraySize(value));
  for (const each of value) {
    bytes[at++] = ARRAY_VALUES;
    at = writeVarint(bytes, at, anySize(each));
    at = writeAny(bytes, at, each);
  }
  return at;
}
