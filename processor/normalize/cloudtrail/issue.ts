import { type JsonObject, objectIn, textIn } from '../json-record.js';
import { type Issued, NOTHING_ISSUED } from '../normalized.js';
import { type Identity, partitionOf } from './identity.js';
import { sessionId } from './session.js';

/** Events that give out temporary credentials or a session, by service. */
const ISSUES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'sts.amazonaws.com',
    new Set([
      'AssumeRole',
      'AssumeRoleWithSAML',
      'AssumeRoleWithWebIdentity',
      'AssumeRoot',
      'GetSessionToken',
      'GetFederationToken',
    ]),
  ],
  ['signin.amazonaws.com', new Set(['GetSigninToken', 'SwitchRole', 'CreateOAuth2Token'])],
  // Identity Center issues from its own account: the role session shows up as AssumeRoleWithSAML in the other's.
  ['sso.amazonaws.com', new Set(['Federate', 'GetRoleCredentials', 'CreateToken', 'CreateTokenWithIAM'])],
  ['sso-oauth.amazonaws.com', new Set(['CreateToken', 'CreateTokenWithIAM'])],
]);

/** Whether an event of a service gives out credentials or a session when it succeeds. */
export function isIssue(eventSource: string, eventName: string): boolean {
  return ISSUES.get(eventSource)?.has(eventName) === true;
}

/** The service whose event of that name gives out credentials; '' if there is none, or more than one. */
export function issuerOf(eventName: string): string {
  const issuers = [...ISSUES.keys()].filter((source) => isIssue(source, eventName));
  return issuers.length === 1 ? (issuers[0] ?? '') : '';
}

/**
 * What a successful issue gave out. A session is `principalId|creationDate` like those on later records: its creation
 * is taken to be the event's time, and the principal, which needs no response elements, covers the second
 * by which the two may differ.
 */
export function readIssued(
  record: JsonObject,
  eventName: string,
  identity: Identity,
  eventTime: bigint | undefined,
): Issued {
  const request = objectIn(record, 'requestParameters');
  const response = objectIn(record, 'responseElements');
  const token = textIn(objectIn(response, 'credentials'), 'accessKeyId');
  const { principalId, arn } = principalOf(eventName, request, response, identity, record);
  if (token === '' && principalId === '' && arn === '') return NOTHING_ISSUED;
  return {
    tokens: token === '' ? [] : [token],
    sessions: principalId === '' || eventTime === undefined ? [] : [sessionId(principalId, eventTime)],
    principals: arn === '' ? [] : [arn],
  };
}

interface Principal {
  readonly principalId: string;
  readonly arn: string;
}

function principalOf(
  eventName: string,
  request: JsonObject,
  response: JsonObject,
  identity: Identity,
  record: JsonObject,
): Principal {
  switch (eventName) {
    case 'AssumeRole':
    case 'AssumeRoleWithSAML':
    case 'AssumeRoleWithWebIdentity': {
      const role = objectIn(response, 'assumedRoleUser');
      return { principalId: textIn(role, 'assumedRoleId'), arn: textIn(role, 'arn') || assumedArn(request) };
    }
    case 'GetFederationToken': {
      const user = objectIn(response, 'federatedUser');
      const name = textIn(request, 'name');
      if (name === '' || identity.account === '') {
        return { principalId: textIn(user, 'federatedUserId'), arn: textIn(user, 'arn') };
      }
      const partition = partitionOf(textIn(record, 'awsRegion'));
      return {
        principalId: textIn(user, 'federatedUserId') || `${identity.account}:${name}`,
        arn: textIn(user, 'arn') || `arn:${partition}:sts::${identity.account}:federated-user/${name}`,
      };
    }
    case 'AssumeRoot': {
      const account = /\d{12}/.exec(textIn(request, 'targetPrincipal'))?.[0] ?? '';
      if (account === '') return { principalId: '', arn: '' };
      const partition = partitionOf(textIn(record, 'awsRegion'));
      return { principalId: account, arn: `arn:${partition}:iam::${account}:root` };
    }
    case 'GetSessionToken':
    case 'GetSigninToken':
    case 'SwitchRole':
    case 'CreateOAuth2Token':
      return { principalId: identity.principalId, arn: identity.arn };
    default:
      return { principalId: '', arn: '' };
  }
}

/** `arn:aws:iam::1:role/path/ROLE` assumed as SESSION is `arn:aws:sts::1:assumed-role/ROLE/SESSION`, without the path. */
function assumedArn(request: JsonObject): string {
  const [, partition, , , account, role] = textIn(request, 'roleArn').split(':');
  const session = textIn(request, 'roleSessionName');
  if (!role?.startsWith('role/') || session === '') return '';
  return `arn:${partition}:sts::${account}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${session}`;
}
