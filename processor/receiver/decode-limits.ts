import { OversizedOtlpError } from './oversized-otlp-error.js';

/** What a decoder refuses, however small the message that asks for it. */
export interface DecodeLimits {
  /** How many arrays and maps may lie inside each other in an `AnyValue`; a plain value has none. */
  readonly maxDepth: number;
  /** Records in one request, and groups of them. An empty one is two bytes of a request and hundreds in memory. */
  readonly maxRecords: number;
  /** Values in one request: bodies, attributes, elements of arrays and of maps. */
  readonly maxValues: number;
}

/** Far above what a Collector sends in one request, and about 300 MB of objects at the worst. */
export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxDepth: 64,
  maxRecords: 250_000,
  maxValues: 4_000_000,
};

/** What a decoder saw in a request and what it tolerated there, for counting. */
export interface DecodeNotes {
  records: number;
  /** Bodies, attributes, elements. */
  values: number;
  /** Strings that were not UTF-8: their bad bytes became U+FFFD. */
  invalidUtf8: number;
  /** Uses of `string_value_strindex` and `key_strindex`, which logs do not define: taken as absent. */
  stringIndexes: number;
  /** Trace and span ids of a wrong length or form: taken as absent. */
  invalidIds: number;
}

/** Counts what a decode makes, and ends it at the limit. */
export class DecodeTally implements DecodeNotes {
  records = 0;
  values = 0;
  invalidUtf8 = 0;
  stringIndexes = 0;
  invalidIds = 0;
  readonly #limits: DecodeLimits;
  #groups = 0;

  constructor(limits: DecodeLimits) {
    this.#limits = limits;
  }

  /** @throws OversizedOtlpError beyond `maxRecords`. */
  addRecord(): void {
    const { maxRecords } = this.#limits;
    if (++this.records > maxRecords) throw new OversizedOtlpError('records', maxRecords);
  }

  /** Counts a resource or scope with its records. @throws OversizedOtlpError beyond `maxRecords`. */
  addGroup(): void {
    const { maxRecords } = this.#limits;
    if (++this.#groups > 2 * maxRecords) throw new OversizedOtlpError('groups', 2 * maxRecords);
  }

  /** @throws OversizedOtlpError beyond `maxValues`. */
  addValue(): void {
    const { maxValues } = this.#limits;
    if (++this.values > maxValues) throw new OversizedOtlpError('values', maxValues);
  }
}
