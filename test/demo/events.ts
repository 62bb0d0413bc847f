import { openAsnDatabase } from '../../processor/enrich/asn-database.js';
import { openCountryDatabase } from '../../processor/enrich/country-database.js';
import { createEnricher } from '../../processor/enrich/enrich.js';
import { normalize } from '../../processor/normalize/normalize.js';
import { DEFAULT_DECODE_LIMITS } from '../../processor/receiver/decode-limits.js';
import { decodeJsonLogs } from '../../processor/receiver/json-logs.js';
import type { Event } from '../../schema/event.js';
import { createKeys } from '../../schema/keys.js';
import { exportRequest } from './player.js';
import type { Delivery } from './sample.js';

/** What becomes of log records on their way through the processor, up to the store. */
export interface Received {
  readonly events: readonly Event[];
  readonly failures: readonly string[];
  readonly unrecognised: number;
}

/** Sends deliveries through decoder, normaliser and enrichment, as the receiver does with a request. */
export function received(deliveries: readonly Delivery[], receivedAt: number): Received {
  const keys = createKeys('a key for the tests of the demo');
  const enrich = createEnricher({ keys, country: openCountryDatabase(), asn: openAsnDatabase() });
  const events: Event[] = [];
  const failures: string[] = [];
  let unrecognised = 0;
  const body = Buffer.from(JSON.stringify(exportRequest(deliveries)));
  decodeJsonLogs(body, DEFAULT_DECODE_LIMITS, (record) => {
    const result = normalize(record, { receivedAt, keys });
    events.push(...result.events.map(enrich));
    failures.push(...result.failures.map(({ path, reason }) => `${path} ${reason}`));
    unrecognised += result.unrecognised;
  });
  return { events, failures, unrecognised };
}
