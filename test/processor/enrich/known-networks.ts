import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { type AddressFacts, createAddressFacts } from '../../../processor/enrich/address-facts.js';
import { openAsnDatabase } from '../../../processor/enrich/asn-database.js';
import type { NetworkClass } from '../../../schema/words.js';

/** A network, or an address, of which a page says whose it is. */
export interface KnownNetwork {
  readonly networkClass: NetworkClass;
  readonly operator: string;
  /** CIDR notation, or an address. */
  readonly network: string;
  /** The page. */
  readonly source: string;
}

export interface Grade extends KnownNetwork {
  /** What most of its announced addresses are said to be; unknown where nobody announces any. */
  readonly found: NetworkClass;
  /** Of whom the first of its addresses is, for a person. */
  readonly system: string;
}

const FILE = new URL('known-networks.tsv', import.meta.url);

/** Looked at in a network: enough to see a range that was sold in parts. */
const ADDRESSES = 16;

/** The labelled networks, in the order of the file. */
export function knownNetworks(): KnownNetwork[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [networkClass = '', operator = '', network = '', source = ''] = line.split('\t');
      return { networkClass: networkClass as NetworkClass, operator, network, source };
    });
}

/** Asks the bundled databases and the built-in lists about each labelled network. */
export function gradeKnownNetworks(): Grade[] {
  const factsOf = createAddressFacts({ asn: openAsnDatabase() });
  return knownNetworks().map((known) => {
    const all = addressesIn(known.network).map(factsOf);
    // Parts that nobody announces are nobody's: no record comes from them.
    const announced = all.filter(({ asn, networkClass }) => asn !== 0 || networkClass !== 'unknown');
    const [first] = announced;
    return { ...known, found: mostCommonClass(announced), system: systemOf(first) };
  });
}

function systemOf(facts: AddressFacts | undefined): string {
  if (facts === undefined) return 'announced by nobody';
  return facts.asn === 0 ? 'no system' : `AS${facts.asn} ${facts.asOrganization}`;
}

function mostCommonClass(facts: readonly AddressFacts[]): NetworkClass {
  const counts = new Map<NetworkClass, number>();
  for (const { networkClass } of facts) counts.set(networkClass, (counts.get(networkClass) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown';
}

/** Addresses spread over a network, its first and last ones included. */
export function addressesIn(network: string, count = ADDRESSES): string[] {
  if (!network.includes('/')) return [network];
  const [first, bits] = ipaddr.parseCIDR(network);
  const bytes = first.toByteArray();
  const start = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = 1n << BigInt(bytes.length * 8 - bits);
  return Array.from({ length: count }, (_, i) => {
    const at = start + ((size - 1n) * BigInt(i)) / BigInt(count - 1);
    const own = bytes.map((_, index) => Number((at >> BigInt(8 * (bytes.length - 1 - index))) & 255n));
    return ipaddr.fromByteArray(own).toString();
  });
}
