import { agentOf, networkOf, placeIn } from '../people.js';
import { abroad, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';

const EVERYWHERE = ['okta', 'entra', 'cloudtrail', 'otel'] as const;

/** What happens to people, and looks like somebody else. */
export const lives: readonly Story[] = [
  {
    id: 'travel',
    kind: 'benign',
    says: 'Somebody flies abroad and signs in again there with a factor.',
    families: EVERYWHERE,
    raises: [],
    days: 2,
    cast: { factor: 'push' },
    tell(s) {
      s.morning(9, 3);
      const hotel = s.seatOn('residential', abroad(s.victim), s.victim.laptop, s.at(20));
      const session = s.signIn(s.victim, hotel, s.at(20), 'push');
      s.work(session, hotel, s.at(20.1), 2);
      const next = s.signIn(s.victim, hotel, s.at(9, 1), 'push');
      s.work(next, hotel, s.at(9.1, 1), 5);
    },
  },
  {
    id: 'travel-with-session',
    kind: 'benign',
    says: 'Somebody travels by train to the next country, and the session of days goes on there, on the own laptop.',
    families: ['entra', 'otel'],
    raises: [],
    days: 2,
    cast: { country: 'DE', managed: true },
    tell(s) {
      const { session } = s.morning(9, 3);
      const hotel = s.seatOn('residential', 'NL', s.victim.laptop, s.at(19));
      s.work(session, hotel, s.at(19), 2, 1);
    },
  },
  {
    id: 'moved-house',
    kind: 'benign',
    says: 'Somebody moves to another house with another operator, and signs in there.',
    families: ['okta', 'entra', 'otel'],
    raises: [],
    tell(s) {
      const place = placeIn(networkOf(s.victim.country, 'residential', 3), s.chance);
      const seat = { ...s.home(9), address: place.address };
      const session = s.signIn(s.victim, seat, s.at(9));
      s.work(session, seat, s.at(9.1), 5);
    },
  },
  {
    id: 'genuine-reset',
    kind: 'benign',
    says: 'The help desk resets the factors of somebody with a new phone, who signs in at home and registers it.',
    families: ['okta', 'entra'],
    raises: [],
    tell(s) {
      const reset = s.at(9);
      s.tell(
        s.family === 'okta' ? s.okta.resetFactors(s.victim, reset) : s.entra.resetFactors(s.victim, reset),
      );
      const seat = s.home(9.2);
      const session = s.signIn(s.victim, seat, s.at(9.2), 'password');
      s.tell(s.teller(s.family).change(session, seat, s.at(9.3), 'factor'));
      s.work(session, seat, s.at(9.5), 5);
    },
  },
  {
    id: 'new-colleague',
    kind: 'benign',
    says: 'The first day of a new colleague: an account without any past, at home and then in the office.',
    families: EVERYWHERE,
    raises: [],
    newcomers: true,
    tell(s) {
      const { session } = s.morning(9, 3, 'push');
      s.work(session, s.inOffice(s.victim, s.at(13)), s.at(13), 3);
    },
  },
  {
    id: 'refused-by-mistake',
    kind: 'benign',
    says: 'Somebody refuses two pushes by mistake, mistypes the password, and then signs in at home.',
    families: ['okta', 'entra'],
    raises: [],
    cast: { factor: 'push' },
    tell(s) {
      const seat = s.home(9);
      s.tell(s.teller(s.family).fail(s.victim, seat, s.at(8.9)));
      for (let i = 0; i < 2; i++) s.tell(s.teller(s.family).refuse(s.victim, seat, s.at(8.92) + i * MINUTE));
      s.work(s.signIn(s.victim, seat, s.at(9), 'push'), seat, s.at(9.1), 4);
    },
  },
  {
    id: 'password-change-at-home',
    kind: 'benign',
    says: 'Somebody changes the password and a factor on their own desk.',
    families: ['okta', 'entra'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      s.tell(
        s.teller(s.family).change(session, seat, s.at(10), 'credential'),
        s.teller(s.family).change(session, seat, s.at(10.1), 'factor'),
      );
    },
  },
  {
    id: 'revoked-and-back',
    kind: 'benign',
    says: 'All sessions of a leaver-turned-stayer are revoked; they sign in again at once.',
    families: ['okta', 'entra', 'otel'],
    raises: [],
    tell(s) {
      const { seat } = s.morning(9, 2);
      s.tell(s.teller(s.family).revoke(s.victim, s.at(11.5)));
      const session = s.signIn(s.victim, seat, s.at(11.8));
      s.work(session, seat, s.at(11.9), 4);
    },
  },
  {
    id: 'application-outlives-log-out',
    kind: 'benign',
    says: "An application's session goes on after its provider's log-out, on the same desk.",
    families: ['okta'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      s.use(session, seat, s.at(10), 'payroll');
      const own = s.otel.session(s.victim, s.at(10), 'payroll');
      s.tell(s.otel.signIn(own, seat, s.at(10) + 3000, 'federated'));
      s.tell(s.okta.logOut(session, seat, s.at(12.5)));
      for (let i = 0; i < 6; i++) s.tell(s.otel.use(own, seat, s.at(12.6) + i * 30 * MINUTE));
    },
  },
  {
    id: 'keep-me-signed-in',
    kind: 'benign',
    says: 'One sign-in lasts for days, with renewals at home, in the office and on the way.',
    families: ['entra', 'otel'],
    raises: [],
    days: 4,
    tell(s) {
      const { session } = s.morning(9, 6);
      for (let day = 1; day < 4; day++) {
        const office = s.inOffice(s.victim, s.at(10, day));
        s.work(session, { ...office, userAgent: agentOf(s.victim.laptop, s.day + day) }, s.at(10, day), 4, 1);
        s.tell(s.teller(s.family).refresh(session, s.home(20, day), s.at(20, day)));
      }
    },
  },
  {
    id: 'night-renewals',
    kind: 'benign',
    says: 'A desk that never sleeps renews tokens all night from home.',
    families: ['entra', 'okta'],
    raises: [],
    days: 2,
    tell(s) {
      const { session, seat } = s.morning(9, 8);
      for (let at = s.at(18); at < s.at(8, 1); at += HOUR)
        s.tell(s.teller(s.family).refresh(session, seat, at));
    },
  },
];
