import { HOUR, MINUTE, SECOND } from './calendar.js';
import { assumedRole, iamUser, roleArn, userArn } from './cloud-identities.js';
import {
  ACCOUNT,
  apiCall,
  type Call,
  type CloudTrailRecord,
  type Identity,
  signInPage,
} from './cloudtrail-records.js';
import type { Diary } from './diary.js';
import type { Desk } from './people.js';
import type { Chance } from './random.js';

/** The console fetches a new temporary key for a service when the one before has grown old. */
const KEY_LIFE = 4 * HOUR;

/** A piece of work in the AWS console. */
export interface ConsoleVisit {
  readonly login: string;
  readonly desk: Desk;
  readonly subnet?: number;
  /** When the sign-in page let them in: a whole second, for it is also the session's creation date. */
  readonly signedInAt: number;
  /** Where AWS records the log-in, which need not be where the work is done. */
  readonly signInRegion: string;
  readonly region: string;
  /** When each thing was done; the calls are drawn from `calls`. */
  readonly doneAt: readonly number[];
  readonly calls: readonly Call[];
}

/** A log-in with MFA and what was done in the session: under a temporary key for each service that was visited. */
export function consoleVisit(diary: Diary<CloudTrailRecord>, chance: Chance, visit: ConsoleVisit): void {
  const { login, desk, subnet, signedInAt, signInRegion } = visit;
  const identity = iamUser(login);
  const where = subnet === undefined ? {} : { subnet };
  diary.write(
    signedInAt,
    signInPage(
      chance,
      { at: signedInAt, region: signInRegion, identity, origin: desk, ...where },
      'ConsoleLogin',
      {
        LoginTo: 'https://console.aws.amazon.com/console/home?nc2=h_ct&src=header-signin',
        MobileVersion: 'No',
        MFAIdentifier: `arn:aws:iam::${ACCOUNT}:mfa/${login}`,
        MFAUsed: 'Yes',
      },
    ),
  );
  consoleWork(diary, chance, visit, (accessKeyId) =>
    iamUser(login, accessKeyId, { createdAt: signedInAt, mfa: true }),
  );
}

/** A change of role in the console: a session of its own, which the change vouches for. */
export function switchedRole(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  visit: ConsoleVisit & { role: string },
): void {
  const { login, role, desk, signedInAt, signInRegion } = visit;
  diary.write(
    signedInAt,
    signInPage(
      chance,
      { at: signedInAt, region: signInRegion, identity: assumedRole(role, login), origin: desk },
      'SwitchRole',
      { SwitchFrom: userArn(login), SwitchTo: roleArn(role), RedirectTo: 'https://console.aws.amazon.com/' },
    ),
  );
  consoleWork(diary, chance, visit, (accessKeyId) =>
    assumedRole(role, login, accessKeyId, { createdAt: signedInAt, mfa: true }),
  );
}

/** Calls of a console session. `identify` says who makes a call that uses the given temporary key. */
export function consoleWork(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  work: Pick<ConsoleVisit, 'desk' | 'subnet' | 'region' | 'doneAt' | 'calls'>,
  identify: (accessKeyId: string) => Identity,
): void {
  const keys = new Map<string, string>();
  const where = work.subnet === undefined ? {} : { subnet: work.subnet };
  for (const at of work.doneAt) {
    const call = chance.pick(work.calls);
    const use = `${call.service} ${Math.floor(at / KEY_LIFE)}`;
    const key = keys.get(use) ?? chance.awsId('ASIA');
    keys.set(use, key);
    const origin = call.reads && chance.happens(0.08) ? 'AWS Internal' : work.desk;
    const circumstances = { at, region: work.region, identity: identify(key), origin, ...where };
    diary.write(at, apiCall(chance, circumstances, call, { more: { sessionCredentialFromConsole: 'true' } }));
  }
}

/** Moments of work: the first within seconds of `from`, then in bursts with pauses, until `until` at the latest. */
export function moments(chance: Chance, from: number, until: number, count: number): number[] {
  const first = from + chance.between(2, 9) * SECOND;
  const pause = Math.max(MINUTE, (until - first) / count);
  const found: number[] = [];
  let at = first;
  while (found.length < count && at <= until) {
    found.push(at);
    at += chance.happens(0.55) ? chance.between(2, 40) * SECOND : Math.round(pause * (0.6 + chance.next()));
  }
  return found;
}
