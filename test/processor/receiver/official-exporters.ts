import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';

type ExporterClass = new (config: { url: string; compression: never }) => LogRecordExporter;

/** An exporter as OpenTelemetry ships it. */
export interface OfficialExporter {
  name: string;
  transport: 'http' | 'grpc';
  encoding: 'json' | 'protobuf';
  /** `url`: of a receiver, without a path. */
  create(url: string, compression?: 'none' | 'gzip'): LogRecordExporter;
}

function official(
  name: string,
  transport: 'http' | 'grpc',
  encoding: 'json' | 'protobuf',
  exporterClass: unknown,
): OfficialExporter {
  const Exporter = exporterClass as ExporterClass;
  const path = transport === 'http' ? '/v1/logs' : '';
  return {
    name,
    transport,
    encoding,
    create: (url, compression = 'none') =>
      new Exporter({ url: `${url}${path}`, compression: compression as never }),
  };
}

export const OFFICIAL_EXPORTERS: readonly OfficialExporter[] = [
  official('exporter-logs-otlp-http', 'http', 'json', JsonExporter),
  official('exporter-logs-otlp-proto', 'http', 'protobuf', ProtobufExporter),
  official('exporter-logs-otlp-grpc', 'grpc', 'protobuf', GrpcExporter),
];

/** Emits a session's start per name through an SDK with this exporter, and waits until it is exported. */
export async function emitWith(
  exporter: LogRecordExporter,
  sessions: readonly string[],
  user = 'ana',
): Promise<void> {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'portal' }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger('portal.auth', '2.1.0');
  for (const [count, session] of sessions.entries()) {
    logger.emit({
      timestamp: [1_760_000_000, 123_456_789],
      eventName: 'session.start',
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      body: { nested: ['a', 1, true, { deep: 0.5 }], bytes: new Uint8Array([1, 2, 255]) },
      attributes: {
        'session.id': session,
        'user.id': user,
        count,
        factors: ['pwd', 'otp'],
        large: 9_007_199_254_740_991,
      },
    });
  }
  await provider.forceFlush();
  await provider.shutdown();
}
