import { SpanKind, type Tracer } from '@opentelemetry/api';
import { markFailed } from './failed-span.js';
import type { DatabaseWatch } from './watched-database.js';

/**
 * A span for each insert. It has no parent: the requests of several senders share it. Names of attributes are those
 * of the semantic conventions for databases.
 */
export function insertWatch(tracer: Tracer): DatabaseWatch {
  return {
    insert({ table, bytes, began, ended, error }) {
      const attributes = {
        'db.system.name': 'clickhouse',
        'db.operation.name': 'INSERT',
        'db.collection.name': table,
        ...(bytes === undefined ? {} : { 'vouchtrail.insert.bytes': bytes }),
      };
      const span = tracer.startSpan(`INSERT ${table}`, {
        kind: SpanKind.CLIENT,
        root: true,
        startTime: began,
        attributes,
      });
      if (error !== undefined) markFailed(span, error);
      span.end(ended);
    },
  };
}
