import { Buffer } from 'node:buffer';

/**
 * What to change in a request's body, in the order of its bytes, so that all other bytes stay as they came. Groups are
 * decided about after what lies in them: a place is reserved before it and filled in, or what follows it dropped.
 */
export class BodyEdits {
  readonly #body: Buffer;
  readonly #from: number[] = [];
  readonly #until: number[] = [];
  /** What comes instead: bytes, or a number that is written as a varint. */
  readonly #instead: (Uint8Array | number | undefined)[] = [];

  constructor(body: Uint8Array) {
    this.#body = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }

  /** How many there are: a mark for {@link BodyEdits.dropAfter}. */
  get count(): number {
    return this.#from.length;
  }

  /** Replaces `[from, until)`, which lies after everything that is replaced so far; gives the edit's number. */
  replace(from: number, until: number, instead?: Uint8Array | number): number {
    this.#until.push(until);
    this.#instead.push(instead);
    return this.#from.push(from) - 1;
  }

  /** Changes an edit. */
  revise(edit: number, until: number, instead?: Uint8Array | number): void {
    this.#until[edit] = until;
    this.#instead[edit] = instead;
  }

  /** Forgets the edits from number `count` on. */
  dropAfter(count: number): void {
    this.#from.length = count;
    this.#until.length = count;
    this.#instead.length = count;
  }

  /** The body with all edits made; the body itself if there are none. */
  apply(): Buffer {
    if (this.#from.length === 0) return this.#body;
    const output = Buffer.allocUnsafe(this.#size());
    let at = 0;
    let copied = 0;
    for (let i = 0; i < this.#from.length; i++) {
      const from = this.#from[i] as number;
      const instead = this.#instead[i];
      at += this.#body.copy(output, at, copied, from);
      copied = this.#until[i] as number;
      if (typeof instead === 'number') at = writeVarint(output, at, instead);
      else if (instead !== undefined) {
        output.set(instead, at);
        at += instead.length;
      }
    }
    this.#body.copy(output, at, copied);
    return output;
  }

  #size(): number {
    let size = this.#body.length;
    for (let i = 0; i < this.#from.length; i++) {
      const instead = this.#instead[i];
      size += (this.#from[i] as number) - (this.#until[i] as number);
      if (typeof instead === 'number') size += varintSize(instead);
      else if (instead !== undefined) size += instead.length;
    }
    return size;
  }
}

/** How many bytes a varint of a non-negative number below 2^35 takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (; value >= 0x80; value = Math.floor(value / 0x80)) size++;
  return size;
}

/** Writes a varint of a non-negative number below 2^35; gives the place after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes[at++] = (value % 0x80) | 0x80;
  bytes[at++] = value;
  return at;
}
