import { createRequire } from 'node:module';
import type { Address } from './address.js';
import { AddressDatabaseError } from './address-database-error.js';
import { AsnTable, type AutonomousSystem, UNKNOWN_SYSTEM } from './asn-table.js';
import { type MmdbRecord, openMmdb, readDatabase } from './mmdb-file.js';

export interface AsnDatabase {
  /** The autonomous system of a global address. */
  systemOf(address: Address): AutonomousSystem;
}

const BUNDLED_IPV4 = '@ip-location-db/asn/asn-ipv4.csv';
const BUNDLED_IPV6 = '@ip-location-db/asn/asn-ipv6.csv';

/**
 * Opens a database of autonomous systems: the bundled one (RouteViews and DB-IP, by sapics/ip-location-db; CC BY 4.0),
 * or any MMDB that has their numbers.
 * @throws {AddressDatabaseError}
 */
export function openAsnDatabase(path?: string): AsnDatabase {
  return path === undefined ? openBundled() : openAsnMmdb(path);
}

function openBundled(): AsnDatabase {
  const require = createRequire(import.meta.url);
  const names = new Map<number, string>();
  const open = (file: string, version: 4 | 6): AsnTable => {
    const path = require.resolve(file);
    const table = new AsnTable(readDatabase(path), version, names);
    if (table.size === 0) throw new AddressDatabaseError(path, 'holds no ranges: install the package again');
    return table;
  };
  const ipv4 = open(BUNDLED_IPV4, 4);
  const ipv6 = open(BUNDLED_IPV6, 6);
  return { systemOf: (address) => (address.version === 4 ? ipv4 : ipv6).find(address) };
}

function openAsnMmdb(path: string): AsnDatabase {
  const find = openMmdb(path);
  return {
    systemOf: (address) => {
      const record = find(address);
      return record === undefined ? UNKNOWN_SYSTEM : systemIn(record);
    },
  };
}

/** `autonomous_system_number` (MaxMind, DB-IP, ip-location-db) or `asn: "AS64496"` with `as_name` or `name` (IPinfo). */
function systemIn(record: MmdbRecord): AutonomousSystem {
  const { autonomous_system_number: number, autonomous_system_organization: organization } = record;
  const { asn, as_name: asName, name } = record;
  const digits = /^(?:AS)?(\d{1,10})$/i.exec(String(number ?? asn ?? ''))?.[1];
  const named = [organization, asName, name].find((candidate) => typeof candidate === 'string');
  return digits === undefined
    ? UNKNOWN_SYSTEM
    : { number: Number(digits), organization: typeof named === 'string' ? named : '' };
}
