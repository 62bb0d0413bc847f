import type { NetworkClass } from '../../schema/words.js';
import type { Address } from './address.js';
import { OPERATORS } from './operators/index.js';
import { classOfName } from './operators/name-class.js';
import { RANGES } from './operators/ranges.js';
import { type Prefix, PrefixTable, parsePrefix } from './prefix-table.js';

const CLASS_OF_NUMBER = new Map<number, NetworkClass>(
  Object.entries(OPERATORS).flatMap(([networkClass, operators]) =>
    operators.flatMap(([, , ...numbers]) =>
      numbers.map((number): [number, NetworkClass] => [number, networkClass as NetworkClass]),
    ),
  ),
);

/**
 * Which kind of network an autonomous system is: by its number where the operator is listed in `operators/`, by the words
 * of its name otherwise; `unknown` if neither tells. A wrong class changes how far a use of a session is from what vouches
 * for it: docs/networks.md says how the lists were made, how right they are and how to extend them.
 */
export function classOfOperator(number: number, organization: string): NetworkClass {
  return CLASS_OF_NUMBER.get(number) ?? classOfName(organization);
}

const RANGE_TABLE = new PrefixTable<NetworkClass>(
  RANGES.flatMap(({ networkClass, networks }) =>
    networks
      .map(parsePrefix)
      .flatMap((prefix): [Prefix, NetworkClass][] => (prefix ? [[prefix, networkClass]] : [])),
  ),
);

/** The class of an address where it is another than its autonomous system's; undefined where it is not. */
export function classOfRange(address: Address): NetworkClass | undefined {
  return RANGE_TABLE.find(address)?.value;
}
