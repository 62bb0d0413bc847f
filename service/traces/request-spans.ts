import {
  type Context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { OperationWatch } from '../../api/server.js';
import type { AnsweredRequest } from '../../processor/processor.js';

/** Answers that say that the fault is here: the sender is to come again. */
const OWN_FAULTS: readonly (string | number)[] = [500, 503, 'INTERNAL', 'UNAVAILABLE', 'UNKNOWN'];
/** Of a name of an operation, which its sender is free to choose. */
const LONGEST_NAME = 64;

/** A span for each OTLP request, in the trace of its sender where that says which. */
export function requestSpans(tracer: Tracer): (request: AnsweredRequest) => void {
  return ({ transport, status, records, rejected, bytes, seconds, refused, sender }) => {
    const ended = Date.now();
    const span = tracer.startSpan(
      'receive logs',
      {
        kind: SpanKind.SERVER,
        startTime: ended - seconds * 1000,
        attributes: {
          'vouchtrail.transport': transport,
          [transport === 'http' ? 'http.response.status_code' : 'rpc.response.status_code']: status,
          'vouchtrail.records.received': records,
          'vouchtrail.records.rejected': rejected,
          'vouchtrail.request.bytes': bytes,
          ...(refused === undefined ? {} : { 'error.type': refused }),
        },
      },
      callerOf(sender?.traceparent, sender?.tracestate),
    );
    if (OWN_FAULTS.includes(status)) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(ended);
  };
}

/** A span for each GraphQL operation: its type and name, never its text or variables. */
export function operationSpans(tracer: Tracer): OperationWatch {
  return ({ type, name, headers }) => {
    const called = name?.slice(0, LONGEST_NAME);
    const span = tracer.startSpan(
      called === undefined ? type : `${type} ${called}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'graphql.operation.type': type,
          ...(called === undefined ? {} : { 'graphql.operation.name': called }),
        },
      },
      callerOf(headers.get('traceparent') ?? undefined, headers.get('tracestate') ?? undefined),
    );
    return (errorCodes) => {
      const [first] = errorCodes;
      if (first !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttributes({ 'error.type': first, 'vouchtrail.errors': errorCodes.length });
      }
      span.end();
    };
  };
}

/** The trace that a request belongs to, by its headers; one of its own where they say none, or nonsense. */
function callerOf(traceparent: string | undefined, tracestate: string | undefined): Context {
  if (traceparent === undefined) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, {
    traceparent,
    ...(tracestate === undefined ? {} : { tracestate }),
  });
}
