import { readFileSync } from 'node:fs';
import type { NetworkClass } from '../../schema/words.js';

/** What a network of a story is. Those of kind `corporate` are companies' own, and of class `unknown`. */
export type NetworkKind = Exclude<NetworkClass, 'private' | 'unknown'>;

/** A real operator's network in one country: all its addresses resolve to the country, the system and the class. */
export interface Network {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly kind: NetworkKind;
  readonly asn: number;
  /** As the bundled database has it. */
  readonly name: string;
  /** CIDR; at least one, each at least a /24. */
  readonly v4: readonly string[];
  /** CIDR, at least a /48 each; only homes and phones, and not all of them. */
  readonly v6: readonly string[];
}

const FILE = new URL('addresses.txt', import.meta.url);

/** Sorted by country and kind; the first of a country and kind is its largest or most usual operator. */
export const networks: readonly Network[] = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map(networkOf);

/** The networks of a country that are of a kind, in the order of the table; empty where there is none. */
export function networksOf(country: string, kind: NetworkKind): readonly Network[] {
  return networks.filter((network) => network.country === country && network.kind === kind);
}

/** The class that enrichment gives the addresses of a kind. */
export function classOfKind(kind: NetworkKind): NetworkClass {
  return kind === 'corporate' ? 'unknown' : kind;
}

function networkOf(line: string): Network {
  const [about = '', v4 = '', v6 = ''] = line.split(' | ');
  const [, country = '', kind = '', asn = '', name = ''] = /^(\S+) (\S+) (\d+) (.+)$/.exec(about) ?? [];
  return {
    country,
    kind: kind as NetworkKind,
    asn: Number(asn),
    name,
    v4: v4.split(' '),
    v6: v6 === '' ? [] : v6.split(' '),
  };
}
