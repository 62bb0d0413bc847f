import {
  atLocalHour,
  HOUR,
  MINUTE,
  STORY_DAYS,
  STORY_START,
  type StoryDay,
  wholeSecond,
} from './calendar.js';
import { CONSOLE_CALLS } from './calls.js';
import { iamUser } from './cloud-identities.js';
import type { CloudTrailRecord } from './cloudtrail-records.js';
import { consoleVisit, consoleWork, moments, switchedRole } from './console-session.js';
import type { Diary } from './diary.js';
import { PEOPLE, type Person } from './people.js';
import { deskOf, subnetOf } from './places.js';
import { type Chance, chanceFor } from './random.js';

/** Who works in the console, where AWS records their log-ins, and the region that they look at. */
const CONSOLE_PEOPLE = [
  { person: PEOPLE.marta, signInRegion: 'us-east-1', region: 'eu-central-1' },
  { person: PEOPLE.jonas, signInRegion: 'us-east-1', region: 'eu-central-1' },
  { person: PEOPLE.tom, signInRegion: 'us-east-1', region: 'eu-west-1' },
  { person: PEOPLE.oliver, signInRegion: 'eu-west-1', region: 'eu-west-1' },
  { person: PEOPLE.noah, signInRegion: 'us-east-2', region: 'us-east-1' },
  { person: PEOPLE.kenji, signInRegion: 'us-east-2', region: 'eu-central-1' },
  { person: PEOPLE.david, signInRegion: 'us-east-1', region: 'eu-west-1', role: 'BillingReader' },
  { person: PEOPLE.ingrid, signInRegion: 'us-east-1', region: 'eu-central-1', role: 'SecurityAuditor' },
] satisfies readonly { person: Person; signInRegion: string; region: string; role?: string }[];

/** People at work in the AWS console, from Monday to Friday, and whoever is on call at the weekend. */
export function liveInTheConsole(diary: Diary<CloudTrailRecord>): void {
  for (const colleague of CONSOLE_PEOPLE) {
    const { person } = colleague;
    const chance = chanceFor(`console of ${person.login}`);
    for (const day of STORY_DAYS) {
      if (!chance.happens(day.weekend ? 0.12 : 0.85)) continue;
      workADay(diary, chance, colleague, day);
    }
  }
  workThroughTheNight(diary);
  workSinceBeforeTheLogs(diary);
}

function workADay(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  {
    person,
    signInRegion,
    region,
    role,
  }: { person: Person; signInRegion: string; region: string; role?: string },
  day: StoryDay,
): void {
  const signedInAt = wholeSecond(atLocalHour(day, 8.4 + chance.next() * 1.6, person.utcOffset));
  const until = signedInAt + chance.between(3, 8) * HOUR;
  const visit = {
    login: person.login,
    desk: deskOf(person, chance),
    subnet: subnetOf(day),
    signedInAt,
    signInRegion,
    region,
    calls: CONSOLE_CALLS,
  };
  consoleVisit(diary, chance, { ...visit, doneAt: moments(chance, signedInAt, until, chance.between(5, 8)) });
  if (role === undefined) return;
  const switchedAt = wholeSecond(signedInAt + chance.between(10, 40) * MINUTE);
  const doneAt = moments(chance, switchedAt, switchedAt + HOUR, chance.between(4, 6));
  switchedRole(diary, chance, { ...visit, signedInAt: switchedAt, role, doneAt });
}

/** An incident on Tuesday evening: one console session of eleven hours, across midnight, with a dozen keys. */
function workThroughTheNight(diary: Diary<CloudTrailRecord>): void {
  const chance = chanceFor('night shift');
  const [, , , , , , , , tuesday] = STORY_DAYS;
  if (tuesday === undefined) return;
  const signedInAt = wholeSecond(atLocalHour(tuesday, 20.2, PEOPLE.jonas.utcOffset));
  consoleVisit(diary, chance, {
    login: PEOPLE.jonas.login,
    desk: PEOPLE.jonas.desk,
    subnet: subnetOf(tuesday),
    signedInAt,
    signInRegion: 'us-east-1',
    region: 'eu-central-1',
    doneAt: moments(chance, signedInAt, signedInAt + 11 * HOUR, 34),
    calls: CONSOLE_CALLS,
  });
}

/** A console session that began before the first record: its log-in cannot be in the logs. */
function workSinceBeforeTheLogs(diary: Diary<CloudTrailRecord>): void {
  const chance = chanceFor('before the logs');
  const createdAt = STORY_START - 2 * HOUR;
  consoleWork(
    diary,
    chance,
    {
      desk: PEOPLE.kenji.desk,
      region: 'eu-central-1',
      doneAt: moments(chance, STORY_START + 20 * MINUTE, STORY_START + 3 * HOUR, 6),
      calls: CONSOLE_CALLS,
    },
    (accessKeyId) => iamUser(PEOPLE.kenji.login, accessKeyId, { createdAt, mfa: true }),
  );
}
