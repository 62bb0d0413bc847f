import { createRequire } from 'node:module';
import type { Address } from './address.js';
import { type MmdbRecord, openMmdb } from './mmdb-file.js';

export interface CountryDatabase {
  /** ISO 3166-1 alpha-2 of a global address; '' if unknown. */
  countryOf(address: Address): string;
}

const BUNDLED = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/**
 * Opens a database of countries: the bundled one (CC0, by sapics/ip-location-db), or any MMDB that has countries.
 * @throws {AddressDatabaseError}
 */
export function openCountryDatabase(
  path: string = createRequire(import.meta.url).resolve(BUNDLED),
): CountryDatabase {
  const find = openMmdb(path);
  return {
    countryOf: (address) => {
      const record = find(address);
      return record === undefined ? '' : countryIn(record);
    },
  };
}

/** `country_code` (ip-location-db), `country.iso_code` (MaxMind, DB-IP), `country` or `country_code` (IPinfo). */
function countryIn(record: MmdbRecord): string {
  const { country_code: code, country, registered_country: registered } = record;
  for (const candidate of [code, country, isoCode(country), isoCode(registered)]) {
    if (typeof candidate === 'string' && /^[A-Za-z]{2}$/.test(candidate)) return candidate.toUpperCase();
  }
  return '';
}

function isoCode(country: unknown): unknown {
  const { iso_code: code } = (typeof country === 'object' && country !== null ? country : {}) as MmdbRecord;
  return code;
}
