import type { Event } from '../../schema/event.js';
import { eventId, recordHash, userKey } from '../../schema/keys.js';
import {
  ACTIVITIES,
  type Activity,
  EVIDENCE_GRADES,
  type EvidenceGrade,
  OUTCOMES,
  type Outcome,
} from '../../schema/words.js';
import type { LogRecord } from '../receiver/log-record.js';
import { gradeOfAmr, parseAmr } from './amr.js';
import { attributeText, firstAttributeText, jsonOf } from './any-value-json.js';
import { baseEvent, readResource, setTimes, tenantOf } from './base-event.js';
import type { JsonObject } from './json-record.js';
import { type NormalizeContext, type Normalized, noIdentifiers } from './normalized.js';
import { type Hidden, looksLikePassword, redactJson, redactText, textsOf } from './secrets.js';
import { hiddenSessionIds, previousSessionIdOf, sessionIdOf } from './session-ids.js';
import { UnreadableRecordError } from './vendor.js';

const SOURCE = 'otel';

const USER_ID = ['user.id', 'enduser.id', 'enduser.pseudo.id', 'user.hash'];
/** Collectors and older SDKs have other names for the client's address. */
const ADDRESS = ['client.address', 'source.address', 'network.peer.address', 'http.client_ip', 'net.peer.ip'];
const ROUTE = ['http.route', 'url.path'];
const METHOD = ['http.request.method', 'http.method'];
/** JA4 has no name of OpenTelemetry's yet; gateways write it beside JA3's. */
const TLS_FINGERPRINT = ['tls.client.ja4', 'tls.client.ja3'];
const STATUS = ['http.response.status_code', 'http.status_code'];
const USER_AGENT = ['user_agent.original', 'http.user_agent', 'http.request.header.user-agent'];

/** Activities that are evidence by themselves, with what they prove where the record does not say how. */
const DEFAULT_GRADES: Partial<Record<Activity, EvidenceGrade>> = {
  sign_in: 'credential',
  credential_validation: 'credential',
  mfa_success: 'mfa',
};

/** ERROR and above, by the OpenTelemetry logs data model. */
const ERROR = 17;

/**
 * An application's own record, by OpenTelemetry's names and the `vouchtrail.*` attributes that it may add.
 * @throws {UnreadableRecordError} if it names an activity that does not exist.
 */
export function normalizeOtel(log: LogRecord, context: NormalizeContext): Normalized {
  const { attributes, resource } = log;
  const ids = hiddenSessionIds(log, tenantOf(log, context), context.keys);
  const eventName = log.eventName || attributeText(attributes, 'event.name');
  const activity = readActivity(attributeText(attributes, 'vouchtrail.activity'), eventName);
  const outcome = readOutcome(log, activity);
  const typedName =
    redactText(attributeText(attributes, 'user.name'), ids) ||
    redactText(attributeText(resource.attributes, 'user.name'), ids);
  const isNoName = activity === 'sign_in' && outcome === 'failure' && looksLikePassword(typedName);
  const hidden: readonly Hidden[] = isNoName ? [...ids, { secret: typedName, shown: '[redacted]' }] : ids;
  // Without secrets, once: whatever is stored is read from here.
  const clear = redactJson(jsonOf(attributes), hidden) as JsonObject;

  const event = baseEvent(SOURCE, log, context, hidden);
  event.event_name ||= attributeText(clear, 'event.name');
  setTimes(event, undefined, log, context);
  event.region = event.resource_attributes['cloud.region'] ?? '';
  event.activity = activity;
  event.outcome = outcome;
  readEvidence(event, log);
  event.vendor_event_type = attributeText(clear, 'vouchtrail.vendor.event.type') || event.event_name;

  event.user_id =
    firstAttributeText(clear, USER_ID) ||
    redactText(firstAttributeText(resource.attributes, USER_ID), hidden);
  event.user_name = isNoName ? '' : typedName;
  event.user_email = attributeText(clear, 'user.email');
  const { user_name: name, user_id: id, user_email: email } = event;
  event.user_key = userKey({ source: SOURCE, organization: '', name, id, email });

  event.application_name = attributeText(clear, 'vouchtrail.application.name') || event.service_name;
  event.application_id = attributeText(clear, 'vouchtrail.application.id') || event.application_name;
  event.action = actionOf(clear, event.event_name);
  event.address = firstAttributeText(clear, ADDRESS);
  event.user_agent = firstAttributeText(clear, USER_AGENT);
  event.tls_fingerprint = firstAttributeText(clear, TLS_FINGERPRINT);

  const identifiers = noIdentifiers();
  identifiers.session = sessionIdOf(log);
  identifiers.previousSession = previousSessionIdOf(log);
  identifiers.device = attributeText(attributes, 'device.id');
  event.session_kind = identifiers.session === '' ? 'implied' : 'browser';
  event.session_implied = identifiers.session === '' && event.user_key !== '';

  event.attributes = textsOf(clear);
  event.raw = rawText(log, clear, hidden);
  event.vendor_event_id = attributeText(clear, 'log.record.uid');
  const uid = attributeText(attributes, 'log.record.uid');
  event.event_id =
    uid === '' ? recordHash(`${timeOf(log)}|${log.traceId}|${event.raw}`) : eventId(SOURCE, uid);
  return { event, identifiers };
}

