import { createHmac } from 'node:crypto';
import type { Database } from './database.js';

const FACT = 'key_fingerprint';

/** The store's keys were made with another VOUCHTRAIL_KEY. */
export class KeyMismatchError extends Error {
  constructor(database: string) {
    super(
      `The database ${database} was written with another VOUCHTRAIL_KEY. With this one, the same session would get two keys and no longer be one. Set the key that it was written with, or use another database.`,
    );
    this.name = 'KeyMismatchError';
  }
}

/** A fingerprint from which the key cannot be found: HMAC-SHA-256 of a fixed text, the first 16 bytes. */
export function keyFingerprint(key: string | Buffer): string {
  return createHmac('sha256', key).update('vouchtrail key fingerprint').digest('hex').slice(0, 32);
}

/**
 * Remembers the key's fingerprint in the table `store_facts` the first time, and compares it from then on.
 * Call after the migrations. Throws KeyMismatchError for another key.
 */
export async function assertSameKey(database: Database, key: string | Buffer): Promise<void> {
  const fingerprint = keyFingerprint(key);
  const read = async () => {
    const { rows } = await database.query<{ value: string }>(
      'SELECT value FROM store_facts WHERE name = {name:String} ORDER BY set_at, value LIMIT 1',
      { name: FACT },
    );
    return rows[0]?.value;
  };
  let known = await read();
  if (known === undefined) {
    const setAt = new Date().toISOString().replace('T', ' ').replace('Z', '');
    await database.insertRows('store_facts', [{ name: FACT, value: fingerprint, set_at: setAt }]);
    // Two programs with different keys may both have found nothing: the first one counts for both.
    known = await read();
  }
  if (known !== fingerprint) throw new KeyMismatchError(database.name);
}
