/** A field of an encoded message; `start` and `end` are of its content, `from` of its tag. */
export interface WireField {
  readonly number: number;
  readonly wire: number;
  readonly bytes: Buffer;
  readonly content: Buffer;
}

/** The fields of an encoded message, in their order. */
export function wireFields(message: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  while (at < message.length) {
    const from = at;
    const tag = varint();
    const wire = tag % 8;
    let start = at;
    if (wire === 2) {
      const length = varint();
      start = at;
      at += length;
    } else if (wire === 0) varint();
    else at += wire === 1 ? 8 : 4;
    const [bytes, content] = [message.subarray(from, at), message.subarray(start, at)];
    fields.push({ number: Math.floor(tag / 8), wire, bytes, content });
  }
  return fields;
}
