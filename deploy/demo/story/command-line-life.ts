import { atLocalHour, HOUR, MINUTE, SECOND, STORY_DAYS, type StoryDay, wholeSecond } from './calendar.js';
import { DELIVERY_CALLS, PROMPT_CALLS, writes } from './calls.js';
import { CLIENTS } from './clients.js';
import { assumedRole, iamUser, longTermKey } from './cloud-identities.js';
import { apiCall, type CloudTrailRecord } from './cloudtrail-records.js';
import { moments } from './console-session.js';
import type { Diary } from './diary.js';
import { NETWORKS } from './networks.js';
import { type Desk, at as deskAt, PEOPLE, type Person } from './people.js';
import { subnetOf } from './places.js';
import { type Chance, chanceFor } from './random.js';
import { assumeRole, getSessionToken } from './token-issues.js';

const { commandLineOnLinux, commandLineOnMac, terraform } = CLIENTS;

/** Who asks STS for a session of their own, with MFA. */
const SESSION_PEOPLE = [
  { person: PEOPLE.jonas, userAgent: commandLineOnLinux },
  { person: PEOPLE.kenji, userAgent: commandLineOnMac },
  { person: PEOPLE.amara, userAgent: commandLineOnMac },
  { person: PEOPLE.sofia, userAgent: commandLineOnMac },
];

/** Who works in a role. */
const ROLE_PEOPLE = [
  { person: PEOPLE.amara, role: 'Deployer', userAgent: commandLineOnMac },
  { person: PEOPLE.kenji, role: 'Deployer', userAgent: terraform },
  { person: PEOPLE.sofia, role: 'PayrollDataReader', userAgent: commandLineOnMac },
  { person: PEOPLE.priya, role: 'DatabaseOperator', userAgent: commandLineOnLinux },
];

/** People at a prompt: long-term keys, the temporary keys that STS gives them, and the roles that they take on. */
export function liveAtThePrompt(diary: Diary<CloudTrailRecord>): void {
  for (const { person, userAgent } of SESSION_PEOPLE) {
    const chance = chanceFor(`own sessions of ${person.login}`);
    for (const day of STORY_DAYS) {
      if (day.weekend || !chance.happens(0.7)) continue;
      ownSession(diary, chance, { ...person.desk, userAgent }, person, day);
    }
  }
  for (const { person, role, userAgent } of ROLE_PEOPLE) {
    const chance = chanceFor(`${role} of ${person.login}`);
    for (const day of STORY_DAYS) {
      if (day.weekend || !chance.happens(0.75)) continue;
      roleSession(diary, chance, { ...person.desk, userAgent }, person, role, day);
    }
  }
  deliver(diary);
}

function ownSession(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  desk: Desk,
  person: Person,
  day: StoryDay,
): void {
  const at = wholeSecond(atLocalHour(day, 9 + chance.next() * 6, person.utcOffset));
  const from = { at, region: 'us-east-1', origin: desk, subnet: subnetOf(day) };
  const accessKeyId = getSessionToken(diary, chance, person.login, from);
  const identity = iamUser(person.login, accessKeyId, { createdAt: at, mfa: true });
  for (const doneAt of moments(chance, at, at + 3 * HOUR, chance.between(4, 7))) {
    const circumstances = { ...from, at: doneAt, region: 'eu-central-1', identity };
    diary.write(doneAt, apiCall(chance, circumstances, chance.pick(PROMPT_CALLS)));
  }
}

function roleSession(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  desk: Desk,
  person: Person,
  role: string,
  day: StoryDay,
): void {
  const at = wholeSecond(atLocalHour(day, 9.5 + chance.next() * 6.5, person.utcOffset));
  const region = 'eu-central-1';
  const from = { at, region, origin: desk };
  const user = iamUser(person.login, longTermKey(person.login));
  const accessKeyId = assumeRole(diary, chance, role, person.login, { ...from, identity: user });
  const identity = assumedRole(role, person.login, accessKeyId, { createdAt: at, mfa: false });
  for (const doneAt of moments(chance, at, at + HOUR, chance.between(4, 7))) {
    diary.write(doneAt, apiCall(chance, { ...from, at: doneAt, identity }, chance.pick(PROMPT_CALLS)));
  }
  if (role === 'Deployer')
    updateStack(diary, chance, desk, accessKeyId, { login: person.login, createdAt: at });
}

/** CloudFormation acts in the session of whoever updates a stack; its name stands where an address would. */
function updateStack(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  desk: Desk,
  accessKeyId: string,
  session: { login: string; createdAt: number },
): void {
  const at = session.createdAt + 25 * MINUTE;
  const identity = assumedRole('Deployer', session.login, accessKeyId, { ...session, mfa: false });
  const byHand = { at, region: 'eu-central-1', identity, origin: desk };
  diary.write(at, apiCall(chance, byHand, writes('cloudformation', 'UpdateStack', { stackName: 'payroll' })));
  const invokedBy = 'cloudformation.amazonaws.com';
  const onBehalf = {
    ...byHand,
    at: at + 8 * SECOND,
    identity: { ...identity, invokedBy },
    origin: invokedBy,
  };
  diary.write(
    onBehalf.at,
    apiCall(chance, onBehalf, writes('ecs', 'CreateService', { cluster: 'payroll', service: 'web' })),
  );
}

/** The delivery pipeline: a service account with long-term keys, whose runners are somewhere else each time. */
function deliver(diary: Diary<CloudTrailRecord>): void {
  const login = 'ci-deploy';
  const role = 'DeliveryPipeline';
  const chance = chanceFor(login);
  for (const day of STORY_DAYS) {
    const runs = day.weekend ? 0 : chance.between(1, 3);
    for (let run = 0; run < runs; run++) {
      const at = wholeSecond(atLocalHour(day, 9 + chance.next() * 8, 1));
      const network = chance.pick([NETWORKS.runnersEast, NETWORKS.runnersWest]);
      const runner = deskAt(network, chance.between(10, 250), CLIENTS.pythonSdk);
      const from = { at, region: 'eu-central-1', origin: runner };
      const identity = iamUser(login, longTermKey(login));
      const accessKeyId = assumeRole(diary, chance, role, login, { ...from, identity });
      const session = assumedRole(role, login, accessKeyId, { createdAt: at, mfa: false });
      let doneAt = at;
      for (const call of DELIVERY_CALLS) {
        doneAt += chance.between(2, 45) * SECOND;
        diary.write(doneAt, apiCall(chance, { ...from, at: doneAt, identity: session }, call));
      }
    }
  }
}
