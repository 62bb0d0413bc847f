import { networkOf, type Person, placeIn, type Seat, seatAt } from '../people.js';
import { neighbourOf } from '../places.js';
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

/** Where the laptop is today, besides at home. */
type Today = 'home' | 'office' | 'café' | 'hotel';

/** Somebody's habits; `today` must be called for each day that they live. */
export function habitsOf(scene: Scene, person: Person): { habits: Habits; today(day: number): void } {
  const { chance } = scene;
  const hasPhone = chance.happens(0.75);
  const usesVpn = chance.happens(0.1);
  // One in twelve is abroad for two working days of the second week.
  const journey = chance.happens(0.08) ? chance.integer(7, 10) : -9;
  const hotel = placeIn(networkOf(chance.oneOf(['IT', 'ES', 'PL', 'SE', 'CA']), 'residential'), chance);
  let place: Today = 'home';
  let goesHome = 0;
  const habits: Habits = {
    isOff: false,
    phone: hasPhone ? { session: undefined } : undefined,
    session: undefined,
    seat(at) {
      if (person.gateway !== undefined) return scene.behindGateway(person, at);
      const day = scene.dayOf(at);
      if (place === 'hotel') return seatAt(neighbourOf(hotel.address, chance), person.laptop, day);
      // A consumer VPN that was there all along is a network of theirs like others.
      if (usesVpn && at % DAY > 18 * HOUR) return scene.seatOn('vpn', person.country, person.laptop, at);
      if (place === 'office' && at < goesHome) return scene.inOffice(person, at);
      if (place === 'café' && at < goesHome) return seatAt(person.cafe.address, person.laptop, day);
      return scene.atHome(person, at);
    },
  };
  return {
    habits,
    today(day) {
      const weekday = day % 7;
      habits.isOff = weekday >= 5 ? !chance.happens(0.15) : chance.happens(0.05);
      const isAway = day === journey || day === journey + 1;
      place = chance.happens(person.inOffice) ? 'office' : chance.happens(0.05) ? 'café' : 'home';
      if (isAway) place = 'hotel';
      // Who has left signs in again, with the factor that the company asks for abroad.
      if (day === journey) habits.session = undefined;
      goesHome = scene.localTime(person, day, chance.number(15, 18));
    },
  };
}
