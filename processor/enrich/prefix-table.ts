import ipaddr from 'ipaddr.js';
import type { Address } from './address.js';

/** A network of addresses. */
export interface Prefix {
  readonly version: 4 | 6;
  /** Its first address as unsigned 32-bit words, most significant first: one for IPv4, four for IPv6. */
  readonly words: readonly number[];
  readonly bits: number;
}

/** What is found for an address, and by how long a prefix. */
export interface Found<Value> {
  readonly value: Value;
  readonly bits: number;
}

/**
 * Networks with what is known of them. The longest one that holds an address is found in one look-up per length that
 * occurs, longest first: lists hold a handful of lengths, and a length needs no order among its networks.
 */
export class PrefixTable<Value> {
  readonly #byLength: Readonly<
    Record<4 | 6, readonly (readonly [bits: number, Map<number | string, Value>])[]>
  >;
  readonly size: number;

  /** Of two entries for the same network, the later counts. */
  constructor(entries: Iterable<readonly [Prefix, Value]>) {
    const lengths = { 4: new Map<number, Map<number | string, Value>>(), 6: new Map() } as const;
    let size = 0;
    for (const [{ version, words, bits }, value] of entries) {
      const networks = lengths[version].get(bits) ?? new Map<number | string, Value>();
      lengths[version].set(bits, networks);
      networks.set(keyOf(words, bits), value);
      size++;
    }
    this.#byLength = { 4: longestFirst(lengths[4]), 6: longestFirst(lengths[6]) };
    this.size = size;
  }

  /** What the longest network that holds the address says; undefined where none does. */
  find({ version, words }: Address): Found<Value> | undefined {
    for (const [bits, networks] of this.#byLength[version]) {
      const value = networks.get(keyOf(words, bits));
      if (value !== undefined) return { value, bits };
    }
    return undefined;
  }
}

function longestFirst<Value>(
  lengths: ReadonlyMap<number, Map<number | string, Value>>,
): [bits: number, Map<number | string, Value>][] {
  return [...lengths].sort(([a], [b]) => b - a);
}

/** The first `bits` of an address, the rest zero: a number for IPv4, a text for IPv6. */
function keyOf(words: readonly number[], bits: number): number | string {
  if (words.length === 1) return masked(words[0] ?? 0, bits);
  return words.map((word, index) => masked(word, Math.min(Math.max(bits - 32 * index, 0), 32))).join(':');
}

function masked(word: number, bits: number): number {
  // Shifting by 32 shifts by nothing.
  return bits === 0 ? 0 : (word & (0xffff_ffff << (32 - bits))) >>> 0;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;
const IPV6 = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/;

/**
 * Reads `198.51.100.0/24`, `2001:db8::/32`, or an address, which is a network of itself.
 * @returns undefined if the text is neither
 */
export function parsePrefix(text: string): Prefix | undefined {
  const [, a, b, c, d, length = '32'] = IPV4.exec(text) ?? [];
  if (d === undefined) return parseIpv6(text);
  const octets = [a, b, c, d].map(Number);
  const bits = Number(length);
  if (bits > 32 || octets.some((octet) => octet > 255)) return undefined;
  return { version: 4, words: wordsOf(octets), bits };
}

function parseIpv6(text: string): Prefix | undefined {
  const [, network = '', length = '128'] = IPV6.exec(text) ?? [];
  const bits = Number(length);
  if (bits > 128 || !network.includes(':') || !ipaddr.IPv6.isValid(network)) return undefined;
  const address = ipaddr.IPv6.parse(network);
  const bytes = address.toByteArray();
  // IPv4 mapped into IPv6 is IPv4, as it is in addresses.
  if (address.isIPv4MappedAddress() && bits >= 96) {
    return { version: 4, words: wordsOf(bytes.slice(12)), bits: bits - 96 };
  }
  return { version: 6, words: wordsOf(bytes), bits };
}

function wordsOf(bytes: readonly number[]): number[] {
  const words: number[] = [];
  for (const [index, byte] of bytes.entries()) {
    const word = index >> 2;
    words[word] = (((words[word] ?? 0) << 8) | byte) >>> 0;
  }
  return words;
}

/** Whether an address of the network itself was written, and not one somewhere in it. */
export function isNetworkAddress({ words, bits }: Prefix): boolean {
  return keyOf(words, bits) === keyOf(words, words.length * 32);
}

/** The network in CIDR notation, its first address in front. */
export function cidrOf({ words, bits }: Prefix): string {
  const bytes = words.flatMap((word, index) => {
    const kept = masked(word, Math.min(Math.max(bits - 32 * index, 0), 32));
    return [kept >>> 24, (kept >>> 16) & 255, (kept >>> 8) & 255, kept & 255];
  });
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}
