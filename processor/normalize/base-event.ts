import { type Event, emptyEvent } from '../../schema/event.js';
import type { Source } from '../../schema/words.js';
import type { LogRecord, LogResource } from '../receiver/log-record.js';
import { attributeText, jsonOf } from './any-value-json.js';
import { type JsonObject, textIn } from './json-record.js';
import type { NormalizeContext } from './normalized.js';
import { type Hidden, redactJson, redactText, textsOf } from './secrets.js';
import { isPlausible, nanosOfMillis } from './timestamps.js';

const DEFAULT_TENANT = 'default';
const LONGEST_TENANT = 128;

/** What a resource says, without secrets. */
export interface ResourceFacts {
  readonly serviceName: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The attributes as JSON text. */
  readonly text: string;
}

/** A request's records share their resource: what it says is read once. */
const factsOfResource = new WeakMap<LogResource, ResourceFacts>();

/** What `resource` says, without what is `hidden`. */
export function readResource(resource: LogResource, hidden: readonly Hidden[]): ResourceFacts {
  let facts = factsOfResource.get(resource);
  if (facts === undefined) {
    facts = resourceFacts(resource, []);
    factsOfResource.set(resource, facts);
  }
  return holdsAny(facts.text, hidden) ? resourceFacts(resource, hidden) : facts;
}

/** Whether JSON text holds something that is to be hidden. */
function holdsAny(text: string, hidden: readonly Hidden[]): boolean {
  return hidden.some(({ secret }) => text.includes(JSON.stringify(secret).slice(1, -1)));
}

function resourceFacts({ attributes }: LogResource, hidden: readonly Hidden[]): ResourceFacts {
  const redacted = redactJson(jsonOf(attributes), hidden) as JsonObject;
  return {
    serviceName: textIn(redacted, 'service.name'),
    attributes: textsOf(redacted),
    text: JSON.stringify(redacted),
  };
}

/** Whose record it is: the authenticated tenant, or where no authentication is on the one that the sender names. */
export function tenantOf(log: LogRecord, context: NormalizeContext): string {
  if (context.tenant !== undefined) return context.tenant;
  const named = attributeText(log.resource.attributes, 'vouchtrail.tenant').trim();
  return named.slice(0, LONGEST_TENANT) || DEFAULT_TENANT;
}

/** An event with what the log record around a vendor's record says; `hidden` must not be stored with it. */
export function baseEvent(
  source: string,
  log: LogRecord,
  context: NormalizeContext,
  hidden: readonly Hidden[] = [],
): Event {
  // A vendor is one line in vendors.ts: whatever source that names is one.
  const event = emptyEvent(source as Source);
  const resource = readResource(log.resource, hidden);
  event.tenant = tenantOf(log, context);
  event.service_name =
    redactText(attributeText(log.attributes, 'service.name'), hidden) || resource.serviceName;
  event.event_name = redactText(log.eventName, hidden);
  event.severity_number = log.severityNumber;
  event.trace_id = log.traceId;
  event.span_id = log.spanId;
  event.resource_attributes = resource.attributes;
  return event;
}

/**
 * Sets the event's times. `vendorTime` in nanoseconds; `undefined` if the vendor wrote none, `null` if what it wrote
 * is no time. An impossible time (before 2015, more than a day ahead) gives way to the observed time and is marked, as
 * is a record without any usable time.
 */
export function setTimes(
  event: Event,
  vendorTime: bigint | undefined | null,
  log: LogRecord,
  context: NormalizeContext,
): void {
  const now = nanosOfMillis(context.receivedAt);
  const observed = isPlausible(log.observedTimeUnixNano, now);
  event.observed_at = observed ? log.observedTimeUnixNano : now;
  const time = vendorTime ?? (log.timeUnixNano === 0n ? undefined : log.timeUnixNano);
  const possible = time !== undefined && isPlausible(time, now);
  event.ts = possible ? time : event.observed_at;
  event.time_clamped = vendorTime === null || (!possible && (time !== undefined || !observed));
}
