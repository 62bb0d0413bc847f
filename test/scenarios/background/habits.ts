import type { Person, Seat } from '../people.js';
import type { Scene } from '../scene.js';
import { DAY, HOUR } from '../time.js';
import type { Session } from '../told.js';

/** What goes on from day to day in somebody's life. */
export interface Habits {
  /** Whether this is no working day. */
  isOff: boolean;
  /** Where the laptop is at a time of the day. */
  seat(at: number): Seat;
  /** The phone, where they use one for work; its session goes on over days. */
  readonly phone: { session: Session | undefined } | undefined;
  /** The laptop's session, where it goes on over days. */
  session: Session | undefined;
}

/** Somebody's habits; `today` must be called for each day that they live. */
export function habitsOf(scene: Scene, person: Person): { habits: Habits; today(day: number): void } {
  const { chance } = scene;
  const hasPhone = chance.happens(0.75);
  const usesVpn = chance.happens(0.1);
  let inOffice = false;
  let goesHome = 0;
  const habits: Habits = {
    isOff: false,
    phone: hasPhone ? { session: undefined } : undefined,
    session: undefined,
    seat(at) {
      if (person.gateway !== undefined) return scene.behindGateway(person, at);
      // A consumer VPN that was there all along is a network of theirs like others.
      if (usesVpn && at % DAY > 18 * HOUR) return scene.seatOn('vpn', person.country, person.laptop, at);
      return inOffice && at < goesHome ? scene.inOffice(person, at) : scene.atHome(person, at);
    },
  };
  return {
    habits,
    today(day) {
      const weekday = day % 7;
      habits.isOff = weekday >= 5 ? !chance.happens(0.15) : chance.happens(0.05);
      inOffice = chance.happens(person.inOffice);
      goesHome = scene.localTime(person, day, chance.number(15, 18));
    },
  };
}
