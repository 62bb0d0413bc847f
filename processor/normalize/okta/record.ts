import { type FoldedNames, foldedNames, withNames } from '../field-names.js';
import { isObject, type Json, type JsonObject, objectIn, textIn } from '../json-record.js';

/** The parts of a System Log event that are read, found once. Fields: the `LogEvent` schema of Okta's System Log API. */
export interface OktaRecord {
  readonly eventType: string;
  readonly actor: JsonObject;
  readonly client: JsonObject;
  readonly device: JsonObject;
  readonly authentication: JsonObject;
  readonly security: JsonObject;
  /** `debugContext.debugData`: text values, even of what is a list or JSON. */
  readonly debug: JsonObject;
  readonly transaction: JsonObject;
  /** `outcome.result`, upper case. */
  readonly result: string;
  readonly reason: string;
  readonly targets: readonly JsonObject[];
  readonly published: Json | undefined;
  readonly uuid: string;
  /** Addresses that the request came through, the client's first. */
  readonly chain: readonly JsonObject[];
}

/** The parts of an event that no other vendor's records have together. */
const PARTS = [
  'uuid',
  'published',
  'actor',
  'outcome',
  'client',
  'target',
  'displayMessage',
  'legacyEventType',
  'authenticationContext',
  'securityContext',
  'debugContext',
  'transaction',
  'request',
  'severity',
  'device',
  'version',
];

/** Names of a record's own fields, which shippers also write in lower case or with underscores. */
export const TOP_FIELDS: FoldedNames = foldedNames(['eventType', ...PARTS]);

/** Names within those that are read here. */
const INNER_FIELDS = foldedNames([
  ...['alternateId', 'displayName', 'detailEntry', 'ipAddress', 'userAgent', 'rawUserAgent', 'ipChain'],
  ...['externalSessionId', 'rootSessionId', 'deviceSessionId', 'authenticationProvider', 'credentialType'],
  ...['asNumber', 'asOrg', 'debugData', 'requestApiTokenId', 'requestUri', 'threatSuspected'],
  ...['threatDetections', 'logOnlySecurityData', 'factorType', 'grantType', 'signOnMode', 'signOnModeType'],
  ...['methodTypeUsed', 'methodUsedVerifiedProperties', 'authenticatorKey', 'endedSessionId', 'proxyType'],
  ...['authenticatorMethodVerificationTime', 'authMethodFirstType', 'authMethodSecondType', 'userId'],
  ...['keyTypeUsedForAuthentication', 'pushOnlyResponseType', 'oldRefreshTokenHash', 'subjectTokenId'],
]);

/** Few of its parts make it likely enough: `eventType` with dots is not usual elsewhere. */
const ENOUGH_PARTS = 3;

/** Whether a record is a System Log event. The envelope of an event hook, `com.okta.event_hook`, is none. */
export function isOktaRecord(record: JsonObject): boolean {
  const type = record['eventType'] ?? record['eventtype'] ?? record['event_type'] ?? record['EventType'];
  if (typeof type !== 'string' || !/^[a-z][\w]*\.[\w.]+$/i.test(type) || type.startsWith('com.'))
    return false;
  const named = withApiNames(record);
  let found = 0;
  for (const part of PARTS) {
    if (named[part] !== undefined && ++found === ENOUGH_PARTS) return true;
  }
  return false;
}

/** The record with Okta's own field names: itself, unless a shipper changed their case. */
function withApiNames(record: JsonObject): JsonObject {
  return typeof record['eventType'] === 'string' ? record : withNames(record, TOP_FIELDS, INNER_FIELDS);
}

/** Reads a record that `isOktaRecord` accepts; what it lacks is empty. */
export function readOktaRecord(received: JsonObject): OktaRecord {
  const record = withApiNames(received);
  const outcome = objectIn(record, 'outcome');
  return {
    eventType: textIn(record, 'eventType'),
    actor: objectIn(record, 'actor'),
    client: objectIn(record, 'client'),
    device: objectIn(record, 'device'),
    authentication: objectIn(record, 'authenticationContext'),
    security: objectIn(record, 'securityContext'),
    debug: objectIn(objectIn(record, 'debugContext'), 'debugData'),
    transaction: objectIn(record, 'transaction'),
    result: textIn(outcome, 'result').toUpperCase(),
    reason: textIn(outcome, 'reason'),
    targets: objectsIn(record, 'target'),
    published: record['published'],
    uuid: known(record, 'uuid'),
    chain: objectsIn(objectIn(record, 'request'), 'ipChain'),
  };
}

function objectsIn(record: JsonObject, field: string): readonly JsonObject[] {
  const value = record[field];
  if (Array.isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}

/** What Okta writes where it knows nothing. */
const PLACEHOLDERS = new Set(['unknown', 'null', 'undefined', 'n/a', '-']);

/** The text of a field; '' if it is absent or a placeholder. */
export function known(record: JsonObject, field: string): string {
  const text = textIn(record, field).trim();
  return text.length <= 9 && PLACEHOLDERS.has(text.toLowerCase()) ? '' : text;
}

/** The type of a target or actor, lower case: `AppInstance` and `appinstance` are one. */
export function typeOf(entity: JsonObject): string {
  return textIn(entity, 'type').toLowerCase();
}

/** The first target of a type, given in lower case. */
export function targetOf(record: OktaRecord, ...types: readonly string[]): JsonObject | undefined {
  return record.targets.find((target) => types.includes(typeOf(target)));
}
