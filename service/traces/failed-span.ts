import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { StoreError } from '../../schema/store/errors.js';

/**
 * Marks a span as failed by the class of an error and the store's code, never by its message: that may quote what
 * was to be stored.
 */
export function markFailed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
  if (error instanceof StoreError && error.code !== undefined) {
    span.setAttribute('db.response.status_code', String(error.code));
  }
}
