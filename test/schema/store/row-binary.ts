type Cell = number | bigint | string | Buffer;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  while (value >= 0x80) {
    bytes.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  bytes.push(value);
  return Buffer.from(bytes);
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function cell(type: 'UInt64' | 'Int64' | 'String', value: Cell): Buffer {
  if (type === 'String') return text(value as string | Buffer);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value as number | bigint)));
  return bytes;
}

/**
 * Rows as RowBinaryWithNamesAndTypes, in the plainest way.
 * @param columns types by column name; DateTime64 values travel as Int64 under their own type's name
 */
export function rowBinary(
  columns: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, Cell>>[],
): Buffer {
  const entries = Object.entries(columns);
  return Buffer.concat([
    varint(entries.length),
    ...entries.map(([name]) => text(name)),
    ...entries.map(([, type]) => text(type)),
    ...rows.flatMap((row) =>
      entries.map(([name, type]) =>
        cell(type === 'String' || type === 'UInt64' ? type : 'Int64', row[name] as Cell),
      ),
    ),
  ]);
}
