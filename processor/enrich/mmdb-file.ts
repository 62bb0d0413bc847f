import { readFileSync } from 'node:fs';
import { Reader, type Response } from 'mmdb-lib';
import type { Address } from './address.js';
import { AddressDatabaseError } from './address-database-error.js';

/** A record of an MMDB: publishers agree on the format and not on the fields. */
export type MmdbRecord = Readonly<Record<string, unknown>>;

/**
 * Reads an MMDB whole into memory.
 * @throws {AddressDatabaseError} if it cannot be read or is no MMDB.
 */
export function openMmdb(path: string): (address: Address) => MmdbRecord | undefined {
  const bytes = readDatabase(path);
  let reader: Reader<Response>;
  try {
    reader = new Reader<Response>(bytes);
  } catch (cause) {
    throw new AddressDatabaseError(path, 'is no MMDB file: give one in MaxMind DB format', { cause });
  }
  return (address) => {
    // A tree of IPv4 would be walked by the first 32 bits of an IPv6 address, to somebody else's record.
    if (address.version === 6 && reader.metadata.ipVersion === 4) return undefined;
    return (reader.get(address.text) as MmdbRecord | null) ?? undefined;
  };
}

/** @throws {AddressDatabaseError} */
export function readDatabase(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new AddressDatabaseError(path, 'cannot be read: check that the file exists and may be read', {
      cause,
    });
  }
}
