import type { Chance } from '../chance.js';
import type { Person, Seat } from '../people.js';
import { isoSecond, MINUTE, SECOND } from '../time.js';
import type { Change, Session, Teller, Told } from '../told.js';

/** The two accounts of the company. */
export const PRODUCTION = '111122223333';
export const SANDBOX = '444455556666';

const READS: readonly (readonly [service: string, name: string])[] = [
  ['ec2.amazonaws.com', 'DescribeInstances'],
  ['s3.amazonaws.com', 'ListBuckets'],
  ['lambda.amazonaws.com', 'ListFunctions20150331'],
  ['iam.amazonaws.com', 'ListUsers'],
  ['logs.amazonaws.com', 'DescribeLogGroups'],
  ['secretsmanager.amazonaws.com', 'ListSecrets'],
];

const REGIONS = ['eu-central-1', 'us-east-1', 'eu-west-1'];
/** Where the sign-ins of the global console are recorded. */
const SIGN_IN_REGION = 'us-east-2';

/** A session at AWS: whose records name who made it and when. */
export interface CloudSession extends Session {
  readonly account: string;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly mfa: boolean;
  readonly kind: 'console' | 'cli' | 'role';
  /** Access keys: the console takes a dozen, others one. */
  readonly keys: readonly string[];
}

/** Whose calls they are: a person by a long-term key, a machine by its role. */
export interface Principal {
  readonly who: string;
  readonly account: string;
  readonly identity: Readonly<Record<string, unknown>>;
}

/** AWS CloudTrail's management records, by the user guide's record contents. */
export interface CloudTeller extends Teller {
  session(person: Person, at: number, application?: string): CloudSession;
  /** A call by a session, of a named service and name or any read. */
  call(session: CloudSession, seat: Seat, at: number, call?: readonly [service: string, name: string], more?: object): readonly Told[];
  /** A person's own long-term access key. */
  longTermKey(person: Person): Principal;
  callBy(principal: Principal, seat: Seat, at: number, call?: readonly [service: string, name: string], more?: object): readonly Told[];
  /** Temporary credentials asked for by a long-term key or a session; the issue and the session that came of it. */
  issue(by: Principal | CloudSession, how: Issue, seat: Seat | undefined, at: number): { session: CloudSession; told: readonly Told[] };
}

export type Issue =
  | { readonly name: 'GetSessionToken'; readonly mfa?: boolean }
  | { readonly name: 'GetFederationToken' }
  | { readonly name: 'AssumeRole'; readonly role: string; readonly as: string; readonly service?: string }
  | { readonly name: 'AssumeRoleWithSAML'; readonly role: string; readonly person: Person }
  | { readonly name: 'AssumeRoleWithWebIdentity'; readonly role: string; readonly as: string };

