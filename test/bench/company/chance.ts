import { seededRandom } from '../../processor/receiver/sample-requests.js';

const HEX = '0123456789abcdef';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Repeatable chance: the same seed gives the same draws. */
export interface Chance {
  /** A whole number in [0, end). */
  below(end: number): number;
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One near the front more often than one near the back, as people and applications are used. */
  pickUnevenly<T>(from: readonly T[]): T;
  hex(digits: number): string;
  /** Letters and digits, as vendors' ids are made of. */
  letters(count: number): string;
  /** A UUID of version 4. */
  uuid(): string;
}

export function chanceOf(seed: number): Chance {
  const next = seededRandom(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const draw = (alphabet: string, count: number): string => {
    let text = '';
    for (let i = 0; i < count; i++) text += alphabet.charAt(below(alphabet.length));
    return text;
  };
  const at = <T>(from: readonly T[], index: number): T => {
    const picked = from[index];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  };
  const hex = (digits: number): string => draw(HEX, digits);
  return {
    below,
    happens: (probability) => next() < probability,
    pick: (from) => at(from, below(from.length)),
    pickUnevenly: (from) => at(from, Math.floor(from.length * next() ** 2)),
    hex,
    letters: (count) => draw(LETTERS, count),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(below(4))}${hex(3)}-${hex(12)}`,
  };
}
