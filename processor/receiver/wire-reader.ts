import { ByteCursor } from './byte-cursor.js';

/** Protobuf's wire types, the low three bits of a tag. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * Reads protobuf's wire format. Every read is checked against the end of the body; whoever reads a message
 * must also check, by {@link WireReader.leave}, that its fields end where it ends.
 */
export class WireReader extends ByteCursor {
  /** The upper 32 bits, unsigned, of what {@link WireReader.varint} read last. */
  high = 0;

  /** A field's tag: its number times 8, plus its wire type. */
  tag(): number {
    const start = this.position;
    const first = this.bytes[start] as number;
    if (first >= 8 && first < 0x80) {
      this.position = start + 1;
      return first;
    }
    const tag = this.varint();
    if (tag < 8 || this.high !== 0) this.fail('a field number out of range', start);
    return tag;
  }

  /** The low 32 bits, unsigned, of a varint of up to 64; the others are left in `high`. */
  varint(): number {
    if (this.position < this.length) {
      const first = this.bytes[this.position] as number;
      if (first < 0x80) {
        this.position++;
        this.high = 0;
        return first;
      }
    }
    return this.#longVarint();
  }

  #longVarint(): number {
    const start = this.position;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.position >= this.length) this.fail('a varint that is cut off', start);
      const byte = this.bytes[this.position++] as number;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (7 * i - 32);
      if (byte < 0x80) {
        this.high = high >>> 0;
        return low >>> 0;
      }
    }
    return this.fail('a varint of more than 10 bytes', start);
  }

  /** A varint as int64: a number where it is exact, else a bigint. */
  int64(): number | bigint {
    const low = this.varint();
    const high = this.high | 0;
    if (high === 0) return low;
    if (high >= -0x20_0000 && high < 0x20_0000) {
      const value = high * 0x1_0000_0000 + low;
      if (Number.isSafeInteger(value)) return value;
    }
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** A varint as a bool: true unless all 64 bits are zero. */
  bool(): boolean {
    const low = this.varint();
    return low !== 0 || this.high !== 0;
  }

  fixed32(): number {
    const start = this.#take(4);
    return this.view.getUint32(start, true);
  }

  fixed64(): bigint {
    const start = this.#take(8);
    return this.view.getBigUint64(start, true);
  }

  double(): number {
    const start = this.#take(8);
    return this.view.getFloat64(start, true);
  }

  /** Enters a length-delimited field that must end by `limit`: reads its length and gives its end. */
  enter(limit: number): number {
    const start = this.position;
    if (start < limit) {
      const first = this.bytes[start] as number;
      const end = start + 1 + first;
      if (first < 0x80 && end <= limit) {
        this.position = start + 1;
        return end;
      }
    }
    const length = this.varint();
    const end = this.position + length;
    if (this.high !== 0 || end > limit) this.fail('a field longer than the message that holds it', start);
    return end;
  }

  /** Checks that the message that ends at `end` was read to exactly there. */
  leave(end: number): void {
    if (this.position !== end) this.fail('a field that runs over the end of its message', end);
  }

  /** Skips the value of a field that nobody knows. */
  skip(tag: number, limit: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint();
        return;
      case FIXED64:
        this.#take(8);
        return;
      case LENGTH_DELIMITED:
        this.position = this.enter(limit);
        return;
      case FIXED32:
        this.#take(4);
        return;
      default:
        this.fail(`a group or unknown wire type (${tag & 7})`);
    }
  }

  /** A string that may be unique. */
  string(limit: number): string {
    const end = this.enter(limit);
    const start = this.position;
    this.position = end;
    return this.valueText(start, end);
  }

  /** A string of which there are few. */
  key(limit: number): string {
    const end = this.enter(limit);
    const start = this.position;
    this.position = end;
    return this.keyText(start, end);
  }

  /** A copy of a bytes field: a view would keep the whole request in memory. */
  copyOfBytes(limit: number): Uint8Array {
    const end = this.enter(limit);
    const copy = new Uint8Array(end - this.position);
    copy.set(this.bytes.subarray(this.position, end));
    this.position = end;
    return copy;
  }

  #take(size: number): number {
    const start = this.position;
    if (start + size > this.length) this.fail('a fixed-size value that is cut off');
    this.position = start + size;
    return start;
  }
}
