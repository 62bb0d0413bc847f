import { LRUCache } from 'lru-cache';
import type { NetworkClass } from '../../schema/words.js';
import { type Address, parseAddress } from './address.js';
import type { AsnDatabase } from './asn-database.js';
import { type AutonomousSystem, UNKNOWN_SYSTEM } from './asn-table.js';
import type { CountryDatabase } from './country-database.js';
import type { NetworkLists } from './network-list-folder.js';
import { classOfOperator, classOfRange } from './network-operators.js';
import { type Found, PrefixTable, parsePrefix } from './prefix-table.js';

/** What is known of where an address is; '' and 0 where nothing is. */
export interface AddressFacts {
  readonly address: string;
  readonly network: string;
  readonly country: string;
  readonly asn: number;
  readonly asOrganization: string;
  readonly networkClass: NetworkClass;
}

const NO_ADDRESS: AddressFacts = Object.freeze({
  address: '',
  network: '',
  country: '',
  asn: 0,
  asOrganization: '',
  networkClass: 'unknown',
});

export interface AddressSources {
  readonly country?: CountryDatabase;
  readonly asn?: AsnDatabase;
  /** Networks that an operator lists as the company's own egress, in CIDR notation. */
  readonly corporateNetworks?: readonly string[];
  /** Networks of all classes that an operator lists; they beat what is known of the autonomous system. */
  readonly networkLists?: NetworkLists;
}

/** An operator's list names a network that is none. */
export class CorporateNetworkError extends Error {
  override readonly name = 'CorporateNetworkError';
  readonly network: string;

  constructor(network: string) {
    super(`'${network}' is no network in CIDR notation: write it like 198.51.100.0/24 or 2001:db8::/32`);
    this.network = network;
  }
}

/** A sender of random addresses must not fill memory. */
const CACHE_SIZE = 65_536;
const LONGEST_CACHED = 64;

/**
 * Looks addresses up, as vendors write them. The most recent ones are remembered until lists of networks change.
 * @throws {CorporateNetworkError} at once, if a listed network is none.
 */
export function createAddressFacts(sources: AddressSources): (text: string) => AddressFacts {
  const { networkLists } = sources;
  const corporate = corporateTable(sources.corporateNetworks ?? []);
  const recent = new LRUCache<string, AddressFacts>({ max: CACHE_SIZE });
  let generation = networkLists?.generation;

  const listed = (address: Address): NetworkClass | undefined => {
    const inPolicy = corporate.find(address);
    const inLists: Found<NetworkClass> | undefined = networkLists?.table.find(address);
    if (inPolicy === undefined || inLists === undefined) return (inPolicy ?? inLists)?.value;
    return inLists.bits > inPolicy.bits ? inLists.value : inPolicy.value;
  };

  return (text) => {
    if (text === '' || text.length > LONGEST_CACHED) return NO_ADDRESS;
    if (generation !== networkLists?.generation) {
      recent.clear();
      generation = networkLists?.generation;
    }
    const known = recent.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(text);
    const facts = address === undefined ? NO_ADDRESS : lookUp(address, sources, listed(address));
    recent.set(text, facts);
    return facts;
  };
}

function lookUp(
  address: Address,
  { country, asn }: AddressSources,
  listed: NetworkClass | undefined,
): AddressFacts {
  const system = address.isGlobal ? (asn?.systemOf(address) ?? UNKNOWN_SYSTEM) : UNKNOWN_SYSTEM;
  return {
    address: address.text,
    network: address.network,
    country: address.isGlobal ? (country?.countryOf(address) ?? '') : '',
    asn: system.number,
    asOrganization: system.organization,
    networkClass: listed ?? classOf(address, system),
  };
}

function classOf(address: Address, system: AutonomousSystem): NetworkClass {
  if (address.isPrivate) return 'private';
  const ofRange = classOfRange(address);
  if (ofRange !== undefined) return ofRange;
  return system.number === 0 ? 'unknown' : classOfOperator(system.number, system.organization);
}

function corporateTable(networks: readonly string[]): PrefixTable<NetworkClass> {
  return new PrefixTable(
    networks.map((network) => {
      const prefix = network.includes('/') ? parsePrefix(network) : undefined;
      if (prefix === undefined) throw new CorporateNetworkError(network);
      return [prefix, 'corporate'] as const;
    }),
  );
}
