import ipaddr from 'ipaddr.js';

/** A client's address, in the one form that it is stored and compared in. */
export interface Address {
  /** Dotted IPv4 or RFC 5952 IPv6. */
  readonly text: string;
  readonly version: 4 | 6;
  /** The address as unsigned 32-bit words, most significant first: one for IPv4, four for IPv6. */
  readonly words: readonly number[];
  /** Its /24 (IPv4) or /48 (IPv6), such as `198.51.100.0/24`. */
  readonly network: string;
  /** Whether it is one that can be anywhere: private, loopback, link-local, carrier-grade NAT. */
  readonly isPrivate: boolean;
  /** Whether it can be looked up: a global unicast address. */
  readonly isGlobal: boolean;
}

/** Text of an address with port, brackets and zone is no longer than this. */
const LONGEST = 64;

const IPV4 = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?::\d{1,5})?$/;
const IPV6_CHARACTERS = /^[0-9a-f:.]+$/i;

const PRIVATE_RANGES = new Set(['private', 'loopback', 'linkLocal', 'carrierGradeNat', 'uniqueLocal']);

/**
 * The address that a vendor's text means, or `undefined`: ports, brackets and zones are cut off, IPv4 mapped into
 * IPv6 is IPv4. Octets with leading zeros are read as decimal, since no vendor logs octal ones; ipaddr.js alone would
 * take `010.1` for 8.0.0.1.
 */
export function parseAddress(text: string): Address | undefined {
  if (text === '' || text.length > LONGEST) return undefined;
  const trimmed = text.trim();
  const octets = IPV4.exec(trimmed);
  if (octets !== null) return fromOctets(octets.slice(1, 5).map(Number));
  return parseIpv6(trimmed);
}

function parseIpv6(text: string): Address | undefined {
  const bracket = text.startsWith('[') ? text.indexOf(']') : -1;
  const inner = bracket > 0 ? text.slice(1, bracket) : text;
  const zone = inner.indexOf('%');
  const bare = zone > 0 ? inner.slice(0, zone) : inner;
  if (!bare.includes(':') || !IPV6_CHARACTERS.test(bare) || !ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return fromOctets(address.toIPv4Address().octets);
  const range = address.range();
  if (range === 'unspecified') return undefined;
  const { parts } = address;
  const words = [0, 2, 4, 6].map((i) => (((parts[i] ?? 0) << 16) | (parts[i + 1] ?? 0)) >>> 0);
  const site = new ipaddr.IPv6([...parts.slice(0, 3), 0, 0, 0, 0, 0]);
  return {
    text: address.toRFC5952String(),
    version: 6,
    words,
    network: `${site.toRFC5952String()}/48`,
    isPrivate: PRIVATE_RANGES.has(range),
    isGlobal: range === 'unicast' || range === '6to4' || range === 'teredo',
  };
}

function fromOctets(octets: readonly number[]): Address | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  if (a > 255 || b > 255 || c > 255 || d > 255) return undefined;
  // 0.0.0.0 is how vendors write "none".
  if (a === 0) return undefined;
  const range = new ipaddr.IPv4([a, b, c, d]).range();
  return {
    text: `${a}.${b}.${c}.${d}`,
    version: 4,
    words: [((a << 24) | (b << 16) | (c << 8) | d) >>> 0],
    network: `${a}.${b}.${c}.0/24`,
    isPrivate: PRIVATE_RANGES.has(range),
    isGlobal: range === 'unicast',
  };
}
