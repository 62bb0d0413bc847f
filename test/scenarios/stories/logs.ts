import { payroll } from '../background/okta-life.js';
import { wiki } from '../background/otel-life.js';
import type { Story } from '../scenario.js';
import { DAY, HOUR, MINUTE } from '../time.js';
import type { Told } from '../told.js';

const EVERYWHERE = ['okta', 'entra', 'cloudtrail', 'otel'] as const;

/** Logs that begin late, come late, come twice, or never come. */
export const logs: readonly Story[] = [
  {
    id: 'older-than-the-logs',
    kind: 'benign',
    says: 'A session that began before the first record goes on for a while.',
    families: EVERYWHERE,
    raises: [],
    notBefore: 0,
    tell(s) {
      const before = s.start - 5 * HOUR;
      const session = s.teller(s.family).session(s.victim, before);
      // In the first hours of the logs, whatever the day of the story.
      const at = s.start + 2 * HOUR;
      for (let i = 0; i < 6; i++) s.use(session, s.atHome(s.victim, at), at + i * 30 * MINUTE);
    },
  },
  {
    id: 'sign-ins-nobody-collects',
    kind: 'benign',
    says: 'An application whose sign-ins nobody collects is used from the own desk.',
    families: ['otel'],
    raises: [],
    tell(s) {
      const { seat } = s.morning(9, 3);
      for (let hour = 10; hour < 13; hour++) wiki(s, s.victim, seat, s.at(hour));
    },
  },
  {
    id: 'account-nobody-collects',
    kind: 'benign',
    says: 'An account whose sign-ins are recorded in a region that nobody collects.',
    families: ['cloudtrail'],
    raises: [],
    tell(s) {
      const session = s.cloud.session(s.victim, s.at(9), '777788889999');
      for (let i = 0; i < 8; i++) s.use(session, s.home(9), s.at(9.1) + i * 15 * MINUTE);
    },
  },
  {
    id: 'late-evidence',
    kind: 'benign',
    says: 'The records of a sign-in arrive hours after those of the use.',
    families: EVERYWHERE,
    raises: [],
    tell(s) {
      const { told } = s;
      const begun = told.length;
      const seat = s.home(9);
      const session = s.signIn(s.victim, seat, s.at(9));
      const delayed = told.splice(begun).map((one): Told => ({ ...one, late: 3 * HOUR }));
      s.tell(delayed);
      s.work(session, seat, s.at(9.1), 4);
    },
  },
  {
    id: 'delivered-twice',
    kind: 'benign',
    says: 'Every record of a day is delivered twice, the second time hours later.',
    families: ['okta', 'entra', 'cloudtrail'],
    raises: [],
    tell(s) {
      s.morning(9, 5);
      s.tell(s.told.map((one): Told => ({ ...one, late: 5 * HOUR })));
    },
  },
  {
    id: 'one-sign-in-two-sources',
    kind: 'benign',
    says: 'One sign-in is recorded by the provider and by the application that asked it.',
    families: ['okta'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 4);
      for (let hour = 10; hour < 13; hour++) payroll(s, s.victim, session, seat, s.at(hour));
    },
  },
  {
    id: 'federated-application',
    kind: 'benign',
    says: "An application's session by the provider's assertion, used at home and then in the office.",
    families: ['okta'],
    raises: [],
    days: 2,
    tell(s) {
      const { session, seat } = s.morning(9, 4);
      const own = payroll(s, s.victim, session, seat, s.at(10));
      for (let i = 0; i < 5; i++)
        s.tell(s.otel.use(own, s.inOffice(s.victim, s.at(10, 1)), s.at(10, 1) + i * 20 * MINUTE));
    },
  },
  {
    id: 'provider-outage',
    kind: 'benign',
    says: "The provider's log is silent for hours while people sign in to an application by it.",
    families: ['okta'],
    raises: [],
    people: 3,
    tell(s) {
      for (const [i, person] of s.people.entries()) {
        const at = s.at(10) + i * 20 * MINUTE;
        const seat = s.atHome(person, at);
        const begun = s.told.length;
        const session = s.signIn(person, seat, at);
        const own = payroll(s, person, session, seat, at + 10 * MINUTE);
        const okta = s.told
          .splice(begun)
          .map((one): Told => (one.stream === 'okta' ? { ...one, late: DAY / 6 } : one));
        s.tell(okta);
        for (let n = 0; n < 4; n++) s.tell(s.otel.use(own, seat, at + (40 + n * 20) * MINUTE));
      }
    },
  },
];
