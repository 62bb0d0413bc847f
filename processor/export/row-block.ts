import { RowBuffer } from './row-buffer.js';
import { type RowEncoder, stampRow } from './row-encoder.js';

/** Where encoded rows go: a table and the encoder of its columns. */
export interface RowTarget<Row> {
  readonly table: string;
  readonly encoder: RowEncoder<Row>;
}

/** Encoded rows of one table that go to the store in one insert, each with the request that brought it. */
export class RowBlock<Row, Owner> {
  readonly target: RowTarget<Row>;
  readonly #out: RowBuffer;
  readonly #starts: number[] = [];
  readonly #stamps: number[] = [];
  readonly #owners: Owner[] = [];

  constructor(target: RowTarget<Row>, out = new RowBuffer()) {
    this.target = target;
    this.#out = out;
    const { header } = target.encoder;
    this.#out.reserve(header.length);
    this.#out.position = header.copy(this.#out.bytes);
  }

  get rows(): number {
    return this.#starts.length;
  }

  /** Returns how many bytes the row took. Throws `RowEncodingError` and appends nothing if it cannot be encoded. */
  append(row: Row, owner: Owner): number {
    const start = this.#out.position;
    const stamp = this.target.encoder.append(row, this.#out);
    this.#starts.push(start);
    this.#stamps.push(stamp);
    this.#owners.push(owner);
    return this.#out.position - start;
  }

  ownerOf(row: number): Owner {
    return this.#owners[row] as Owner;
  }

  /** The encoded row, without a header. */
  row(row: number): Buffer {
    return this.#out.bytes.subarray(this.#starts[row], this.#startOf(row + 1));
  }

  /**
   * The body of an insert of the rows `[from, to)`, each stamped with `milliseconds` since the epoch in the
   * encoder's stamp column. Shares memory with the block where it can: use it before the next call.
   */
  body(milliseconds: number, from = 0, to = this.rows): Buffer {
    const { bytes } = this.#out;
    for (let row = from; row < to; row++) {
      const stamp = this.#stamps[row] as number;
      if (stamp >= 0) stampRow(bytes, stamp, milliseconds);
    }
    if (from === 0) return bytes.subarray(0, this.#startOf(to));
    return Buffer.concat([
      this.target.encoder.header,
      bytes.subarray(this.#startOf(from), this.#startOf(to)),
    ]);
  }

  /** Gives the memory back that the rows lie in; the block is of no use afterwards. */
  release(): RowBuffer {
    return this.#out;
  }

  #startOf(row: number): number {
    return this.#starts[row] ?? this.#out.position;
  }
}
