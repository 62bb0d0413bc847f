import type { Type } from 'protobufjs';

// Rewrites an encoded message into another encoding of the same message, as protobuf allows.

interface Field {
  number: number;
  wire: number;
  /** What follows the tag: for a length-delimited field without its length. */
  content: Buffer;
}

/**
 * The same message with its fields in another order (those of one number keep theirs), unknown fields
 * between them, longer varints than needed, and singular messages split in two.
 */
export function disturb(encoded: Buffer, type: Type, random: () => number): Buffer {
  const fields = split(encoded).flatMap((field) => {
    const known = type.fieldsById[field.number]?.resolve();
    if (known?.resolvedType === null || known === undefined || field.wire !== 2) return [field];
    const message = known.resolvedType as Type;
    const parts = !known.repeated && random() < 0.2 ? halves(field.content, random) : [field.content];
    return parts.map((part) => ({ ...field, content: disturb(part, message, random) }));
  });
  const pieces = shuffle(fields, random).flatMap((field) => {
    const piece = join(field, random);
    return random() < 0.2 ? [unknownField(random), piece] : [piece];
  });
  if (random() < 0.2) pieces.push(unknownField(random));
  return Buffer.concat(pieces);
}

function halves(message: Buffer, random: () => number): Buffer[] {
  const [first, second]: [Buffer[], Buffer[]] = [[], []];
  let inSecond = false;
  for (const field of split(message)) {
    inSecond ||= random() < 0.5;
    (inSecond ? second : first).push(join(field, random));
  }
  return [Buffer.concat(first), Buffer.concat(second)];
}

function shuffle(fields: Field[], random: () => number): Field[] {
  const order = new Map<number, number>();
  const rank = (number: number) => {
    const known = order.get(number) ?? random();
    order.set(number, known);
    return known;
  };
  return [...fields].sort((a, b) => rank(a.number) - rank(b.number));
}

function unknownField(random: () => number): Buffer {
  const number = [15, 16, 100, 1000, 536_870_911][Math.floor(random() * 5)] as number;
  const wire = [0, 1, 2, 5][Math.floor(random() * 4)] as number;
  const size = { 0: 0, 1: 8, 5: 4 }[wire] ?? Math.floor(random() * 200);
  const content = wire === 0 ? varint(Math.floor(random() * 2 ** 31), random) : Buffer.alloc(size, 0xff);
  return join({ number, wire, content }, random);
}

function split(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = readVarint();
    const wire = tag % 8;
    let start = at;
    if (wire === 2) {
      const length = readVarint();
      start = at;
      at += length;
    } else if (wire === 0) readVarint();
    else at += wire === 1 ? 8 : 4;
    fields.push({ number: Math.floor(tag / 8), wire, content: message.subarray(start, at) });
  }
  return fields;
}

function join({ number, wire, content }: Field, random: () => number): Buffer {
  const tag = varint(number * 8 + wire);
  return Buffer.concat(wire === 2 ? [tag, varint(content.length, random), content] : [tag, content]);
}

function varint(value: number, random?: () => number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  bytes.push(value);
  // One idle byte more is still the same number.
  if (random !== undefined && bytes.length < 5 && random() < 0.1) {
    bytes.push((bytes.pop() as number) | 0x80, 0);
  }
  return Buffer.from(bytes);
}
