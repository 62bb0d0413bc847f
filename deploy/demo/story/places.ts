import type { StoryDay } from './calendar.js';
import type { Desk, Person } from './people.js';
import type { Chance } from './random.js';

/** The desk of the day: their own, or now and then the other one. */
export function deskOf(person: Person, chance: Chance): Desk {
  return person.elsewhere !== undefined && chance.happens(0.35) ? person.elsewhere : person.desk;
}

/** Some providers give a household another IPv6 network every day. */
export function subnetOf(day: StoryDay): number {
  return 0x2200 + day.number;
}
