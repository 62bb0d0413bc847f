import type { Chance } from '../chance.js';
import type { Person, Seat } from '../people.js';
import { isoSecond, SECOND } from '../time.js';
import { type CloudSession, contextOf, entry, type Principal, temporaryKey } from './cloudtrail-record.js';

/** How temporary credentials are asked for. */
export type Issue =
  | { readonly name: 'GetSessionToken'; readonly mfa?: boolean }
  | { readonly name: 'GetFederationToken' }
  | { readonly name: 'AssumeRole'; readonly role: string; readonly as: string; readonly service?: string }
  | { readonly name: 'AssumeRoleWithSAML'; readonly role: string; readonly person: Person }
  | { readonly name: 'AssumeRoleWithWebIdentity'; readonly role: string; readonly as: string };

/** A role's session as the records of its calls show it. */
function roleIdentity(account: string, role: string, roleId: string, as: string) {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${as}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${as}`,
    accountId: account,
    issuer: {
      type: 'Role',
      principalId: roleId,
      arn: `arn:aws:iam::${account}:role/${role}`,
      accountId: account,
      userName: role,
    },
  };
}

/** The id of a role, the same each time. */
function roleIdOf(role: string): string {
  return `AROA${Buffer.from(role.padEnd(9, '-')).toString('hex').toUpperCase().slice(0, 17)}`;
}

/** The issue, and the session that came of it. */
export function issued(
  chance: Chance,
  by: Principal | CloudSession,
  how: Issue,
  seat: Seat | undefined,
  at: number,
) {
  const createdAt = Math.floor(at / SECOND) * SECOND;
  const { account } = by;
  const who = 'who' in by ? by.who : by.person.login;
  const person = 'person' in by ? by.person : ({ login: by.who } as Person);
  const key = temporaryKey(chance);
  const identity = identityOf(how, by);
  const requester =
    how.name === 'AssumeRoleWithSAML'
      ? {
          type: 'SAMLUser',
          principalId: `okta-provider:${how.person.login}`,
          userName: how.person.login,
          identityProvider: 'okta-provider',
        }
      : how.name === 'AssumeRoleWithWebIdentity'
        ? {
            type: 'WebIdentityUser',
            principalId: `forge:${how.as}`,
            userName: how.as,
            identityProvider: 'forge',
          }
        : 'service' in how && how.service !== undefined
          ? { type: 'AWSService', invokedBy: how.service }
          : {
              ...by.identity,
              ...('keys' in by && { accessKeyId: by.keys[0], sessionContext: contextOf(by) }),
            };
  const session: CloudSession = {
    person: how.name === 'AssumeRoleWithSAML' ? how.person : person,
    id: String(identity['principalId']),
    createdAt,
    application: account,
    account,
    identity,
    mfa: how.name === 'GetSessionToken' && how.mfa === true,
    kind: how.name === 'GetSessionToken' || how.name === 'GetFederationToken' ? 'cli' : 'role',
    keys: [key],
  };
  const told = entry(chance, {
    who: session.person.login || who,
    at: createdAt,
    service: 'sts.amazonaws.com',
    name: how.name,
    account,
    region: 'us-east-1',
    identity: requester,
    seat,
    more: {
      ...('service' in how &&
        how.service !== undefined && { sourceIPAddress: how.service, userAgent: how.service }),
      requestParameters: requestOf(how, account),
      responseElements: {
        credentials: {
          accessKeyId: key,
          sessionToken: 'hidden',
          expiration: isoSecond(createdAt + 3600 * SECOND),
        },
        ...('role' in how && {
          assumedRoleUser: { assumedRoleId: identity['principalId'], arn: identity['arn'] },
        }),
        ...(how.name === 'GetFederationToken' && {
          federatedUser: { federatedUserId: identity['principalId'], arn: identity['arn'] },
        }),
      },
    },
  });
  return { session, told: [told] };
}

function identityOf(how: Issue, by: Principal | CloudSession): Readonly<Record<string, unknown>> {
  const { account } = by;
  switch (how.name) {
    case 'GetSessionToken': {
      const { accessKeyId: _, ...identity } = by.identity;
      return identity;
    }
    case 'GetFederationToken': {
      const name = String(by.identity['userName']);
      return {
        type: 'FederatedUser',
        principalId: `${account}:${name}`,
        arn: `arn:aws:sts::${account}:federated-user/${name}`,
        accountId: account,
      };
    }
    case 'AssumeRoleWithSAML':
      return roleIdentity(account, how.role, roleIdOf(how.role), how.person.login);
    default:
      return roleIdentity(account, how.role, roleIdOf(how.role), how.as);
  }
}

function requestOf(how: Issue, account: string): object {
  switch (how.name) {
    case 'GetSessionToken':
      return {
        durationSeconds: 3600,
        ...(how.mfa && { serialNumber: `arn:aws:iam::${account}:mfa/device` }),
      };
    case 'GetFederationToken':
      return { durationSeconds: 3600, name: 'worker' };
    case 'AssumeRoleWithSAML':
      return {
        roleArn: `arn:aws:iam::${account}:role/${how.role}`,
        principalArn: `arn:aws:iam::${account}:saml-provider/okta`,
        roleSessionName: how.person.login,
      };
    default:
      return { roleArn: `arn:aws:iam::${account}:role/${how.role}`, roleSessionName: how.as };
  }
}
