import type { ApplicationEntry, Moment } from './application-records.js';
import { newSession, sessionStart, signIn } from './application-records.js';
import { begin, browse, pageTimes, visit } from './application-visit.js';
import {
  atLocalHour,
  HOUR,
  MINUTE,
  SECOND,
  STORY_DAYS,
  STORY_END,
  STORY_START,
  type StoryDay,
} from './calendar.js';
import { CLIENTS } from './clients.js';
import type { Diary } from './diary.js';
import { NETWORKS } from './networks.js';
import { type Desk, PEOPLE, type Person } from './people.js';
import { subnetOf } from './places.js';
import { type Chance, chanceFor } from './random.js';

/** What looks like an attack at the applications and is none: nothing may be raised for any of it. */
export function liveWithLookAlikes(diary: Diary<ApplicationEntry>): void {
  for (const person of [PEOPLE.arjun, PEOPLE.noah, PEOPLE.priya]) leaveTheHouseWithAPhone(diary, person);
  logLate(diary);
  keepSignedIn(diary);
  upgradeTheBrowser(diary);
  useBothInternetProtocols(diary);
  carryOnFromBeforeTheLogs(diary);
}

/** A session that begins in the Wi-Fi at home and goes on in the carrier's network. */
function leaveTheHouseWithAPhone(diary: Diary<ApplicationEntry>, person: Person): void {
  const { phone } = person;
  if (phone === undefined) return;
  const chance = chanceFor(`phone of ${person.login}`);
  for (const day of STORY_DAYS) {
    if (!chance.happens(day.weekend ? 0.25 : 0.4)) continue;
    const session = newSession(chance, 'payroll', person, 'phone');
    const wifi: Desk = { ...person.desk, userAgent: phone.userAgent };
    const at = atLocalHour(day, 7.2 + chance.next(), person.utcOffset) + chance.between(0, 999);
    const began = begin(diary, chance, session, { at, desk: wifi }, 'code');
    const desks = [wifi, wifi, phone, phone, wifi, phone];
    const moments = pageTimes(chance, began, desks.length).map((time, i) => ({
      at: time,
      desk: desks[i] ?? phone,
    }));
    browse(diary, chance, session, moments);
  }
}

/** A phone that sends its records when it has a signal: the sign-in arrives minutes after what it vouches for. */
function logLate(diary: Diary<ApplicationEntry>): void {
  const person = PEOPLE.oliver;
  const desk = person.phone;
  if (desk === undefined) return;
  const chance = chanceFor('a phone in the underground');
  for (const number of [2, 4, 7, 9]) {
    const at = atLocalHour(dayOf(number), 18 + chance.next(), person.utcOffset) + chance.between(0, 999);
    const session = newSession(chance, 'expenses', person, 'phone');
    const late = { desk, delay: chance.between(4, 9) * MINUTE };
    diary.write(at, signIn(chance, session, { ...late, at }, ['face', 'hwk']));
    diary.write(at + 700, sessionStart(chance, session, { ...late, at: at + 700 }));
    browse(
      diary,
      chance,
      session,
      pageTimes(chance, at + SECOND, 5).map((time) => ({ at: time, desk })),
    );
  }
}

/** One session over three days, across every midnight: "keep me signed in". */
function keepSignedIn(diary: Diary<ApplicationEntry>): void {
  const person = PEOPLE.sofia;
  const chance = chanceFor('keep me signed in');
  const session = newSession(chance, 'expenses', person, 'desk');
  const at = atLocalHour(dayOf(1), 10.4, person.utcOffset);
  begin(diary, chance, session, { at, desk: person.desk }, 'code');
  for (const number of [1, 2, 3]) {
    for (const hour of [11, 15.5, 22.9]) {
      const from = atLocalHour(dayOf(number), hour, person.utcOffset);
      browse(
        diary,
        chance,
        session,
        pageTimes(chance, from, 2).map((time) => ({ at: time, desk: person.desk })),
      );
    }
  }
}

/** The browser restarts into its next version and takes its cookies along. */
function upgradeTheBrowser(diary: Diary<ApplicationEntry>): void {
  const person = PEOPLE.claire;
  const chance = chanceFor('browser upgrade');
  const session = newSession(chance, 'expenses', person, 'desk');
  const at = atLocalHour(dayOf(8), 14.2, person.utcOffset);
  const began = begin(diary, chance, session, { at, desk: person.desk }, 'passkey');
  const upgraded = { ...person.desk, userAgent: CLIENTS.chromeOnMacUpgraded };
  const moments = pageTimes(chance, began, 8).map((time, i) => ({
    at: time,
    desk: i < 4 ? person.desk : upgraded,
  }));
  browse(diary, chance, session, moments);
}

/** A household with IPv4 and IPv6, between which the browser chooses anew for each connection; up to the story's end. */
function useBothInternetProtocols(diary: Diary<ApplicationEntry>): void {
  const person = PEOPLE.noah;
  const six: Desk = { ...person.desk, network: NETWORKS.denverHomeV6, host: 0x8f };
  for (const application of ['payroll', 'expenses'] as const) {
    const chance = chanceFor(`both protocols at ${application}`);
    for (const number of [3, 8, 10]) {
      const day = dayOf(number);
      const arrival = {
        at: atLocalHour(day, 9.6 + chance.next() / 2, person.utcOffset),
        desk: six,
        subnet: 0x5d10,
      };
      visit(diary, chance, newSession(chance, application, person, 'desk'), arrival, 'code', 6);
    }
    const session = newSession(chance, application, person, 'desk');
    const began = begin(diary, chance, session, { at: STORY_END - HOUR, desk: six, subnet: 0x5d10 }, 'code');
    for (let at = began + 20 * SECOND; at < STORY_END; at += chance.between(60, 200) * SECOND) {
      browse(diary, chance, session, [eitherProtocol(chance, at, person.desk, six)]);
    }
    browse(diary, chance, session, [eitherProtocol(chance, STORY_END - SECOND, person.desk, six)]);
  }
}

function eitherProtocol(chance: Chance, at: number, four: Desk, six: Desk): Moment {
  return chance.happens(0.5) ? { at, desk: four } : { at, desk: six, subnet: 0x5d10 };
}

/** A session whose sign-in lies before the first record. */
function carryOnFromBeforeTheLogs(diary: Diary<ApplicationEntry>): void {
  const person = PEOPLE.yuki;
  const chance = chanceFor('signed in last week');
  const session = newSession(chance, 'payroll', person, 'desk');
  for (const from of [STORY_START + 15 * MINUTE, STORY_START + 24 * HOUR]) {
    browse(
      diary,
      chance,
      session,
      pageTimes(chance, from, 5).map((at) => ({ at, desk: person.desk })),
    );
  }
  for (const day of STORY_DAYS.slice(2)) {
    if (day.weekend) continue;
    const at = atLocalHour(day, 9.5 + chance.next() * 7, person.utcOffset);
    const arrival = { at, desk: person.desk, subnet: subnetOf(day) };
    visit(
      diary,
      chance,
      newSession(chance, 'payroll', person, 'desk'),
      arrival,
      'code',
      chance.between(4, 8),
    );
  }
}

function dayOf(number: number): StoryDay {
  const day = STORY_DAYS[number];
  if (day === undefined) throw new RangeError(`The story has no day ${number}.`);
  return day;
}
