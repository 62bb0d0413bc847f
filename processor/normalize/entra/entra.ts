import { eventId, recordHash } from '../../../schema/keys.js';
import type { LogRecord } from '../../receiver/log-record.js';
import { baseEvent, setTimes, tenantOf } from '../base-event.js';
import { type JsonObject, textIn } from '../json-record.js';
import { type NormalizeContext, type Normalized, noIdentifiers } from '../normalized.js';
import { attributeTexts, type Hidden, looksLikePassword, redactRecord, redactText } from '../secrets.js';
import { hiddenSessionIds } from '../session-ids.js';
import { UnreadableRecordError, type Vendor, type VendorRecord } from '../vendor.js';
import { isAzureAttribute, recordFromAttributes } from './attributes.js';
import { readAudit } from './audit.js';
import { deviceClient } from './device-client.js';
import { meaningOf, outcomeOf } from './error-codes.js';
import { valueIn } from './fields.js';
import { readGraphActivity } from './graph-activity.js';
import { namedSecrets } from './named-secrets.js';
import { type Reading, UNREAD } from './reading.js';
import { type EntraRecord, isOfAnotherLog, type Lane, readRecord } from './record.js';
import { readRisk } from './risk.js';
import { readServiceSignIn } from './service-sign-in.js';
import { readSignIn } from './sign-in.js';
import { timeOf } from './times.js';
import { keyOf, loginOf, personIn } from './user.js';

const SOURCE = 'entra';

const READERS: Readonly<Record<Lane, (record: EntraRecord) => Reading>> = {
  interactive: readSignIn,
  noninteractive: readSignIn,
  adfs: readSignIn,
  serviceprincipal: readServiceSignIn,
  managedidentity: readServiceSignIn,
  graph: readGraphActivity,
  audit: readAudit,
  risk: readRisk,
  other: readOther,
};

const entra: Vendor = {
  source: SOURCE,
  // `operationName`, whose case pipelines change.
  marks: ['category', 'properties', 'operation'],
  matches: (record) => readRecord(record) !== undefined,
  fromAttributes: recordFromAttributes,
  isOfAnotherLog,
  normalize: normalizeEntra,
};

/** The shapes of Microsoft Graph and Log Analytics have no field in common with each other or with that. */
const OTHER_MARKS = [
  ['createdDateTime', 'conditionalAccessStatus'],
  ['createdDateTime', 'isInteractive'],
  ['createdDateTime', 'signInEventTypes'],
  ['activityDateTime', 'activityDisplayName'],
  ['riskState', 'riskLevel', 'riskDetail'],
  ['TenantId', 'TimeGenerated', 'Type'],
  ['TenantId', 'OperationName', 'Category'],
];

/** Microsoft Entra ID: sign-in logs, audit log, risk detections and the activity of Microsoft Graph; once a shape. */
export const ENTRA: readonly Vendor[] = [
  entra,
  ...OTHER_MARKS.map((marks) => ({
    source: SOURCE,
    marks,
    matches: entra.matches,
    normalize: normalizeEntra,
  })),
];

/** A category that came after this was written. */
function readOther({ category, envelope, properties }: EntraRecord): Reading {
  return {
    ...UNREAD,
    type: category,
    id: valueIn(properties, 'id'),
    times: [valueIn(properties, 'createdDateTime', 'activityDateTime'), valueIn(envelope, 'time')],
    outcome: outcomeOf(meaningOf(properties, envelope)),
    user: personIn(properties, 'userId'),
    action: valueIn(envelope, 'operationName'),
    address: valueIn(properties, 'ipAddress') || valueIn(envelope, 'callerIpAddress'),
    userAgent: valueIn(properties, 'userAgent'),
  };
}

