import { type AnyValue, type AnyValueMap, newAnyValueMap } from '../receiver/log-record.js';

/** A record has more in it than an application's thread should spend on one record. */
class OversizedRecordError extends Error {
  override readonly name = 'OversizedRecordError';
}

// What a record of any vendor stays far below. Reading the worst of this size takes some 20 milliseconds.
const MAX_VALUES = 20_000;
const MAX_CHARACTERS = 512 * 1024;
/** As deep as the receiver reads. A body that holds itself ends here. */
const MAX_DEPTH = 64;

const LONE_SURROGATES = /\p{Surrogate}/gu;
const INT64_END = 2 ** 63;

/**
 * Copies the values of one record that an application emitted to what a decoder would have handed over had the record
 * come over OTLP: the same record must be the same event either way. What OTLP cannot say is absent.
 */
export class EmittedValues {
  #values = 0;
  #characters = 0;

  /** @throws {OversizedRecordError} */
  map(object: Readonly<Record<string, unknown>>, depth = 0): AnyValueMap {
    const map = newAnyValueMap();
    for (const key of Object.keys(object)) map[this.text(key)] = this.value(object[key], depth);
    return map;
  }

  /** @throws {OversizedRecordError} */
  value(value: unknown, depth = 0): AnyValue {
    if (++this.#values > MAX_VALUES) throw new OversizedRecordError(`more than ${MAX_VALUES} values`);
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return numberOf(value);
      case 'boolean':
        return value;
      case 'object':
        break;
      default:
        return undefined;
    }
    if (value === null || depth >= MAX_DEPTH) return undefined;
    if (value instanceof Uint8Array) {
      this.#count(value.length);
      return value;
    }
    if (!Array.isArray(value)) return this.map(value as Record<string, unknown>, depth + 1);
    const values: AnyValue[] = [];
    // By index, since a hole is an absent value of its own.
    for (let i = 0; i < value.length; i++) values.push(this.value(value[i], depth + 1));
    return values;
  }

  /** Text as UTF-8 can say it. @throws {OversizedRecordError} */
  text(text: string): string {
    this.#count(text.length);
    return text.replace(LONE_SURROGATES, '\u{fffd}');
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters > MAX_CHARACTERS) {
      throw new OversizedRecordError(`more than ${MAX_CHARACTERS} characters`);
    }
  }
}

/** OTLP sends whole numbers as 64-bit integers; those that JSON readers would round are bigints from there on. */
function numberOf(value: number): number | bigint {
  if (!Number.isInteger(value)) return value;
  if (Number.isSafeInteger(value)) return value + 0;
  return value >= -INT64_END && value < INT64_END ? BigInt(value) : value;
}
