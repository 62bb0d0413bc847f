import type { Chance } from '../chance.js';
import type { Person, Seat } from '../people.js';
import { MINUTE, SECOND } from '../time.js';
import type { Change, Session, Teller, Told } from '../told.js';
import { type Issue, issued } from './cloudtrail-issue.js';
import { type CloudSession, contextOf, entry, type Principal, temporaryKey } from './cloudtrail-record.js';

export type { Issue } from './cloudtrail-issue.js';
export type { CloudSession, Principal } from './cloudtrail-record.js';

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

/** AWS CloudTrail's management records, by the user guide's record contents. */
export interface CloudTeller extends Teller {
  session(person: Person, at: number, application?: string): CloudSession;
  /** A call by a session, of a named service and name or any read. */
  call(
    session: Session,
    seat: Seat,
    at: number,
    call?: readonly [service: string, name: string],
    more?: object,
  ): readonly Told[];
  /** A person's own long-term access key. */
  longTermKey(person: Person): Principal;
  callBy(
    principal: Principal,
    seat: Seat,
    at: number,
    call?: readonly [service: string, name: string],
    more?: object,
  ): readonly Told[];
  /** Temporary credentials asked for by a long-term key or a session; the issue and the session that came of it. */
  issue(
    by: Principal | CloudSession,
    how: Issue,
    seat: Seat | undefined,
    at: number,
  ): { session: CloudSession; told: readonly Told[] };
}

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
          ...(uses && {
            MFAIdentifier: `arn:aws:iam::${cloud.account}:${proof === 'phishing-resistant' ? 'u2f/user' : 'mfa'}/${cloud.person.login}`,
          }),
        },
      });
      return uses
        ? [event('CheckMfa', at - 20 * SECOND, { responseElements: { CheckMfa: 'Success' } }), login]
        : [login];
    },
    use: (session, seat, at) => teller.call(session, seat, at),
    call(given, seat, at, call = chance.oneOf(READS), more = {}) {
      const session = given as CloudSession;
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
    refresh: (session, seat, at) => teller.call(session, seat, at),
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
    change: (session, seat, at, what) => teller.call(session, seat, at, CHANGES[what], { readOnly: false }),
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

/** The name of a person among the users of an account. */
const shortName = (person: Person): string => person.login.slice(0, person.login.indexOf('@'));

function userIdentity(person: Person, account: string) {
  const userName = shortName(person);
  return {
    type: 'IAMUser',
    principalId: person.id,
    arn: `arn:aws:iam::${account}:user/${userName}`,
    accountId: account,
    userName,
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
      more: {
        eventType: 'AwsConsoleSignIn',
        errorMessage: 'Failed authentication',
        responseElements: { [name]: 'Failure' },
      },
    }),
  ];
}
