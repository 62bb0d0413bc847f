import type { ColumnType } from '../../schema/event.js';
import { COLUMN_WRITERS, writeString, writeVarint } from './column-writers.js';
import { RowBuffer } from './row-buffer.js';

/** What the encoder needs to know of a column; `EVENT_COLUMNS` is a list of these. */
export interface EncodedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Turns rows into ClickHouse's RowBinaryWithNamesAndTypes: the header once, then rows one after another. */
export interface RowEncoder<Row> {
  readonly columns: readonly EncodedColumn[];
  readonly columnNames: readonly string[];
  /** Number of columns, their names, their types: what every insert's body begins with. */
  readonly header: Buffer;
  /**
   * Appends one row. Returns where its stamp column lies in `out.bytes`, -1 without one. If a value is not
   * of its column's type it throws a {@link RowEncodingError} and leaves `out` as it was.
   */
  append(row: Row, out: RowBuffer): number;
}

/** A row holds a value that its column cannot; sending the record again cannot help. */
export class RowEncodingError extends Error {
  override readonly name = 'RowEncodingError';
  readonly column: string;

  constructor(column: string, cause: unknown) {
    super(`column ${column}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.column = column;
  }
}

/**
 * Compiles an encoder from a list of columns. `stamp` names a `DateTime64(3)` column that `append` leaves at
 * zero for {@link stampRow}, so that rows can be encoded as they arrive and stamped when they are inserted.
 */
export function createRowEncoder<Row extends object>(
  columns: readonly EncodedColumn[],
  stamp?: string,
): RowEncoder<Row> {
  const names = columns.map((column) => column.name);
  const writers = columns.map((column) => COLUMN_WRITERS[column.type]) as ((
    value: unknown,
    out: RowBuffer,
  ) => void)[];
  const stampColumn = stamp === undefined ? -1 : names.indexOf(stamp);
  const count = names.length;

  const append = (row: Row, out: RowBuffer): number => {
    const values = row as Readonly<Record<string, unknown>>;
    const start = out.position;
    let stampAt = -1;
    let i = 0;
    try {
      for (; i < count; i++) {
        if (i === stampColumn) {
          stampAt = out.position;
          (writers[i] as (value: unknown, out: RowBuffer) => void)(0, out);
        } else {
          (writers[i] as (value: unknown, out: RowBuffer) => void)(values[names[i] as string], out);
        }
      }
    } catch (error) {
      out.position = start;
      throw new RowEncodingError(names[i] as string, error);
    }
    return stampAt;
  };
  return { columns, columnNames: names, header: encodeHeader(columns), append };
}

/** Writes a time in milliseconds since the Unix epoch over the stamp that lies at `at`. */
export function stampRow(bytes: Buffer, at: number, milliseconds: number): void {
  bytes.writeUInt32LE(milliseconds % 0x1_0000_0000, at);
  bytes.writeUInt32LE(Math.floor(milliseconds / 0x1_0000_0000), at + 4);
}

function encodeHeader(columns: readonly EncodedColumn[]): Buffer {
  const out = new RowBuffer(1024);
  out.reserve(5);
  writeVarint(columns.length, out);
  for (const column of columns) writeString(column.name, out);
  for (const column of columns) writeString(column.type, out);
  return Buffer.from(out.bytes.subarray(0, out.position));
}
