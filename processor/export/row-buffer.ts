const FIRST_BYTES = 64 * 1024;

/** Bytes that grow as rows are written to them; `position` is where the next byte goes. */
export class RowBuffer {
  bytes: Buffer;
  position = 0;

  constructor(bytes = FIRST_BYTES) {
    this.bytes = Buffer.allocUnsafeSlow(bytes);
  }

  /** Makes room for `count` more bytes; `bytes` may be another object afterwards. */
  reserve(count: number): void {
    const needed = this.position + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
  }
}