export function cloudTeller(chance: Chance): CloudTeller {
  const teller: CloudTeller = {
    session: (person, at, account = PRODUCTION) => ({
      person,
      id: person.id,
      createdAt: Math.floor(at / SECOND) * SECOND,
      application: account,
      account,
      identity: userIdentity(person, account),
      mfa: person.factor !== 'password',
      kind: 'console',
      keys: Array.from({ length: 6 }, () => temporaryKey(chance)),
    }),
    signIn(session, seat, at, proof) {
      const cloud = session as CloudSession;
      const uses = proof === 'push' || proof === 'totp' || proof === 'phishing-resistant';
      const event = (name: string, time: number, more: object) =>
        entry(chance, {
          who: cloud.person.login,
          at: time,
          service: 'signin.amazonaws.com',
          name,
          account: cloud.account,
          region: SIGN_IN_REGION,
          identity: cloud.identity,
          seat,
          more: { eventType: 'AwsConsoleSignIn', ...more },
        });
      const login = event('ConsoleLogin', cloud.createdAt, {
        responseElements: { ConsoleLogin: 'Success' },
        additionalEventData: {
          MobileVersion: 'No',
          MFAUsed: uses ? 'Yes' : 'No',
          ...(uses && { MFAIdentifier: `arn:aws:iam::${cloud.account}:${proof === 'phishing-resistant' ? 'u2f/user' : 'mfa'}/${cloud.person.login}` }),
        },
      });
      return uses ? [event('CheckMfa', at - 20 * SECOND, { responseElements: { CheckMfa: 'Success' } }), login] : [login];
    },
    use: (session, seat, at) => teller.call(session as CloudSession, seat, at),
    call(session, seat, at, call = chance.oneOf(READS), more = {}) {
      const key = session.keys[Math.floor((at - session.createdAt) / (15 * MINUTE)) % session.keys.length];
      return [
        entry(chance, {
          who: session.person.login,
          at,
          service: call[0],
          name: call[1],
          account: session.account,
          region: regionOf(call[0], chance),
          identity: { ...session.identity, accessKeyId: key, sessionContext: contextOf(session) },
          seat,
          more: { ...(session.kind === 'console' && { sessionCredentialFromConsole: 'true' }), ...more },
        }),
      ];
    },
    refresh: (session, seat, at) => teller.call(session as CloudSession, seat, at),
    logOut: (session, seat, at) => {
      const cloud = session as CloudSession;
      return [
        entry(chance, {
          who: cloud.person.login,
          at,
          service: 'signin.amazonaws.com',
          name: 'Logout',
          account: cloud.account,
          region: SIGN_IN_REGION,
          identity: { ...cloud.identity, sessionContext: contextOf(cloud) },
          seat,
          more: { eventType: 'AwsConsoleSignIn', responseElements: { Logout: 'Success' } },
        }),
      ];
    },
    // AWS has no event that ends sessions: a policy that denies older ones is an administrator's change.
    revoke: () => [],
    refuse: (person, seat, at) => refused(chance, person, seat, at, 'CheckMfa'),
    fail: (person, seat, at) => refused(chance, person, seat, at, 'ConsoleLogin'),
    change: (session, seat, at, what) => teller.call(session as CloudSession, seat, at, CHANGES[what], { readOnly: false }),
    longTermKey: (person) => ({
      who: person.login,
      account: PRODUCTION,
      identity: { ...userIdentity(person, PRODUCTION), accessKeyId: `AKIA${person.id.slice(4, 20)}` },
    }),
    callBy: (principal, seat, at, call = chance.oneOf(READS), more = {}) => [
      entry(chance, {
        who: principal.who,
        at,
        service: call[0],
        name: call[1],
        account: principal.account,
        region: regionOf(call[0], chance),
        identity: principal.identity,
        seat,
        more,
      }),
    ],
    issue: (by, how, seat, at) => issued(chance, by, how, seat, at),
  };
  return teller;
}

const CHANGES: Readonly<Record<Change, readonly [string, string]>> = {
  factor: ['iam.amazonaws.com', 'EnableMFADevice'],
  consent: ['iam.amazonaws.com', 'AttachUserPolicy'],
  credential: ['iam.amazonaws.com', 'CreateAccessKey'],
};

function temporaryKey(chance: Chance): string {
  return `ASIA${chance.hex(16).toUpperCase()}`;
}

/** The name of a person among the users of an account. */
const shortName = (person: Person): string => person.login.slice(0, person.login.indexOf('@'));

function userIdentity(person: Person, account: string) {
  const userName = shortName(person);
  return { type: 'IAMUser', principalId: person.id, arn: `arn:aws:iam::${account}:user/${userName}`, accountId: account, userName };
}

function contextOf({ createdAt, mfa, identity }: CloudSession) {
  const { issuer } = identity as { issuer?: object };
  return {
    ...(issuer && { sessionIssuer: issuer }),
    attributes: { creationDate: isoSecond(createdAt), mfaAuthenticated: String(mfa) },
  };
}

function regionOf(service: string, chance: Chance): string {
  return service === 'iam.amazonaws.com' ? 'us-east-1' : chance.oneOf(REGIONS);
}