/** The record as stored, of attributes without secrets: JSON text of what the application said. */
function rawText(log: LogRecord, attributes: JsonObject, hidden: readonly Hidden[]): string {
  const body = redactJson(jsonOf(log.body), hidden);
  const text = JSON.stringify({ event_name: redactText(log.eventName, hidden), body, attributes });
  // The resource's text is the same for all of its records, so it is written once.
  return `${text.slice(0, -1)},"resource":${readResource(log.resource, hidden).text}}`;
}

/** The text of a record that could not be read as an event, without secrets and session ids. */
export function failedText(log: LogRecord, tenant: string, context: NormalizeContext): string {
  const hidden = hiddenSessionIds(log, tenant, context.keys);
  return rawText(log, redactJson(jsonOf(log.attributes), hidden) as JsonObject, hidden);
}

/** What tells two records of the same content apart. */
function timeOf(log: LogRecord): bigint {
  return log.timeUnixNano || log.observedTimeUnixNano;
}

function wordOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[.\s-]+/g, '_');
}

function readActivity(stated: string, eventName: string): Activity {
  const word = wordOf(stated || eventName) as Activity;
  if (ACTIVITIES.includes(word)) return word;
  if (stated === '') return 'access';
  const reason = `'${stated.slice(0, 64)}' is no activity: use one of ${ACTIVITIES.join(', ')}`;
  throw new UnreadableRecordError('attributes["vouchtrail.activity"]', reason);
}

/** Statuses by which an application refuses whoever asks: no session was used then. Others, such as 404, use one. */
const REFUSED = /^40[13]$/;

/** What the record says, else what its activity, error type, severity or HTTP status implies. */
function readOutcome(log: LogRecord, activity: Activity): Outcome {
  const stated = wordOf(attributeText(log.attributes, 'vouchtrail.outcome')) as Outcome;
  if (OUTCOMES.includes(stated)) return stated;
  if (activity === 'mfa_failure') return 'failure';
  if (activity === 'mfa_challenge') return 'challenge';
  const failed =
    attributeText(log.attributes, 'error.type') !== '' ||
    log.severityNumber >= ERROR ||
    REFUSED.test(firstAttributeText(log.attributes, STATUS));
  return failed ? 'failure' : 'success';
}

/**
 * A statement (`vouchtrail.evidence`) counts on any activity; methods (`vouchtrail.amr`) count where something was
 * checked and are a claim about the past elsewhere. A failure proves nothing.
 */
function readEvidence(event: Event, log: LogRecord): void {
  const amr = parseAmr(log.attributes['vouchtrail.amr']);
  event.amr = amr;
  const stated = wordOf(attributeText(log.attributes, 'vouchtrail.evidence')) as EvidenceGrade;
  const usual = DEFAULT_GRADES[event.activity];
  const byMethods = gradeOfAmr(amr);
  if (usual === undefined && (byMethods === 'mfa' || byMethods === 'phishing_resistant')) {
    event.claimed_mfa = true;
  }
  if (event.outcome !== 'success') return;
  if (EVIDENCE_GRADES.includes(stated)) event.evidence = stated;
  else if (usual !== undefined) event.evidence = amr.length > 0 ? atLeast(byMethods, usual) : usual;
}

/** A passed factor is a factor, whatever it is called. */
function atLeast(grade: EvidenceGrade, usual: EvidenceGrade): EvidenceGrade {
  return usual === 'mfa' && grade === 'credential' ? usual : grade;
}

/** `GET /people/{id}`, else the name of the event; of attributes without secrets. */
function actionOf(attributes: JsonObject, eventName: string): string {
  const route = firstAttributeText(attributes, ROUTE);
  if (route === '') return eventName;
  return `${firstAttributeText(attributes, METHOD)} ${route}`.trim().slice(0, 256);
}
