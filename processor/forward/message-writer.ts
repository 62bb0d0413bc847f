import { Buffer } from 'node:buffer';
import { varintSize, writeVarint } from './body-edits.js';

/** Writes protobuf, message within message, into one buffer that grows. */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  /** What was written. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** How much is written: a mark for {@link MessageWriter.dropAfter}. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written since the mark. */
  dropAfter(length: number): void {
    this.#length = length;
  }

  /** A message, whose fields `write` writes. */
  message(field: number, write: () => void): void {
    this.#varint(field * 8 + 2);
    const lengthAt = this.#length;
    // Most lengths are one byte; what follows makes room for a longer one.
    this.#reserve(5);
    const start = lengthAt + 1;
    this.#length = start;
    write();
    const size = this.#length - start;
    const extra = varintSize(size) - 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#bytes.copyWithin(start + extra, start, this.#length);
      this.#length += extra;
    }
    writeVarint(this.#bytes, lengthAt, size);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.raw(value);
  }

  string(field: number, value: string): void {
    const size = Buffer.byteLength(value);
    this.#varint(field * 8 + 2);
    this.#varint(size);
    this.#reserve(size);
    this.#length += this.#bytes.write(value, this.#length);
  }

  /** Fields that are encoded already. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#length);
    this.#length += fields.length;
  }

  /** A varint field of a uint32 or a bool. */
  uint32(field: number, value: number): void {
    this.#varint(field * 8);
    this.#varint(value);
  }

  /** A varint field of an int64 or an int32. */
  int64(field: number, value: number | bigint): void {
    this.#varint(field * 8);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }

  fixed64(field: number, value: bigint): void {
    this.#varint(field * 8 + 1);
    this.#reserve(8);
    this.#length = this.#bytes.writeBigUInt64LE(value, this.#length);
  }

  double(field: number, value: number): void {
    this.#varint(field * 8 + 1);
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  fixed32(field: number, value: number): void {
    this.#varint(field * 8 + 5);
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  #varint(value: number): void {
    this.#reserve(5);
    this.#length = writeVarint(this.#bytes, this.#length, value);
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
