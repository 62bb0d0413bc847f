import type { LogRecord } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { onTestFinished } from 'vitest';
import {
  SessionLogRecordProcessor,
  type SessionLogRecordProcessorOptions,
} from '../../../processor/index.js';

export const KEY = 'a key for tests that is long enough';

/** An application with the processor in its logger provider, and what its exporter got. */
export interface Application {
  readonly processor: SessionLogRecordProcessor;
  readonly provider: LoggerProvider;
  emit(record: LogRecord): ReadableLogRecord;
}

/** Its provider is shut down when the test is over. Address databases are left out unless they are asked for. */
export function startApplication(
  options: SessionLogRecordProcessorOptions = {},
  resource: Record<string, string> = { 'service.name': 'portal' },
): Application {
  const processor = new SessionLogRecordProcessor({ addresses: false, ...options });
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: resourceFromAttributes(resource),
    processors: [processor, new SimpleLogRecordProcessor({ exporter })],
  });
  // A test whose store is down has a shutdown that says so.
  onTestFinished(() => provider.shutdown().catch(() => undefined));
  const logger = provider.getLogger('portal', '1.0.0');
  return {
    processor,
    provider,
    emit: (record) => {
      exporter.reset();
      logger.emit(record);
      return exporter.getFinishedLogRecords()[0] as ReadableLogRecord;
    },
  };
}

/** A page that somebody opens in a session. */
export function access(id: string | number = 1, attributes: LogRecord['attributes'] = {}): LogRecord {
  return {
    timestamp: [1_790_000_000, 5],
    eventName: 'app.access',
    body: 'opened a page',
    attributes: {
      'session.id': `session-of-the-portal-${id}`,
      'user.id': 'ada@example.com',
      'client.address': '198.51.100.7',
      'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ...attributes,
    },
  };
}
