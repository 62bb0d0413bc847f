import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import type { ReceiverOptions } from '../../../processor/receiver/receiver-options.js';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { startGrpcReceiver } from './grpc-fixture.js';
import { startReceiver, type TestReceiver, until } from './receiver-fixture.js';

type ExporterClass = new (config: { url: string; compression?: never }) => LogRecordExporter;
type Start = (options?: Partial<ReceiverOptions<never>>) => Promise<TestReceiver<unknown>>;

const overHttp = startReceiver as Start;
const overGrpc = startGrpcReceiver as Start;
const exporters: [string, string, unknown, Start, string][] = [
  ['OTLP/HTTP with JSON', 'json', JsonExporter, overHttp, '/v1/logs'],
  ['OTLP/HTTP with protobuf', 'protobuf', ProtobufExporter, overHttp, '/v1/logs'],
  ['OTLP/gRPC', 'protobuf', GrpcExporter, overGrpc, ''],
];

async function emitWith(exporter: LogRecordExporter, records: number): Promise<void> {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'portal' }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger('portal.auth', '2.1.0');
  for (let i = 0; i < records; i++) {
    logger.emit({
      timestamp: [1_760_000_000, 123_456_789],
      eventName: 'session.start',
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      body: { nested: ['a', 1, true, { deep: 0.5 }], bytes: new Uint8Array([1, 2, 255]) },
      attributes: { 'session.id': `s-${i}`, count: i, factors: ['pwd', 'otp'], large: 9_007_199_254_740_991 },
    });
  }
  await provider.forceFlush();
  await provider.shutdown();
}

describe.each(exporters)('the OpenTelemetry exporter for %s', (_, encoding, exporterClass, start, path) => {
  const Exporter = exporterClass as ExporterClass;

  it.each(['none', 'gzip'])(
    'delivers its records through a real socket, with %s compression',
    async (compression) => {
      const receiver = await start();
      const config = { url: `${receiver.url}${path}`, compression: compression as never };
      await emitWith(new Exporter(config), 3);
      const records = receiver.batches.flatMap((batch) => batch.records);
      expect(receiver.batches[0]?.encoding).toBe(encoding);
      await until(() => receiver.outcomes.length > 0);
      expect(receiver.outcomes.map(({ status }) => status)).toEqual([path === '' ? 'OK' : 200]);
      expect(records.map(({ attributes }) => attributes['session.id'])).toEqual(['s-0', 's-1', 's-2']);
      expect(records[1]).toMatchObject({
        timeUnixNano: 1_760_000_000_123_456_789n,
        eventName: 'session.start',
        severityNumber: 9,
        severityText: 'INFO',
        body: { nested: ['a', 1, true, { deep: 0.5 }], bytes: new Uint8Array([1, 2, 255]) },
        attributes: { count: 1, factors: ['pwd', 'otp'], large: 9_007_199_254_740_991 },
        resource: { attributes: { 'service.name': 'portal' } },
        scope: { name: 'portal.auth', version: '2.1.0' },
      });
      expect(records[1]?.observedTimeUnixNano).toBeGreaterThan(0n);
    },
  );
});

describe.each(exporters.filter(([, , , start]) => start === overHttp))(
  'the OpenTelemetry exporter for %s',
  (_, __, exporterClass, start, path) => {
    const Exporter = exporterClass as ExporterClass;

    it('sends a batch again that was refused for now', async () => {
      let refusals = 1;
      const receiver = await start({
        accept: async () => {
          if (refusals-- > 0) throw new RetryLaterError('busy', 1);
          return { rejected: 0 };
        },
      });
      await emitWith(new Exporter({ url: `${receiver.url}${path}` }), 2);
      expect(receiver.outcomes.map(({ status, records }) => [status, records])).toEqual([
        [503, 2],
        [200, 2],
      ]);
    });
  },
);
