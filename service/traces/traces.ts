import { context, type DiagLogger, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { defaultResource, envDetector, hostDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { OperationWatch } from '../../api/server.js';
import type { AnsweredRequest } from '../../processor/processor.js';
import type { RunOutcome } from '../../schema/detection/run.js';
import type { Database } from '../../schema/store/database.js';
import type { Logger } from '../logger.js';
import { version } from '../version.js';
import { DetectionSpans } from './detection-spans.js';
import { insertWatch } from './insert-spans.js';
import { operationSpans, requestSpans } from './request-spans.js';
import { watchedDatabase } from './watched-database.js';

/** How long the end of the service waits for the last spans to be sent; the drain as a whole has 30 s. */
const FLUSH_PATIENCE_MS = 3_000;

/** The service's own traces: spans go out by the standard OTEL_* variables. */
export interface Traces {
  /** The database; each insert through it becomes a span. */
  forInserts(database: Database): Database;
  /** The database; what the scheduler asks through it becomes part of the spans of its runs. */
  forDetection(database: Database): Database;
  /** Makes the span of a run that has ended, as the scheduler tells of it. */
  detectionRan(outcome: RunOutcome, seconds: number): void;
  /** Makes the span of an OTLP request that was answered. */
  readonly onRequest: (request: AnsweredRequest) => void;
  /** Makes the spans of GraphQL operations. */
  readonly onOperation: OperationWatch;
  /** Sends what there is, for a few seconds at most. Never rejects. */
  close(): Promise<void>;
}

/** Starts the SDK. Metrics and logs stay off in it: the service has its own. */
export function startTraces(logger: Logger): Traces {
  const sdk = new NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': 'vouchtrail', 'service.version': version }),
    ),
    // Without the process's own: its arguments and its owner are nobody else's business unless somebody says so.
    ...(process.env['OTEL_NODE_RESOURCE_DETECTORS'] === undefined
      ? { resourceDetectors: [envDetector, hostDetector] }
      : {}),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  // After the SDK has set one that writes to standard output, which holds only what was asked for.
  diag.setLogger(inLogOf(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  sdk.start();
  const tracer = trace.getTracer('vouchtrail', version);
  const detection = new DetectionSpans(tracer);
  return {
    forInserts: (database) => watchedDatabase(database, insertWatch(tracer)),
    forDetection: (database) => watchedDatabase(database, detection),
    detectionRan: (outcome, seconds) => detection.ran(outcome, seconds),
    onRequest: requestSpans(tracer),
    onOperation: operationSpans(tracer),
    close: () => {
      detection.end();
      return flushed(sdk, logger);
    },
  };
}

async function flushed(sdk: NodeSDK, logger: Logger): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<'late'>((resolve) => {
    late = setTimeout(resolve, FLUSH_PATIENCE_MS, 'late');
  });
  try {
    const end = await Promise.race([sdk.shutdown(), patience]);
    if (end === 'late')
      logger.warn(`the last traces could not be sent within ${FLUSH_PATIENCE_MS / 1000} s and are lost`);
  } catch (error) {
    logger.warn({ err: error }, 'the last traces could not be sent');
  } finally {
    clearTimeout(late);
    // Another service of this process may start its own.
    for (const api of [trace, context, propagation, diag]) api.disable();
  }
}

/** What the SDK has to say goes into the service's log. */
function inLogOf(logger: Logger): DiagLogger {
  return {
    error: (message) => logger.warn(`traces: ${message}`),
    warn: (message) => logger.warn(`traces: ${message}`),
    info: (message) => logger.info(`traces: ${message}`),
    debug: (message) => logger.debug(`traces: ${message}`),
    verbose: (message) => logger.trace(`traces: ${message}`),
  };
}
