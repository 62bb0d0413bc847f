import type { Address } from './address.js';

/** An autonomous system. */
export interface AutonomousSystem {
  /** 0 = unknown. */
  readonly number: number;
  readonly organization: string;
}

export const UNKNOWN_SYSTEM: AutonomousSystem = Object.freeze({ number: 0, organization: '' });

const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const COLON = 58;

/**
 * Address ranges with their autonomous systems, from CSV lines `first,last,number,name` sorted by address, in typed
 * arrays: half a million objects would take seconds and a hundred megabytes.
 */
export class AsnTable {
  readonly #wordsPerAddress: 1 | 4;
  readonly #firsts: Uint32Array;
  readonly #lasts: Uint32Array;
  readonly #numbers: Uint32Array;
  readonly #names: Map<number, string>;
  readonly size: number;

  /** `names` is shared by the tables of both address versions. Lines that are not in the format are left out. */
  constructor(csv: Uint8Array, version: 4 | 6, names: Map<number, string>) {
    this.#wordsPerAddress = version === 4 ? 1 : 4;
    this.#names = names;
    let lines = 1;
    for (let at = csv.indexOf(NEWLINE); at >= 0; at = csv.indexOf(NEWLINE, at + 1)) lines++;
    this.#firsts = new Uint32Array(lines * this.#wordsPerAddress);
    this.#lasts = new Uint32Array(lines * this.#wordsPerAddress);
    this.#numbers = new Uint32Array(lines);
    this.size = this.#fill(csv, version);
  }

  #fill(csv: Uint8Array, version: 4 | 6): number {
    const words = this.#wordsPerAddress;
    let row = 0;
    let at = 0;
    while (at < csv.length) {
      let end = csv.indexOf(NEWLINE, at);
      if (end < 0) end = csv.length;
      const first = csv.indexOf(COMMA, at);
      const last = csv.indexOf(COMMA, first + 1);
      const number = csv.indexOf(COMMA, last + 1);
      if (first > at && last > first && number > last && number < end) {
        const base = row * words;
        const isRange =
          version === 4
            ? readIpv4(csv, at, first, this.#firsts, base) &&
              readIpv4(csv, first + 1, last, this.#lasts, base)
            : readIpv6(csv, at, first, this.#firsts, base) &&
              readIpv6(csv, first + 1, last, this.#lasts, base);
        const system = readNumber(csv, last + 1, number);
        if (isRange && system > 0) {
          this.#numbers[row] = system;
          if (!this.#names.has(system)) this.#names.set(system, readName(csv, number + 1, end));
          row++;
        }
      }
      at = end + 1;
    }
    return row;
  }

  /** The autonomous system of an address of this table's version. */
  find(address: Address): AutonomousSystem {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#firsts, middle, address.words) > 0) high = middle - 1;
      else low = middle + 1;
    }
    if (high < 0 || this.#compare(this.#lasts, high, address.words) < 0) return UNKNOWN_SYSTEM;
    const number = this.#numbers[high] ?? 0;
    return { number, organization: this.#names.get(number) ?? '' };
  }

  /** Negative if the bound of `row` is below the address. */
  #compare(bounds: Uint32Array, row: number, words: readonly number[]): number {
    const base = row * this.#wordsPerAddress;
    for (let i = 0; i < this.#wordsPerAddress; i++) {
      const difference = (bounds[base + i] ?? 0) - (words[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

function readNumber(csv: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (csv[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}

function readIpv4(csv: Uint8Array, start: number, end: number, into: Uint32Array, base: number): boolean {
  let word = 0;
  let octet = 0;
  let dots = 0;
  for (let i = start; i <= end; i++) {
    const byte = i === end ? DOT : (csv[i] ?? 0);
    if (byte === DOT) {
      if (octet > 255) return false;
      word = ((word << 8) | octet) >>> 0;
      octet = 0;
      dots++;
    } else if (byte >= 48 && byte <= 57) octet = octet * 10 + (byte - 48);
    else return false;
  }
  into[base] = word;
  return dots === 4;
}

/** Hexadecimal groups with one optional `::`, which stands for as many zero groups as are missing. */
function readIpv6(csv: Uint8Array, start: number, end: number, into: Uint32Array, base: number): boolean {
  const groups: number[] = [];
  let gap = -1;
  let group = 0;
  let digits = 0;
  for (let i = start; i <= end; i++) {
    const byte = i === end ? COLON : (csv[i] ?? 0);
    if (byte === COLON) {
      if (digits > 0) groups.push(group);
      else if (i > start && i < end && gap < 0 && csv[i - 1] === COLON) gap = groups.length;
      group = 0;
      digits = 0;
      continue;
    }
    const lower = byte | 32;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : lower >= 97 && lower <= 102 ? lower - 87 : -1;
    if (digit < 0) return false;
    group = group * 16 + digit;
    digits++;
  }
  if (groups.length > 8 || (groups.length < 8 && gap < 0)) return false;
  const missing = 8 - groups.length;
  for (let i = 0; i < 4; i++) {
    into[base + i] =
      ((groupAt(groups, gap, missing, 2 * i) << 16) | groupAt(groups, gap, missing, 2 * i + 1)) >>> 0;
  }
  return true;
}

function groupAt(groups: readonly number[], gap: number, missing: number, index: number): number {
  if (missing === 0 || index < gap) return groups[index] ?? 0;
  return index < gap + missing ? 0 : (groups[index - missing] ?? 0);
}

function readName(csv: Uint8Array, start: number, end: number): string {
  if (csv[end - 1] === 13) end--;
  const text = Buffer.from(csv.buffer, csv.byteOffset + start, end - start).toString('utf8');
  return csv[start] === QUOTE ? text.slice(1, -1).replaceAll('""', '"') : text;
}
