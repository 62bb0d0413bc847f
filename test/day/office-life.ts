import { DAY, HOUR, MINUTE, SECOND } from '../../deploy/demo/story/calendar.js';
import { CLIENTS } from '../../deploy/demo/story/clients.js';
import { NETWORKS } from '../../deploy/demo/story/networks.js';
import { at as deskAt, PEOPLE, type Person } from '../../deploy/demo/story/people.js';
import { type Chance, chanceFor } from '../../deploy/demo/story/random.js';
import type { Delivery } from '../demo/sample.js';
import { applicationOrigin, type Page, served } from './application-records.js';
import {
  newOktaSession,
  OKTA_ORIGIN,
  type OktaSession,
  openedApplication,
  passedFactor,
  signedIn,
} from './okta-records.js';

/** How late Okta's log is. The applications' logs come at once. */
export const OKTA_LATE = 20 * MINUTE;
/** Days before the day, on which nothing happened that is not ordinary. */
const DAYS_BEFORE = 9;

const STAFF: readonly Person[] = [
  PEOPLE.hanna,
  PEOPLE.marta,
  PEOPLE.oliver,
  PEOPLE.claire,
  PEOPLE.david,
  PEOPLE.ingrid,
];

/** Where one of them is on the last day, with the client of every day: nobody has ever been there. */
const TRAVELLER: Person = {
  ...PEOPLE.marta,
  desk: { ...PEOPLE.marta.desk, network: NETWORKS.zurichHome, host: 150 },
};

/** Whose session it claims to be, and when somebody else first used it. */
export interface PlantedUse {
  readonly user: string;
  readonly firstUse: number;
}

export interface PlantedUses {
  /** A session that nobody signed in to, from a home like others with the client of its victim. */
  readonly forged: PlantedUse;
  /** The cookie of a session that somebody did sign in to, used by a script on a rented server. */
  readonly stolen: PlantedUse;
}

/** Everything that the staff does, and what is done in their names. */
export interface OfficeLife {
  readonly deliveries: readonly Delivery[];
  readonly planted: PlantedUses;
  /** Sessions that are still open at the end, by which the day goes on. */
  readonly open: readonly OktaSession[];
}

const PORTAL = 'portal';
const WIKI = 'wiki';
const PATHS = ['/', '/news', '/people', '/holidays', '/payslips'];

/**
 * Ten days of people who sign in at Okta and use a portal by that session; the portal logs the session's id and no
 * sign-ins. A wiki has sessions of its own, whose sign-ins nobody logs.
 * @param end of the last day, in milliseconds
 */
export function officeLife(end: number): OfficeLife {
  const chance = chanceFor('office life');
  const deliveries: Delivery[] = [];
  const open: OktaSession[] = [];
  const okta = (at: number, record: Delivery['record']) =>
    deliveries.push({ at, arrivesAt: at + OKTA_LATE, origin: OKTA_ORIGIN, record });
  const page = (page: Page, application = PORTAL) =>
    deliveries.push({
      at: page.at,
      arrivesAt: page.at + 300,
      origin: applicationOrigin(application),
      record: served(page),
    });

  /** A sign-in and a few hours at the portal. */
  const visit = (person: Person, began: number): OktaSession => {
    const session = newOktaSession(chance, person);
    okta(began, signedIn(chance, session, began));
    okta(began + 20 * SECOND, passedFactor(chance, session, began + 20 * SECOND));
    for (let at = began + 40 * SECOND; at <= began + 3 * HOUR; at += chance.between(25, 35) * MINUTE) {
      okta(at, openedApplication(chance, session, at, chance.pick(['Calendar', 'Portal', 'Tickets'])));
    }
    for (const minute of [1, 25, 60, 120, 180]) {
      const at = began + minute * MINUTE;
      page({ at, session: session.id, person, desk: person.desk, path: chance.pick(PATHS) });
    }
    return session;
  };

  let victims: OktaSession | undefined;
  for (let back = DAYS_BEFORE; back >= 0; back--) {
    for (const [index, somebody] of STAFF.entries()) {
      const person = back === 0 && somebody === PEOPLE.marta ? TRAVELLER : somebody;
      const dayEnd = end - back * DAY;
      const morning = visit(person, dayEnd - 9.2 * HOUR + index * 12 * MINUTE);
      const afternoon = visit(person, dayEnd - 4.6 * HOUR + index * 12 * MINUTE);
      const atWiki = { session: chance.hex(32), person, desk: person.desk, path: '/handbook' };
      for (const minute of [0, 7])
        page({ ...atWiki, at: dayEnd - 7 * HOUR + (index * 9 + minute) * MINUTE }, WIKI);
      if (back > 0) continue;
      open.push(afternoon);
      if (person === PEOPLE.ingrid) victims = morning;
    }
  }
  if (victims === undefined) throw new Error('There is nobody to steal a session from.');
  const planted = plant(end, chance, victims, page);
  return { deliveries, planted, open };
}

function plant(
  end: number,
  chance: Chance,
  { id, person }: OktaSession,
  page: (page: Page) => void,
): PlantedUses {
  const victim = PEOPLE.david;
  const forgedAt = end - 5.5 * HOUR;
  const neighbour = deskAt(NETWORKS.londonHome, 222, victim.desk.userAgent);
  const forged = `idx${chance.hex(22)}`;
  for (const [index, path] of ['/people', '/payslips'].entries()) {
    page({ at: forgedAt + index * 6 * MINUTE, session: forged, person: victim, desk: neighbour, path });
  }
  const stolenAt = end - 5.9 * HOUR;
  const server = deskAt(NETWORKS.rootServer, 66, CLIENTS.pythonScript);
  for (const [index, path] of PATHS.entries()) {
    page({ at: stolenAt + index * MINUTE, session: id, person, desk: server, path });
  }
  return {
    forged: { user: victim.email, firstUse: forgedAt },
    stolen: { user: person.email, firstUse: stolenAt },
  };
}

/** What goes on at a moment: everybody reads, and what Okta tells is by so much older. */
export function presentMoment(open: readonly OktaSession[], now: number): Delivery[] {
  const chance = chanceFor(`present moment ${now}`);
  return open.flatMap((session, index) => {
    const { person, id } = session;
    const before = now - OKTA_LATE - index * SECOND;
    const record = openedApplication(chance, session, before, 'Calendar');
    const pages = Array.from({ length: 12 }, (_, page): Delivery => {
      const at = now - (page + 1) * 80 - index;
      const origin = applicationOrigin(PORTAL);
      const told = { at, session: id, person, desk: person.desk, path: `/news/${page}` };
      return { at, arrivesAt: now, origin, record: served(told) };
    });
    return [{ at: before, arrivesAt: now, origin: OKTA_ORIGIN, record }, ...pages];
  });
}
