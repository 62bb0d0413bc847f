const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';

/** Repeatable chance: the same name always gives the same numbers, whatever else the story draws. */
export interface Chance {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  hex(digits: number): string;
  /** A UUID of version 4. */
  uuid(): string;
  /** An id as AWS's documentation writes them: the prefix, made-up letters and `EXAMPLE`, 20 or 21 characters. */
  awsId(prefix: 'AIDA' | 'AROA' | 'AKIA' | 'ASIA'): string;
}

/**
 * Chance seeded by `SEED` and a name. Each person and topic has one of its own, so that a change to one part of
 * the story leaves the rest of the sample as it is.
 */
export function chanceFor(name: string): Chance {
  const next = mulberry32(hash(`${SEED}/${name}`));
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const letters = (alphabet: string, count: number): string =>
    Array.from({ length: count }, () => alphabet[between(0, alphabet.length - 1)]).join('');
  const hex = (digits: number): string => letters(HEX, digits);
  return {
    next,
    between,
    happens: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new RangeError(`Nothing to pick from for "${name}".`);
      return picked;
    },
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[between(0, 3)]}${hex(3)}-${hex(12)}`,
    awsId: (prefix) => `${prefix}${letters(BASE32, prefix === 'AIDA' || prefix === 'AROA' ? 10 : 9)}EXAMPLE`,
  };
}

/** Change it and `npm test` says that the committed sample is no longer what the generator writes. */
export const SEED = 20260724;

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Tommy Ettinger's mulberry32: 32 bits of state, good enough to make a story and the same everywhere. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
