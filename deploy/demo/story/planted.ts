import { type ApplicationEntry, access, newSession } from './application-records.js';
import { DAY, HOUR, MINUTE, SECOND, STORY_END, wholeSecond } from './calendar.js';
import { reads, writes } from './calls.js';
import { CLIENTS } from './clients.js';
import { assumedRole, iamUser } from './cloud-identities.js';
import { apiCall, type Call, type CloudTrailRecord } from './cloudtrail-records.js';
import { consoleWork } from './console-session.js';
import type { Diary } from './diary.js';
import { NETWORKS, type Network } from './networks.js';
import { at as deskAt, PEOPLE } from './people.js';
import { chanceFor } from './random.js';

/** A planted attack, and what must be found of it. */
export interface Planted {
  readonly id: string;
  /** In one sentence, for the demo's table. */
  readonly what: string;
  readonly correlation: 'unvouched-access';
  readonly source: 'cloudtrail' | 'otel';
  /** The kind of session, in GraphQL's words. */
  readonly kind: 'BROWSER' | 'CONSOLE' | 'ROLE';
  /** Whose session it claims to be: the login name as the source writes it. */
  readonly user: string;
  /** First and last use in the time of the story. */
  readonly firstUse: string;
  readonly lastUse: string;
  readonly records: number;
  readonly operator: Network['operator'];
}

export interface Diaries {
  readonly cloud: Diary<CloudTrailRecord>;
  readonly applications: Diary<ApplicationEntry>;
}

/** The three attacks, on the last two days. All lack evidence: nobody signed in, nothing was issued. */
export function plantAttacks(diaries: Diaries): readonly Planted[] {
  return [
    consoleWithoutLogIn(diaries.cloud),
    forgedSession(diaries.applications),
    credentialNobodyIssued(diaries.cloud),
  ];
}

/** With the application's signing key, somebody made a session for a person who never signed in to it. */
function forgedSession(diary: Diary<ApplicationEntry>): Planted {
  const person = PEOPLE.claire;
  const chance = chanceFor('forged application session');
  const session = newSession(chance, 'payroll', person, 'none');
  const desk = deskAt(NETWORKS.droplet, 93, CLIENTS.pythonScript);
  const paths = ['/people', '/people/export', '/payslips/2026-06', '/runs/2026-07', '/bank-details/export'];
  const uses = paths.map((path, i) => ({
    path,
    at: STORY_END - 7 * HOUR + i * 13 * SECOND + chance.between(0, 999),
  }));
  for (const { path, at } of uses) {
    diary.write(at, access(chance, session, { at, desk }, { method: 'GET', path }));
  }
  return planted(
    'forged-application-session',
    'A payroll session that nobody signed in to, used by a script',
    {
      source: 'otel',
      kind: 'BROWSER',
      user: person.login,
      operator: NETWORKS.droplet.operator,
      uses: uses.map(({ at }) => at),
    },
  );
}

/** A console session whose log-in is nowhere, although everybody's log-ins are recorded. */
function consoleWithoutLogIn(diary: Diary<CloudTrailRecord>): Planted {
  const person = PEOPLE.tom;
  const chance = chanceFor('console session without log-in');
  const createdAt = wholeSecond(STORY_END - DAY - 2 * HOUR);
  const uses = Array.from(
    { length: 9 },
    (_, i) => createdAt + 6 * SECOND + i * chance.between(20, 80) * SECOND,
  );
  consoleWork(
    diary,
    chance,
    {
      desk: deskAt(NETWORKS.rentedServer, 201, CLIENTS.chromeOnLinux),
      region: 'eu-west-1',
      doneAt: uses,
      calls: [
        reads('s3', 'ListBuckets'),
        reads('secretsmanager', 'ListSecrets'),
        reads('ec2', 'DescribeInstances'),
        reads('rds', 'DescribeDBSnapshots'),
      ],
    },
    (accessKeyId) => iamUser(person.login, accessKeyId, { createdAt, mfa: false }),
  );
  return planted(
    'console-session-without-login',
    'A console session without any log-in, from a rented server',
    {
      source: 'cloudtrail',
      kind: 'CONSOLE',
      user: person.login,
      operator: NETWORKS.rentedServer.operator,
      uses,
    },
  );
}

/** A temporary credential of a role that no call to STS ever gave out. */
function credentialNobodyIssued(diary: Diary<CloudTrailRecord>): Planted {
  const person = PEOPLE.sofia;
  const role = 'PayrollDataReader';
  const chance = chanceFor('credential that nobody issued');
  const createdAt = wholeSecond(STORY_END - 3 * HOUR - 20 * MINUTE);
  const identity = assumedRole(role, person.login, chance.awsId('ASIA'), { createdAt, mfa: false });
  const origin = deskAt(NETWORKS.rootServer, 77, CLIENTS.commandLineOnLinux);
  const bucketName = 'larkfield-payroll-exports';
  const calls: readonly Call[] = [
    reads('sts', 'GetCallerIdentity'),
    reads('s3', 'ListBuckets'),
    reads('s3', 'GetBucketPolicy', { bucketName }),
    reads('rds', 'DescribeDBSnapshots'),
    writes('rds', 'ModifyDBSnapshotAttribute', { dBSnapshotIdentifier: 'payroll-2026-07-24' }),
  ];
  const uses = spaced(createdAt + 9 * SECOND, calls.length, () => chance.between(11, 30) * SECOND);
  for (const [i, call] of calls.entries()) {
    const at = uses[i] ?? createdAt;
    diary.write(at, apiCall(chance, { at, region: 'eu-central-1', identity, origin }, call));
  }
  return planted('credential-nobody-issued', 'A temporary credential of a role that nobody issued', {
    source: 'cloudtrail',
    kind: 'ROLE',
    user: person.login,
    operator: NETWORKS.rootServer.operator,
    uses,
  });
}

/** Moments from `first` on, each as much later as `pause` says. */
function spaced(first: number, count: number, pause: () => number): number[] {
  const moments = [first];
  while (moments.length < count) moments.push((moments.at(-1) ?? first) + pause());
  return moments;
}

function planted(
  id: string,
  what: string,
  about: Pick<Planted, 'source' | 'kind' | 'user' | 'operator'> & { uses: readonly number[] },
): Planted {
  const { uses, ...rest } = about;
  const firstUse = new Date(Math.min(...uses)).toISOString();
  const lastUse = new Date(Math.max(...uses)).toISOString();
  return { id, what, correlation: 'unvouched-access', ...rest, firstUse, lastUse, records: uses.length };
}
