import { Buffer, isUtf8 } from 'node:buffer';
import { InternedStrings } from './interned-strings.js';
import { MalformedOtlpError } from './malformed-otlp-error.js';

// Keys and values apart, so that a stream of unique values cannot push out the keys. Both outlive a request
// and may be shared by nested decodes: each use is one look-up that leaves them whole.
const keys = new InternedStrings();
const values = new InternedStrings();
// Longer values are mostly unique: looking them up would cost more than it saves.
const INTERNED_VALUE_BYTES = 16;

// A third cheaper than toString for short strings; they are what toString itself calls.
type Slice = (start: number, end: number) => string;
type SlicingBuffer = Buffer & { utf8Slice?: Slice; latin1Slice?: Slice; hexSlice?: Slice };

/** A place in a request body, and the strings that its bytes spell. All state of a decode is in its cursor. */
export class ByteCursor {
  readonly bytes: SlicingBuffer;
  readonly view: DataView;
  readonly length: number;
  position = 0;
  /** Strings seen that were not UTF-8. */
  invalidUtf8 = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.byteLength;
  }

  fail(reason: string, offset = this.position): never {
    throw new MalformedOtlpError(offset, reason);
  }

  /** The UTF-8 text of `[start, end)`, of which there are few: an attribute key, a severity, an event's name. */
  keyText(start: number, end: number): string {
    return end - start <= InternedStrings.MAX_BYTES
      ? this.#interned(keys, start, end)
      : this.text(start, end);
  }

  /** The UTF-8 text of `[start, end)`, which may be unique. */
  valueText(start: number, end: number): string {
    return end - start <= INTERNED_VALUE_BYTES ? this.#interned(values, start, end) : this.text(start, end);
  }

  /** The UTF-8 text of `[start, end)`; what is not UTF-8 becomes U+FFFD and is counted. */
  text(start: number, end: number): string {
    const bytes = this.bytes;
    const value =
      bytes.utf8Slice === undefined ? bytes.toString('utf8', start, end) : bytes.utf8Slice(start, end);
    // A sender may have meant a U+FFFD.
    if (value.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) this.invalidUtf8++;
    return value;
  }

  /** The bytes of `[start, end)` as lower-case hex digits. */
  hex(start: number, end: number): string {
    const bytes = this.bytes;
    return bytes.hexSlice === undefined ? bytes.toString('hex', start, end) : bytes.hexSlice(start, end);
  }

  #interned(cache: InternedStrings, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    const slot = cache.slotOf(this.view, start, length);
    if (slot < 0) return this.text(start, end);
    const known = cache.find(slot, this.view, start, length);
    if (known !== undefined) return known;
    const value = this.#ascii(start, end);
    cache.put(slot, this.view, start, length, value);
    return value;
  }

  #ascii(start: number, end: number): string {
    const bytes = this.bytes;
    return bytes.latin1Slice === undefined
      ? bytes.toString('latin1', start, end)
      : bytes.latin1Slice(start, end);
  }
}
