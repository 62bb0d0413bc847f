import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const NEWLINE = 0x0a;
// A JavaScript string holds at most 512 Mi characters, and what is parsed from it needs as much again.
export const MOST_BYTES_AT_ONCE = 256 * 1024 * 1024;

export interface TextLine {
  /** From 1. */
  readonly number: number;
  /** Without its end; undefined if it is longer than `MOST_BYTES_AT_ONCE`. */
  readonly text: string | undefined;
}

/** The bytes of a file, unzipped if they begin as gzip does, whatever the file is called. */
export async function* unzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { value, done } = await iterator.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  const whole = (async function* () {
    yield start;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  // A fault of either stream ends the loop over the last one with an error.
  pipeline(Readable.from(whole, { objectMode: false }), gunzip, () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}

/** Splits UTF-8 bytes into lines, `\n` or `\r\n`, and takes a byte order mark away. */
export async function* textLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<TextLine> {
  let number = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const line = (): TextLine => {
    number += 1;
    const text =
      heldBytes > MOST_BYTES_AT_ONCE ? undefined : Buffer.concat(held).toString('utf8').replace(/\r$/, '');
    held = [];
    heldBytes = 0;
    return { number, text: number === 1 ? text?.replace(/^\ufeff/, '') : text };
  };
  const hold = (part: Buffer): void => {
    heldBytes += part.length;
    // What is too long is read past, not kept.
    if (heldBytes <= MOST_BYTES_AT_ONCE) held.push(part);
    else held = [];
  };

  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      hold(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }
  if (heldBytes > 0) yield line();
}