function normalizeEntra(
  { record, text, path }: VendorRecord,
  log: LogRecord,
  context: NormalizeContext,
): Normalized {
  const found = readRecord(record);
  if (found === undefined) throw new UnreadableRecordError('category', 'is none of Entra ID');
  const { lane, properties } = found;
  if (lane !== 'other' && Object.keys(properties).length === 0) {
    throw new UnreadableRecordError('properties', 'is missing or not an object');
  }
  const reading = READERS[lane](found);
  const hidden: readonly Hidden[] = [
    ...hiddenSessionIds(log, tenantOf(log, context), context.keys),
    ...namedSecrets(properties),
    ...reading.typed.filter(looksLikePassword).map((secret) => ({ secret, shown: '[redacted]' })),
  ];

  const event = baseEvent(SOURCE, log, context, hidden);
  setTimes(event, timeOf(reading.times), log, context);
  const shown = (value: string): string => redactText(value, hidden);
  event.event_id = reading.id === '' ? recordHash(text) : eventId(SOURCE, reading.id);
  event.vendor_event_id = reading.id;
  event.vendor_event_type = shown(reading.type);
  event.stream = `${SOURCE}:${lane}`;
  event.organization = organizationOf(found);
  event.activity = reading.activity;
  event.outcome = reading.outcome;
  event.evidence = reading.evidence;
  event.amr = reading.amr;
  event.claimed_mfa = reading.claimedMfa;
  event.auth_protocol = reading.authProtocol;
  event.policy_result = reading.policyResult;
  event.vendor_risks = reading.risks;
  event.action = shown(reading.action);
  event.application_id = reading.applicationId;
  event.application_name = shown(reading.applicationName);

  const isNoName = reading.typed.includes(reading.user.name) && looksLikePassword(reading.user.name);
  const user = isNoName ? { ...reading.user, name: '' } : { ...reading.user, name: shown(reading.user.name) };
  event.user_id = user.id;
  event.user_name = user.name;
  event.user_email = loginOf(user).includes('@') ? loginOf(user) : '';
  event.user_key = keyOf(user, event.organization);
  event.actor_kind = user.kind;
  event.target_user_key = keyOf({ ...reading.target, name: shown(reading.target.name) }, event.organization);

  event.session_id = reading.session;
  event.session_kind = reading.sessionKind;
  event.session_implied = reading.session === '' && reading.isInSession && event.user_key !== '';
  event.token_id = reading.token;
  event.token_type = reading.tokenType;
  event.token_binding = reading.tokenBinding;
  event.address = reading.address;
  event.user_agent = shown(reading.userAgent);
  if (reading.isPlatform) event.client_kind = 'service';
  else if (reading.userAgent === '') Object.assign(event, deviceClient(properties));

  event.attributes = attributeTexts(
    log.attributes,
    hidden,
    (key) =>
      record[key] === undefined &&
      properties[key] === undefined &&
      !(path === 'attributes' && isAzureAttribute(key)),
  );
  event.raw = redactRecord(record, text, hidden);

  const identifiers = noIdentifiers();
  identifiers.session = reading.session;
  identifiers.token = reading.token;
  identifiers.device = reading.device;
  identifiers.deviceIsStrong = reading.device !== '';
  if (reading.issuesToken && reading.token !== '') {
    identifiers.issued = { sessions: [], tokens: [reading.token], principals: [] };
  }
  return { event, identifiers };
}

const TENANT_IN_PATH = /^\/?tenants\/([^/]{1,64})/i;

/**
 * The directory whose log this is. Graph's shape does not say: a guest signs in to the directory of the resource,
 * members of a directory are seen by their own.
 */
function organizationOf({ envelope, properties }: EntraRecord): string {
  const stated =
    valueIn(envelope, 'tenantId') || (TENANT_IN_PATH.exec(textIn(envelope, 'resourceId'))?.[1] ?? '');
  return (stated || tenantIn(properties)).toLowerCase();
}

function tenantIn(properties: JsonObject): string {
  const isGuest = valueIn(properties, 'userType').toLowerCase() === 'guest';
  return isGuest
    ? valueIn(properties, 'resourceTenantId', 'homeTenantId')
    : valueIn(properties, 'homeTenantId', 'resourceTenantId', 'tenantId');
}
