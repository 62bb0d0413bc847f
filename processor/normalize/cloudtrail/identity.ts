import { type JsonObject, objectIn, textIn } from '../json-record.js';

/** Who made a CloudTrail record: `userIdentity`, read once. '' where it says nothing. */
export interface Identity {
  /** IAMUser, Root, AssumedRole, FederatedUser, SAMLUser, WebIdentityUser, AWSAccount, AWSService, ... */
  readonly type: string;
  readonly principalId: string;
  readonly arn: string;
  readonly account: string;
  /** The user within the account; the session name of an assumed role; the name of an AWS service. */
  readonly name: string;
  readonly id: string;
  readonly accessKeyId: string;
  /** The AWS service that made the request on somebody's behalf or its own. */
  readonly invokedBy: string;
  /** When its session was created, as written. */
  readonly creationDate: string;
  readonly session: JsonObject;
}

/** Types whose principal is `id:name`, the name being chosen when the session was made. */
const SESSION_TYPES = new Set(['AssumedRole', 'FederatedUser', 'AWSAccount']);

const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-iso-', 'aws-iso'],
];

/** The ARN partition of a region. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

function lastSegment(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Field names: awsdocs/aws-cloudtrail-user-guide, cloudtrail-event-reference-user-identity. */
export function readIdentity(record: JsonObject): Identity {
  const user = objectIn(record, 'userIdentity');
  const type = textIn(user, 'type');
  const account = textIn(user, 'accountId');
  const context = objectIn(user, 'sessionContext');
  const session = objectIn(context, 'attributes');
  const principalId = textIn(user, 'principalId');
  const invokedBy = textIn(user, 'invokedBy');
  const arn = textIn(user, 'arn');
  const name =
    nameOf(user, type, principalId, arn, invokedBy) ||
    typedName(record) ||
    // All that is left of an assumed role is whose it is.
    textIn(objectIn(context, 'sessionIssuer'), 'userName');
  return {
    type,
    principalId,
    arn: arn || arnOf(type, account, name, textIn(record, 'awsRegion')),
    account,
    name,
    id: idOf(user, type, principalId, account),
    accessKeyId: textIn(user, 'accessKeyId'),
    invokedBy,
    creationDate: textIn(session, 'creationDate'),
    session,
  };
}

function nameOf(user: JsonObject, type: string, principalId: string, arn: string, invokedBy: string): string {
  if (type === 'Root') return 'root';
  if (SESSION_TYPES.has(type)) {
    const colon = principalId.indexOf(':');
    if (colon >= 0) return principalId.slice(colon + 1);
    if (type !== 'AWSAccount' && arn.includes('/')) return lastSegment(arn);
    return textIn(user, 'userName');
  }
  const name = textIn(user, 'userName');
  if (name !== '') return name;
  if (type === 'IAMUser' && arn.includes(':user/')) return lastSegment(arn);
  if (type === 'Role' && arn.includes(':role/')) return lastSegment(arn);
  return invokedBy;
}

/** The name under which somebody signs in at Identity Center, whose `userIdentity` has an id only. */
function typedName(record: JsonObject): string {
  const more = objectIn(record, 'additionalEventData');
  return textIn(more, 'AuthWorkflowID') === '' ? '' : textIn(more, 'UserName') || textIn(more, 'userName');
}

/** Identity Center puts the account's number into `principalId` and the person into `onBehalfOf`. */
function idOf(user: JsonObject, type: string, principalId: string, account: string): string {
  if (principalId === 'ANONYMOUS_PRINCIPAL') return '';
  const person = textIn(objectIn(user, 'onBehalfOf'), 'userId');
  if (person !== '' && (principalId === '' || principalId === account)) return person;
  // Who called from another account is not told: the account did.
  return principalId === '' && type === 'AWSAccount' ? account : principalId;
}

/** Records of the sign-in page lack the ARN; that of a user in a path cannot be told and stays wrong. */
function arnOf(type: string, account: string, name: string, region: string): string {
  if (account === '' || name === '') return '';
  if (type === 'IAMUser') return `arn:${partitionOf(region)}:iam::${account}:user/${name}`;
  return type === 'Root' ? `arn:${partitionOf(region)}:iam::${account}:root` : '';
}

/** Whether the request was made with credentials that were themselves issued, not with a long-term key or password. */
export function isInSession(identity: Identity): boolean {
  return (
    identity.creationDate !== '' ||
    identity.type === 'AssumedRole' ||
    identity.type === 'FederatedUser' ||
    identity.accessKeyId.startsWith('ASIA') ||
    identity.principalId.startsWith('AROA')
  );
}
