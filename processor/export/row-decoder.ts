import type { EncodedColumn } from './row-encoder.js';

/**
 * Reads the text columns of one row that `createRowEncoder` wrote. Rows are kept encoded while they wait (as
 * objects they would be held for as long by the garbage collector); this gives back what a dead letter needs.
 */
export function decodeTexts(columns: readonly EncodedColumn[], row: Buffer): Record<string, string> {
  const texts: Record<string, string> = {};
  let position = 0;

  const varint = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = row[position++] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  };
  const text = (): string => {
    const length = varint();
    position += length;
    return row.toString('utf8', position - length, position);
  };

  for (const { name, type } of columns) {
    switch (type) {
      case 'String':
      case 'LowCardinality(String)':
        texts[name] = text();
        break;
      case 'Array(String)':
      case 'Array(LowCardinality(String))':
        for (let left = varint(); left > 0; left--) text();
        break;
      case 'Map(LowCardinality(String), String)':
        for (let left = 2 * varint(); left > 0; left--) text();
        break;
      case "DateTime64(9, 'UTC')":
      case "DateTime64(3, 'UTC')":
        position += 8;
        break;
      case 'UInt32':
        position += 4;
        break;
      default:
        position += 1;
    }
  }
  return texts;
}
