import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Every autonomous system of the bundled database, with what it calls its operator. */
export function bundledSystems(): Map<number, string> {
  const { resolve } = createRequire(import.meta.url);
  const names = new Map<number, string>();
  for (const file of ['asn-ipv4.csv', 'asn-ipv6.csv']) {
    for (const line of readFileSync(resolve(`@ip-location-db/asn/${file}`), 'utf8').split('\n')) {
      const [, number, name = ''] = /^[^,]+,[^,]+,(\d+),(.*)$/.exec(line) ?? [];
      if (number !== undefined) names.set(Number(number), name);
    }
  }
  return names;
}
