import type { LogRecord } from '../receiver/log-record.js';
import { findVendorEvents, type UnreadableVendorRecord } from '../receiver/vendor-event.js';
import { tenantOf } from './base-event.js';
import type { Failure, NormalizeContext, Normalized, NormalizeResult } from './normalized.js';
import { failedText, normalizeOtel } from './otel.js';
import { VENDORS } from './registry.js';
import { redactText, redactUnparsed } from './secrets.js';
import { sweepColumns } from './swept-columns.js';
import { UnreadableRecordError, type Vendor, type VendorRecord } from './vendor.js';

const UNRECOGNISED: NormalizeResult = Object.freeze({ events: [], failures: [], unrecognised: 1 });

/**
 * The events that a log record holds: usually one, several where a vendor's file or queue message came as one record.
 * What should have been understood and was not is a failure; what is not about identity is counted. Never throws.
 */
export function normalize(
  log: LogRecord,
  context: NormalizeContext,
  vendors: readonly Vendor[] = VENDORS,
): NormalizeResult {
  try {
    return normalizeRecord(log, context, vendors);
  } catch (error) {
    return { events: [], failures: [wholeRecord(log, context, '', reasonOf(error))], unrecognised: 0 };
  }
}

function normalizeRecord(
  log: LogRecord,
  context: NormalizeContext,
  vendors: readonly Vendor[],
): NormalizeResult {
  const found = findVendorEvents(log, vendors);
  if (found.kind === 'none') return UNRECOGNISED;
  const events: Normalized[] = [];
  const failures: Failure[] = [];
  if (found.kind === 'native') {
    try {
      events.push(normalizeOtel(log, context));
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      failures.push(wholeRecord(log, context, error.field, error.message));
    }
    return { events, failures, unrecognised: 0 };
  }
  for (const unreadable of found.unreadable) failures.push(failure(unreadable, log, context));
  for (const record of found.records) {
    try {
      const normalized = record.vendor.normalize(record, log, context);
      const { event } = normalized;
      if (event.raw !== record.text) sweepColumns(event);
      // The one column that a vendor may read from the resource.
      else event.organization = redactText(event.organization);
      events.push(normalized);
    } catch (error) {
      failures.push(failure(unreadableRecord(record, error), log, context));
    }
  }
  return { events, failures, unrecognised: found.others };
}

function unreadableRecord({ vendor, path, text }: VendorRecord, error: unknown): UnreadableVendorRecord {
  if (error instanceof UnreadableRecordError) {
    return { source: vendor.source, path: `${path}.${error.field}`, reason: error.message, text };
  }
  return { source: vendor.source, path, reason: reasonOf(error), text };
}

/** An engine's message may quote the record, so only its kind is told. */
function reasonOf(error: unknown): string {
  return `could not be read: ${error instanceof Error ? error.name : 'unknown error'}`;
}

function failure(unreadable: UnreadableVendorRecord, log: LogRecord, context: NormalizeContext): Failure {
  return { ...unreadable, tenant: tenantOf(log, context), text: redactUnparsed(unreadable.text) };
}

/** A record that no vendor's file reads: an application's, or one that breaks the reading itself. */
function wholeRecord(log: LogRecord, context: NormalizeContext, path: string, reason: string): Failure {
  let tenant = context.tenant ?? '';
  let text = '';
  try {
    tenant = tenantOf(log, context);
    text = redactUnparsed(failedText(log, tenant, context));
  } catch {
    // Its text is what could not be read: the reason and the place are all there is to keep.
  }
  return { tenant, source: 'otel', path, reason, text };
}
