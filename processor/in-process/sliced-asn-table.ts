import { type Address, parseAddress } from '../enrich/address.js';
import { AsnTable, type AutonomousSystem, UNKNOWN_SYSTEM } from '../enrich/asn-table.js';

const NEWLINE = 10;
const COMMA = 44;
// Read in about 3 ms.
const BYTES_A_SLICE = 256 * 1024;

interface Slice {
  /** The first address of its first range. */
  readonly first: readonly number[];
  readonly table: AsnTable;
}

/** An {@link AsnTable} in slices, which can be read one at a time. Lines must be sorted by address, as in a table. */
export class SlicedAsnTable {
  readonly #version: 4 | 6;
  readonly #names: Map<number, string>;
  readonly #slices: Slice[] = [];
  size = 0;

  /** `names` is shared by the tables of both address versions. */
  constructor(version: 4 | 6, names: Map<number, string>) {
    this.#version = version;
    this.#names = names;
  }

  /** Cuts CSV lines into slices of whole lines. */
  static *slices(csv: Uint8Array): Generator<Uint8Array> {
    for (let start = 0; start < csv.length; ) {
      const newline = csv.indexOf(NEWLINE, start + BYTES_A_SLICE);
      const end = newline < 0 ? csv.length : newline + 1;
      yield csv.subarray(start, end);
      start = end;
    }
  }

  /** Adds the slice that follows those before. */
  add(csv: Uint8Array): void {
    const table = new AsnTable(csv, this.#version, this.#names);
    const first = parseAddress(Buffer.from(csv.subarray(0, csv.indexOf(COMMA))).toString('latin1'));
    this.#slices.push({ first: first?.words ?? [], table });
    this.size += table.size;
  }

  /** The autonomous system of an address of this table's version. */
  find(address: Address): AutonomousSystem {
    let low = 0;
    let high = this.#slices.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.#slices[middle]?.first ?? [], address.words)) high = middle - 1;
      else low = middle + 1;
    }
    return this.#slices[high]?.table.find(address) ?? UNKNOWN_SYSTEM;
  }
}

function isAfter(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
