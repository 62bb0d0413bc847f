import { ProcessorCounts } from '../../../processor/counters.js';
import { openAsnDatabase } from '../../../processor/enrich/asn-database.js';
import { openCountryDatabase } from '../../../processor/enrich/country-database.js';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { Normalized } from '../../../processor/normalize/normalized.js';
import { VENDORS } from '../../../processor/normalize/registry.js';
import { createPipeline } from '../../../processor/pipeline.js';
import type { AcceptLogs, LogBatch } from '../../../processor/receiver/log-batch.js';
import type { LogRecord } from '../../../processor/receiver/log-record.js';
import { findVendorEvents } from '../../../processor/receiver/vendor-event.js';
import { createKeys, type Keys } from '../../../schema/keys.js';
import { EncodingWriter } from './encoding-writer.js';

/** The pipeline up to and with each of its stages; the difference of two neighbours is what the later one costs. */
export const STAGES = ['decode', 'find', 'normalise', 'enrich', 'encode'] as const;
export type Stage = (typeof STAGES)[number];

const SECRET = 'a benchmark keeps no secrets';

const country = openCountryDatabase();
const asn = openAsnDatabase();

/** What a batch of records is handed to, with caches that are empty. */
export function acceptUpTo(stage: Stage): AcceptLogs {
  const keys = createKeys(SECRET);
  switch (stage) {
    case 'decode':
      return accept(() => 1);
    case 'find':
      return accept((record) => (findVendorEvents(record, VENDORS).kind === 'none' ? 0 : 1));
    case 'normalise':
      return accept((record, batch) => normalised(record, batch, keys).length);
    case 'enrich': {
      const enrich = createEnricher({ keys, country, asn });
      return accept((record, batch) => normalised(record, batch, keys).map(enrich).length);
    }
    case 'encode': {
      const enrich = createEnricher({ keys, country, asn });
      return createPipeline({
        normalize,
        enrich,
        keys,
        writer: new EncodingWriter(),
        counters: new ProcessorCounts(),
      });
    }
  }
}

/** Counts as rejected what `take` makes nothing of. */
function accept(take: (record: LogRecord, batch: LogBatch) => number): AcceptLogs {
  return async (batch) => {
    let understood = 0;
    for (const record of batch.records) understood += take(record, batch);
    return { rejected: batch.records.length - understood };
  };
}

function normalised(record: LogRecord, { receivedAt }: LogBatch, keys: Keys): readonly Normalized[] {
  return normalize(record, { receivedAt, keys }).events;
}
