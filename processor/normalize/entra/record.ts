/**
 * Which of Entra ID's logs a record is of. Its shapes: Azure Monitor's diagnostic settings, where an envelope names
 * the `category` and holds the record in `properties`; Microsoft Graph's, the same record without an envelope; and rows of
 * Log Analytics.
 * Sources: Azure Monitor resource log schema; Microsoft Graph signIn, directoryAudit, riskDetection and riskyUser.
 */
import { isObject, type JsonObject, textIn } from '../json-record.js';
import { isFalseIn, structureIn, textsIn } from './fields.js';
import { rowOf } from './log-analytics.js';

/** Each is a stream with a delay of its own. */
export type Lane =
  | 'interactive'
  | 'noninteractive'
  | 'serviceprincipal'
  | 'managedidentity'
  | 'adfs'
  | 'graph'
  | 'audit'
  | 'risk'
  | 'other';

export interface EntraRecord {
  readonly lane: Lane;
  /** The category by its documented name, whichever shape the record came in. */
  readonly category: string;
  /** What Azure Monitor wrote around the record; empty in Graph's shape, the row itself in Log Analytics. */
  readonly envelope: JsonObject;
  /** What Entra ID wrote; empty if it is missing. */
  readonly properties: JsonObject;
}

/** Categories of the diagnostic settings of Microsoft.aadiam. */
const CATEGORIES: readonly (readonly [category: string, lane: Lane])[] = [
  ['SignInLogs', 'interactive'],
  ['NonInteractiveUserSignInLogs', 'noninteractive'],
  ['ServicePrincipalSignInLogs', 'serviceprincipal'],
  ['MicrosoftServicePrincipalSignInLogs', 'serviceprincipal'],
  ['ManagedIdentitySignInLogs', 'managedidentity'],
  ['ADFSSignInLogs', 'adfs'],
  ['MicrosoftGraphActivityLogs', 'graph'],
  ['AuditLogs', 'audit'],
  ['UserRiskEvents', 'risk'],
  ['RiskyUsers', 'risk'],
  ['ServicePrincipalRiskEvents', 'risk'],
  ['RiskyServicePrincipals', 'risk'],
];
const BY_NAME = new Map(CATEGORIES.map((entry) => [entry[0].toLowerCase(), entry]));

/** Other services have an `AuditLogs` category too: it is Entra's where the directory or the record's fields say so. */
const DIRECTORY = 'microsoft.aadiam';
const LONGEST_RESOURCE_ID = 512;
const LONGEST_CATEGORY = 64;

const EMPTY: JsonObject = Object.freeze({});

/** What of Entra ID a record is, or `undefined` if it is none of its logs. */
export function readRecord(record: JsonObject): EntraRecord | undefined {
  const { category } = record;
  if (typeof category === 'string' && record['properties'] !== undefined) {
    return readDiagnostic(record, category);
  }
  const row = rowOf(record);
  if (row !== undefined) {
    const known = BY_NAME.get(row.category.slice(0, LONGEST_CATEGORY).toLowerCase());
    return known && { lane: known[1], category: known[0], envelope: row.fields, properties: row.fields };
  }
  if (isAudit(record)) return graphRecord('audit', 'AuditLogs', record);
  const risk = riskCategory(record);
  if (risk !== undefined) return graphRecord('risk', risk, record);
  if (isGraphSignIn(record)) return graphSignIn(record);
  // An envelope that lost its record is broken, and must not pass as somebody else's.
  return typeof category === 'string' && textIn(record, 'resourceId') !== ''
    ? readDiagnostic(record, category)
    : undefined;
}

function readDiagnostic(record: JsonObject, category: string): EntraRecord | undefined {
  const envelope = envelopeOf(record);
  const properties = structureIn(record, 'properties');
  const isDirectory = textIn(envelope, 'resourceId')
    .slice(0, LONGEST_RESOURCE_ID)
    .toLowerCase()
    .includes(DIRECTORY);
  const known = BY_NAME.get(category.slice(0, LONGEST_CATEGORY).toLowerCase());
  if (known !== undefined && (known[1] !== 'audit' || isDirectory)) {
    return { lane: known[1], category: known[0], envelope, properties };
  }
  // Some exports put the audit log's own category (Policy, UserManagement) into the envelope.
  if (isAudit(properties)) return { lane: 'audit', category: 'AuditLogs', envelope, properties };
  return isDirectory ? { lane: 'other', category, envelope, properties } : undefined;
}