function refused(chance: Chance, person: Person, seat: Seat, at: number, name: string): readonly Told[] {
  return [
    entry(chance, {
      who: person.login,
      at,
      service: 'signin.amazonaws.com',
      name,
      account: PRODUCTION,
      region: SIGN_IN_REGION,
      identity: { type: 'IAMUser', accountId: PRODUCTION, userName: shortName(person) },
      seat,
      more: { eventType: 'AwsConsoleSignIn', errorMessage: 'Failed authentication', responseElements: { [name]: 'Failure' } },
    }),
  ];
}

/** A role's session as the records of its calls show it. */
function roleIdentity(account: string, role: string, roleId: string, as: string) {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${as}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${as}`,
    accountId: account,
    issuer: { type: 'Role', principalId: roleId, arn: `arn:aws:iam::${account}:role/${role}`, accountId: account, userName: role },
  };
}

/** The id of a role, the same each time. */
function roleIdOf(role: string): string {
  return `AROA${Buffer.from(role.padEnd(9, '-')).toString('hex').toUpperCase().slice(0, 17)}`;
}

function issued(chance: Chance, by: Principal | CloudSession, how: Issue, seat: Seat | undefined, at: number) {
  const createdAt = Math.floor(at / SECOND) * SECOND;
  const { account } = by;
  const who = 'who' in by ? by.who : by.person.login;
  const person = 'person' in by ? by.person : ({ login: by.who } as Person);
  const key = temporaryKey(chance);
  const identity = identityOf(how, by);
  const requester =
    how.name === 'AssumeRoleWithSAML'
      ? { type: 'SAMLUser', principalId: `okta-provider:${how.person.login}`, userName: how.person.login, identityProvider: 'okta-provider' }
      : how.name === 'AssumeRoleWithWebIdentity'
        ? { type: 'WebIdentityUser', principalId: `forge:${how.as}`, userName: how.as, identityProvider: 'forge' }
        : 'service' in how && how.service !== undefined
          ? { type: 'AWSService', invokedBy: how.service }
          : { ...by.identity, ...('keys' in by && { accessKeyId: by.keys[0], sessionContext: contextOf(by) }) };
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
      ...('service' in how && how.service !== undefined && { sourceIPAddress: how.service, userAgent: how.service }),
      requestParameters: requestOf(how, account),
      responseElements: {
        credentials: { accessKeyId: key, sessionToken: 'hidden', expiration: isoSecond(createdAt + 3600 * SECOND) },
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
      return { type: 'FederatedUser', principalId: `${account}:${name}`, arn: `arn:aws:sts::${account}:federated-user/${name}`, accountId: account };
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
      return { durationSeconds: 3600, ...(how.mfa && { serialNumber: `arn:aws:iam::${account}:mfa/device` }) };
    case 'GetFederationToken':
      return { durationSeconds: 3600, name: 'worker' };
    case 'AssumeRoleWithSAML':
      return { roleArn: `arn:aws:iam::${account}:role/${how.role}`, principalArn: `arn:aws:iam::${account}:saml-provider/okta`, roleSessionName: how.person.login };
    default:
      return { roleArn: `arn:aws:iam::${account}:role/${how.role}`, roleSessionName: how.as };
  }
}

interface Entry {
  readonly who: string;
  readonly at: number;
  readonly service: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly seat: Seat | undefined;
  readonly more?: object;
}

function entry(chance: Chance, { who, at, service, name, account, region, identity, seat, more }: Entry): Told {
  const { issuer: _, ...userIdentity } = identity;
  const body = {
    eventVersion: '1.11',
    userIdentity,
    eventTime: isoSecond(at),
    eventSource: service,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: seat?.address ?? 'AWS Internal',
    userAgent: seat?.userAgent ?? 'AWS Internal',
    requestParameters: null,
    responseElements: null,
    requestID: chance.uuid(),
    eventID: chance.uuid(),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...more,
  };
  return { at, stream: 'cloudtrail', who, body: JSON.stringify(body) };
}
