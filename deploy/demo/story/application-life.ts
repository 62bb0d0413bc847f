import type { ApplicationEntry, ApplicationName } from './application-records.js';
import { newSession } from './application-records.js';
import { type Proof, visit } from './application-visit.js';
import { atLocalHour, STORY_DAYS } from './calendar.js';
import type { Diary } from './diary.js';
import { PEOPLE, type Person } from './people.js';
import { deskOf, subnetOf } from './places.js';
import { chanceFor } from './random.js';

interface Habit {
  readonly person: Person;
  readonly application: ApplicationName;
  /** Chance of a visit on a working day. */
  readonly often: number;
  readonly proof: Proof;
}

const HABITS: readonly Habit[] = [
  { person: PEOPLE.hanna, application: 'payroll', often: 0.95, proof: 'remembered device' },
  { person: PEOPLE.claire, application: 'payroll', often: 0.9, proof: 'code' },
  { person: PEOPLE.oliver, application: 'payroll', often: 0.7, proof: 'passkey' },
  { person: PEOPLE.marta, application: 'payroll', often: 0.6, proof: 'code' },
  { person: PEOPLE.priya, application: 'payroll', often: 0.6, proof: 'code' },
  { person: PEOPLE.lucia, application: 'payroll', often: 0.8, proof: 'code' },
  { person: PEOPLE.arjun, application: 'payroll', often: 0.7, proof: 'passkey' },
  { person: PEOPLE.noah, application: 'payroll', often: 0.6, proof: 'code' },
  { person: PEOPLE.ingrid, application: 'payroll', often: 0.4, proof: 'passkey' },
  { person: PEOPLE.tom, application: 'expenses', often: 0.5, proof: 'code' },
  { person: PEOPLE.david, application: 'expenses', often: 0.6, proof: 'code' },
  { person: PEOPLE.lucia, application: 'expenses', often: 0.5, proof: 'code' },
  { person: PEOPLE.amara, application: 'expenses', often: 0.5, proof: 'passkey' },
  { person: PEOPLE.arjun, application: 'expenses', often: 0.4, proof: 'passkey' },
];

/** People at the two applications: at their desks in business hours, and a few at the weekend. */
export function liveAtTheApplications(diary: Diary<ApplicationEntry>): void {
  for (const { person, application, often, proof } of HABITS) {
    const chance = chanceFor(`${application} of ${person.login}`);
    for (const day of STORY_DAYS) {
      if (!chance.happens(day.weekend ? 0.08 : often)) continue;
      const at = atLocalHour(day, 9 + chance.next() * 8, person.utcOffset) + chance.between(0, 999);
      const arrival = { at, desk: deskOf(person, chance), subnet: subnetOf(day) };
      visit(
        diary,
        chance,
        newSession(chance, application, person, 'desk'),
        arrival,
        proof,
        chance.between(5, 10),
      );
    }
  }
}
