import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import { enrichedAttributes } from '../../../processor/enrich/enriched-attributes.js';
import type { EmittedLogRecord } from '../../../processor/in-process/emitted-log-record.js';
import { readLogRecord } from '../../../processor/in-process/read-log-record.js';
import { SessionLogRecordProcessor } from '../../../processor/index.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { LogRecord } from '../../../processor/receiver/log-record.js';
import { createKeys } from '../../../schema/keys.js';
import { startReceiver } from '../receiver/receiver-fixture.js';
import { KEY } from './application.js';
import { arbitraryRecord } from './arbitrary-records.js';

const resource = resourceFromAttributes({ 'service.name': 'portal', 'vouchtrail.tenant': 'acme' });
const context = { receivedAt: Date.now(), keys: createKeys(KEY) };

const enrich = createEnricher({ keys: context.keys });

/** What the service makes of a record: the attributes that it knows, and the event. */
function byService(log: LogRecord) {
  const { events, failures } = normalize(log, context);
  const enriched = events.map(enrich);
  const only = events.length + failures.length === 1 ? enriched[0] : undefined;
  return { events: enriched, failures, attributes: only === undefined ? {} : enrichedAttributes(only) };
}

it('a record that is emitted here becomes what it would have become, had it been sent to the service', async () => {
  const receiver = await startReceiver();
  const exporter = new OTLPLogExporter({ url: `${receiver.url}/v1/logs` });
  const plain = new InMemoryLogRecordExporter();
  const sender = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: plain })],
  });
  const enriched = new InMemoryLogRecordExporter();
  const application = new LoggerProvider({
    resource,
    processors: [
      new SessionLogRecordProcessor({ key: KEY, addresses: false }),
      new SimpleLogRecordProcessor({ exporter: enriched }),
    ],
  });

  let kinds = 0;
  for (const record of fc.sample(arbitraryRecord, { numRuns: 600, seed: 5 })) {
    sender.getLogger('portal', '1.0').emit(record);
    application.getLogger('portal', '1.0').emit(record);
  }
  const sent = plain.getFinishedLogRecords();
  await new Promise((resolve) => exporter.export(sent, resolve));
  const decoded = receiver.batches.flatMap(({ records }) => records);
  expect(decoded).toHaveLength(600);

  for (const [i, log] of decoded.entries()) {
    const emitted = sent[i] as ReadableLogRecord & EmittedLogRecord;
    const here = enriched.getFinishedLogRecords()[i] as ReadableLogRecord;
    const service = byService(log);
    // Everything but where in the request it lay.
    expect({ ...readLogRecord(emitted), byteRange: log.byteRange }).toEqual(log);
    expect(byService(readLogRecord(emitted)).events).toEqual(service.events);
    expect({ ...service.attributes, ...emitted.attributes }).toEqual(here.attributes);
    if (Object.keys(service.attributes).length > 0) kinds += 1;
  }
  // Records that nothing is known of prove nothing.
  expect(kinds).toBeGreaterThan(300);
  await Promise.all([sender.shutdown(), application.shutdown(), exporter.shutdown()]);
});