/**
 * Whether a record is whole and of another log than Entra ID's: event hubs and exports carry those of all of Azure's
 * services, and of its metrics, together.
 */
export function isOfAnotherLog(record: JsonObject): boolean {
  const envelope = envelopeOf(record);
  const { category, properties, time, metricName } = envelope;
  const resource = textIn(envelope, 'resourceId').slice(0, LONGEST_RESOURCE_ID).toLowerCase();
  // Of Entra ID by its own word, and broken.
  if (resource.includes(DIRECTORY)) return false;
  if (typeof category === 'string' && category !== '') {
    const isEntras = resource === '' && BY_NAME.has(category.slice(0, LONGEST_CATEGORY).toLowerCase());
    return !isEntras && (resource !== '' || textIn(envelope, 'operationName') !== '' || isObject(properties));
  }
  if (resource !== '') return typeof time === 'string' || typeof metricName === 'string';
  const { Type: table, TenantId: workspace } = record;
  return typeof table === 'string' && typeof workspace === 'string' && !isEntrasTable(table);
}

/** Log Analytics names its tables after the categories. */
function isEntrasTable(table: string): boolean {
  return BY_NAME.has(table.slice(0, LONGEST_CATEGORY).toLowerCase().replace(/^aad/, ''));
}

function graphRecord(lane: Lane, category: string, properties: JsonObject): EntraRecord {
  return { lane, category, envelope: EMPTY, properties };
}

function isAudit(record: JsonObject): boolean {
  const { activityDateTime, activityDisplayName, initiatedBy, targetResources, loggedByService } = record;
  return (
    (typeof activityDateTime === 'string' || typeof activityDisplayName === 'string') &&
    (initiatedBy !== undefined || targetResources !== undefined || loggedByService !== undefined)
  );
}

function riskCategory(record: JsonObject): string | undefined {
  if (record['riskState'] === undefined && record['riskLevel'] === undefined) return undefined;
  const isService = textIn(record, 'servicePrincipalId') !== '';
  if (typeof record['riskEventType'] === 'string') {
    return isService ? 'ServicePrincipalRiskEvents' : 'UserRiskEvents';
  }
  if (typeof record['riskLastUpdatedDateTime'] !== 'string') return undefined;
  return record['userPrincipalName'] === undefined ? 'RiskyServicePrincipals' : 'RiskyUsers';
}

function isGraphSignIn(record: JsonObject): boolean {
  const { createdDateTime, conditionalAccessStatus, isInteractive, signInEventTypes, appId, userId } = record;
  return (
    typeof createdDateTime === 'string' &&
    (conditionalAccessStatus !== undefined ||
      isInteractive !== undefined ||
      signInEventTypes !== undefined) &&
    (appId !== undefined || userId !== undefined)
  );
}

/** Graph has all kinds of sign-in in one collection and tells them apart by `signInEventTypes`. */
function graphSignIn(record: JsonObject): EntraRecord {
  const types = textsIn(record, 'signInEventTypes');
  if (types.includes('managedIdentity')) {
    return graphRecord('managedidentity', 'ManagedIdentitySignInLogs', record);
  }
  const isService = textIn(record, 'userId') === '' && textIn(record, 'servicePrincipalId') !== '';
  if (types.includes('servicePrincipal') || isService) {
    return graphRecord('serviceprincipal', 'ServicePrincipalSignInLogs', record);
  }
  const isInteractive =
    types.length > 0 ? types.includes('interactiveUser') : !isFalseIn(record, 'isInteractive');
  return isInteractive
    ? graphRecord('interactive', 'SignInLogs', record)
    : graphRecord('noninteractive', 'NonInteractiveUserSignInLogs', record);
}

/** Fields of the envelope by their names in lower case without dots, as pipelines rewrite them. */
const ENVELOPE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['calleripaddress', 'callerIpAddress'],
  ['networkpeeraddress', 'callerIpAddress'],
  ['operationname', 'operationName'],
  ['resourceid', 'resourceId'],
  ['resulttype', 'resultType'],
  ['resultsignature', 'resultSignature'],
  ['tenantid', 'tenantId'],
]);

function envelopeOf(record: JsonObject): JsonObject {
  if (record['operationName'] !== undefined) return record;
  const envelope: JsonObject = { ...record };
  for (const name of Object.keys(record)) {
    const field = ENVELOPE_FIELDS.get(name.toLowerCase().replaceAll('.', ''));
    if (field !== undefined) envelope[field] ??= record[name];
  }
  return envelope;
}
