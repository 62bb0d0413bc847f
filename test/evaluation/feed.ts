import { openAsnDatabase } from '../../processor/enrich/asn-database.js';
import { openCountryDatabase } from '../../processor/enrich/country-database.js';
import { createEnricher } from '../../processor/enrich/enrich.js';
import { RowBuffer } from '../../processor/export/row-buffer.js';
import { createRowEncoder, stampRow } from '../../processor/export/row-encoder.js';
import { normalize } from '../../processor/normalize/normalize.js';
import { EVENT_COLUMNS, type Event } from '../../schema/event.js';
import { createKeys } from '../../schema/keys.js';
import type { Database } from '../../schema/store/database.js';
import type { Arrival } from '../scenarios/arrival.js';
import { logRecordOf } from '../scenarios/log-record.js';

/** The processor in this process: records become events as they would in the service. */
export interface Processor {
  /**
   * The events of a record that arrives, usually one.
   * @throws UnreadRecordError if the normaliser does not know it: the scenarios tell what vendors write.
   */
  eventsOf(arrival: Arrival): readonly Event[];
}

/** A record of a story is none that the normaliser reads. */
class UnreadRecordError extends Error {
  override readonly name = 'UnreadRecordError';
}

export function createProcessor(): Processor {
  const keys = createKeys('the key of an evaluation, which stores nothing');
  const enrich = createEnricher({ keys, country: openCountryDatabase(), asn: openAsnDatabase() });
  return {
    eventsOf({ told, arrives }) {
      const { events, failures, unrecognised } = normalize(logRecordOf(told), { receivedAt: arrives, keys });
      if (failures.length > 0 || unrecognised > 0 || events.length === 0) {
        const reason = failures[0]?.reason ?? 'it is of no vendor';
        throw new UnreadRecordError(`${told.stream}, ${told.who}: ${reason}\n${JSON.stringify(told)}`);
      }
      return events.map(enrich);
    },
  };
}

/** Whose the users of the store are. */
export type Owners = Map<string, string>;

const ENCODER = createRowEncoder<Event>(EVENT_COLUMNS, 'ingested_at');

/** Stores what arrived, each row stamped with its own arrival, and notes in `owners` which person each user key is. */
export async function store(
  database: Database,
  processor: Processor,
  arrivals: readonly Arrival[],
  owners: Owners,
): Promise<number> {
  const out = new RowBuffer();
  out.reserve(ENCODER.header.length);
  out.position = ENCODER.header.copy(out.bytes);
  let rows = 0;
  for (const arrival of arrivals) {
    for (const event of processor.eventsOf(arrival)) {
      const stamp = ENCODER.append(event, out);
      stampRow(out.bytes, stamp, Math.round(arrival.arrives));
      if (event.user_key !== '') owners.set(event.user_key, owners.get(event.user_key) ?? arrival.told.who);
      rows += 1;
    }
  }
  if (rows === 0) return 0;
  await database.insertBinary('events', ENCODER.columnNames, out.bytes.subarray(0, out.position), {
    settings: { throw_on_max_partitions_per_insert_block: 0 },
  });
  return rows;
}
