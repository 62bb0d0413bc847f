import { createHash } from 'node:crypto';

/** Random choices from a seed: the same seed and the same questions in the same order give the same answers. */
export interface Chance {
  /** At least `from`, below `to`. */
  number(from: number, to: number): number;
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  /** True in `share` of the cases, 0 to 1. */
  happens(share: number): boolean;
  /** One of them. Throws a RangeError if there is none. */
  oneOf<T>(items: readonly T[]): T;
  /** Text of so many hex digits. */
  hex(digits: number): string;
  uuid(): string;
  /** Choices of their own for a part, so that a change of one part leaves the others as they were. */
  apart(name: string): Chance;
}

/** Choices from a seed's text: mulberry32 over a hash of it. */
export function chanceOf(seed: string): Chance {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (from: number, to: number): number => from + next() * (to - from);
  const integer = (from: number, to: number): number => Math.floor(number(from, to + 1));
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => integer(0, 15).toString(16)).join('');
  return {
    number,
    integer,
    hex,
    happens: (share) => next() < share,
    oneOf<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError(`nothing to choose from (seed ${seed})`);
      return items[Math.floor(next() * items.length)] as T;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    apart: (name) => chanceOf(`${seed}/${name}`),
  };
}
