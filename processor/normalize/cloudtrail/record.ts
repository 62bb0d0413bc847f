import { type FoldedNames, foldedNames, withNames } from '../field-names.js';
import { isObject, type JsonObject, objectIn, textIn } from '../json-record.js';

/** A record's own fields, which tables of data lakes have in lower case or with underscores. */
const TOP_FIELDS: FoldedNames = foldedNames([
  ...[
    'eventVersion',
    'userIdentity',
    'eventTime',
    'eventSource',
    'eventName',
    'awsRegion',
    'sourceIPAddress',
  ],
  ...['userAgent', 'errorCode', 'errorMessage', 'requestParameters', 'responseElements', 'requestID'],
  ...['additionalEventData', 'eventID', 'readOnly', 'eventType', 'recipientAccountId', 'sharedEventID'],
  ...['serviceEventDetails', 'sessionCredentialFromConsole', 'insightDetails'],
]);

/** Names within those that are read here. */
const INNER_FIELDS: FoldedNames = foldedNames([
  ...['principalId', 'accountId', 'accessKeyId', 'userName', 'invokedBy', 'sessionContext', 'creationDate'],
  ...['mfaAuthenticated', 'sessionIssuer', 'onBehalfOf', 'userId', 'assumedRoleUser', 'assumedRoleId'],
  ...['federatedUser', 'federatedUserId', 'roleArn', 'roleSessionName', 'serialNumber', 'targetPrincipal'],
  ...[
    'MFAUsed',
    'MFAIdentifier',
    'CredentialType',
    'ConsoleLogin',
    'SwitchRole',
    'CheckMfa',
    'AuthWorkflowID',
  ],
]);

/** Structures that tables keep as JSON text. */
const STRUCTURES = [
  'userIdentity',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
] as const;
const LONGEST_STRUCTURE = 1_048_576;

/** Types of `userIdentity`: a record that has one is CloudTrail's, even if it lost its `eventSource`. */
const IDENTITY_TYPES: ReadonlySet<string> = new Set([
  ...['Root', 'IAMUser', 'AssumedRole', 'Role', 'FederatedUser', 'Directory', 'AWSAccount', 'AWSService'],
  ...['SAMLUser', 'WebIdentityUser', 'IdentityCenterUser'],
]);

/** Whether a record is CloudTrail's. S3's notifications have the same fields, but their eventSource is `aws:s3`. */
export function isCloudTrailRecord(record: JsonObject): boolean {
  const { eventSource, eventName } = record;
  if (typeof eventName === 'string' && typeof eventSource === 'string' && eventSource !== '') {
    return eventSource.includes('.amazonaws.com');
  }
  const named = hasOddNames(record) ? withNames(record, TOP_FIELDS, INNER_FIELDS) : record;
  if (named !== record && textIn(named, 'eventSource').includes('.amazonaws.com')) return true;
  if (textIn(named, 'eventSource') !== '' && typeof named['eventName'] === 'string') return false;
  if (/^aws/i.test(textIn(named, 'eventType'))) {
    return typeof named['eventVersion'] === 'string' || typeof named['eventName'] === 'string';
  }
  return (
    typeof named['eventName'] === 'string' &&
    IDENTITY_TYPES.has(textIn(objectIn(named, 'userIdentity'), 'type'))
  );
}

function hasOddNames(record: JsonObject): boolean {
  if (record['eventName'] !== undefined) return false;
  return typeof record['eventname'] === 'string' || typeof record['event_name'] === 'string';
}

/** A record that `isCloudTrailRecord` accepts with AWS's own names and structures: itself, if it has them. */
export function withApiShape(received: JsonObject): JsonObject {
  let record = hasOddNames(received) ? withNames(received, TOP_FIELDS, INNER_FIELDS) : received;
  for (const field of STRUCTURES) {
    const text = record[field];
    if (typeof text !== 'string') continue;
    if (record === received) record = { ...received };
    record[field] = structureOf(text);
  }
  return record;
}

function structureOf(text: string): JsonObject | string {
  if (!text.startsWith('{') || text.length > LONGEST_STRUCTURE) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : text;
  } catch {
    return text;
  }
}
