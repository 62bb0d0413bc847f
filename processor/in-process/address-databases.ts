import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AddressDatabaseError } from '../enrich/address-database-error.js';
import { type AsnDatabase, openAsnDatabase } from '../enrich/asn-database.js';
import { type CountryDatabase, openCountryDatabase } from '../enrich/country-database.js';
import type { AddressDatabasePaths } from './processor-options.js';
import { SlicedAsnTable } from './sliced-asn-table.js';

export interface AddressDatabases {
  readonly country: CountryDatabase;
  readonly asn: AsnDatabase;
}

const BUNDLED_IPV4 = '@ip-location-db/asn/asn-ipv4.csv';
const BUNDLED_IPV6 = '@ip-location-db/asn/asn-ipv6.csv';

/** @throws {AddressDatabaseError} if a file may not be read. */
export function checkAddressDatabases({ country, asn }: AddressDatabasePaths): void {
  for (const path of [country, asn]) {
    if (path === undefined) continue;
    try {
      accessSync(path, constants.R_OK);
    } catch (cause) {
      const problem = 'cannot be read: check that the file exists and may be read';
      throw new AddressDatabaseError(path, problem, { cause });
    }
  }
}

/**
 * Opens the databases in small steps, so that the application's own work goes on meanwhile: the bundled systems are
 * half a million lines.
 * @throws {AddressDatabaseError} if one of them cannot be used; what `signal` says if it is aborted.
 */
export async function loadAddressDatabases(
  { country, asn }: AddressDatabasePaths,
  signal: AbortSignal,
): Promise<AddressDatabases> {
  await nextTurn();
  const countries = openCountryDatabase(country);
  await nextTurn();
  return { country: countries, asn: asn === undefined ? await loadBundled(signal) : openAsnDatabase(asn) };
}

async function loadBundled(signal: AbortSignal): Promise<AsnDatabase> {
  const names = new Map<number, string>();
  const load = async (file: string, version: 4 | 6): Promise<SlicedAsnTable> => {
    const path = createRequire(import.meta.url).resolve(file);
    const table = new SlicedAsnTable(version, names);
    for (const slice of SlicedAsnTable.slices(await readFile(path, { signal }))) {
      signal.throwIfAborted();
      table.add(slice);
      await nextTurn();
    }
    if (table.size === 0) throw new AddressDatabaseError(path, 'holds no ranges: install the package again');
    return table;
  };
  const ipv4 = await load(BUNDLED_IPV4, 4);
  const ipv6 = await load(BUNDLED_IPV6, 6);
  return { systemOf: (address) => (address.version === 4 ? ipv4 : ipv6).find(address) };
}
