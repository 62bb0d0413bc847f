import { type LogRecord, type LogResource, type LogScope, newLogRecord } from '../receiver/log-record.js';
import type { EmittedLogRecord, EmittedResource, EmittedScope, EmittedTime } from './emitted-log-record.js';
import { EmittedValues } from './emitted-value.js';

const NANOS_PER_SECOND = 1_000_000_000n;

/** Resources and scopes are few and come with every record. */
const resources = new WeakMap<EmittedResource, LogResource>();
const scopes = new WeakMap<EmittedScope, LogScope>();

/**
 * An emitted record as the receiver would have decoded it. The record is not kept or changed; reading it runs the
 * getters that it may have, so anything may be thrown besides.
 * @throws {OversizedRecordError}
 */
export function readLogRecord(emitted: EmittedLogRecord): LogRecord {
  const values = new EmittedValues();
  const { resource, instrumentationScope: scope, spanContext } = emitted;
  const log = newLogRecord(readResource(resource), readScope(scope), {
    resource: textOf(resource.schemaUrl),
    scope: textOf(scope.schemaUrl),
  });
  log.timeUnixNano = nanosOf(emitted.hrTime);
  log.observedTimeUnixNano = nanosOf(emitted.hrTimeObserved);
  log.severityNumber = emitted.severityNumber ?? 0;
  log.severityText = values.text(textOf(emitted.severityText));
  log.body = values.value(emitted.body);
  log.attributes = values.map(emitted.attributes);
  log.droppedAttributesCount = emitted.droppedAttributesCount;
  log.eventName = values.text(textOf(emitted.eventName));
  if (spanContext !== undefined) {
    log.traceId = spanContext.traceId;
    log.spanId = spanContext.spanId;
    log.flags = spanContext.traceFlags & 0xff;
  }
  return log;
}

function readResource(resource: EmittedResource): LogResource {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const pending = resource.asyncAttributesPending === true;
  const attributes = pending ? settledAttributes(resource) : resource.attributes;
  const read = { attributes: new EmittedValues().map(attributes), droppedAttributesCount: 0 };
  if (!pending) resources.set(resource, read);
  return read;
}

/** What is known of a resource while detectors still run; the first of a name counts, as in the SDK. */
function settledAttributes(resource: EmittedResource): Record<string, unknown> {
  const settled: Record<string, unknown> = {};
  for (const [name, value] of resource.getRawAttributes?.() ?? []) {
    const isPromise = typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
    if (!isPromise && value != null) settled[name] ??= value;
  }
  return settled;
}

function readScope(scope: EmittedScope): LogScope {
  let read = scopes.get(scope);
  if (read === undefined) {
    const { name, version, attributes } = newLogRecord().scope;
    read = {
      name: scope.name || name,
      version: scope.version ?? version,
      attributes,
      droppedAttributesCount: 0,
    };
    scopes.set(scope, read);
  }
  return read;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Nanoseconds since the epoch; 0n for what is no time. */
function nanosOf([seconds, nanoseconds]: EmittedTime): bigint {
  if (!Number.isFinite(seconds) || !Number.isFinite(nanoseconds)) return 0n;
  return BigInt(Math.trunc(seconds)) * NANOS_PER_SECOND + BigInt(Math.trunc(nanoseconds));
}
