import { abroad, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';

const EVERYWHERE = ['okta', 'entra', 'cloudtrail', 'otel'] as const;
const STRANDS = ['session-fork', 'session-moved'] as const;

/** A stolen cookie or token, used again elsewhere. */
export const replay: readonly Story[] = [
  {
    id: 'cookie-replay-other-client',
    kind: 'attack',
    says: 'A stolen cookie is used from a hosting provider with another browser on another system.',
    families: EVERYWHERE,
    raises: STRANDS,
    cast: { laptop: 'mac-safari' },
    tell(s) {
      const { session } = s.morning(9, 5);
      s.hurry(session, s.thief('hosting', abroad(s.victim), 'windows-chrome'), s.attackAt(12.4), 6);
    },
  },
  {
    id: 'cookie-replay-same-client',
    kind: 'hard',
    says: "A stolen cookie is used through a VPN with the victim's exact client string, while its owner is idle: as if they had switched it on.",
    families: EVERYWHERE,
    raises: STRANDS,
    tell(s) {
      const { session, seat } = s.morning(9, 4);
      s.hurry(session, s.thief('vpn', abroad(s.victim), seat), s.attackAt(14.2), 6);
    },
  },
  {
    id: 'cookie-replay-script',
    kind: 'attack',
    says: 'A stolen cookie is used by a script at a hosting provider.',
    families: EVERYWHERE,
    raises: STRANDS,
    cast: { scripts: false },
    tell(s) {
      const { session } = s.morning(9, 6);
      s.hurry(
        session,
        s.thief('hosting', 'US', s.family === 'cloudtrail' ? 'boto' : 'requests'),
        s.attackAt(11.6),
        12,
      );
    },
  },
  {
    id: 'cookie-replay-next-day',
    kind: 'attack',
    says: 'A stolen cookie is used through a VPN on the day after the sign-in, with another browser.',
    families: ['okta', 'entra', 'otel'],
    raises: STRANDS,
    days: 2,
    cast: { laptop: 'windows-chrome' },
    tell(s) {
      const { session, seat } = s.morning(9, 7);
      s.work(session, seat, s.at(9.2, 1), 3);
      s.hurry(session, s.thief('vpn', abroad(s.victim), 'mac-firefox'), s.attackAt(14, 1), 6);
    },
  },
  {
    id: 'cookie-replay-minutes',
    kind: 'attack',
    says: 'A stolen cookie is used within minutes of the sign-in, while its owner goes on.',
    families: EVERYWHERE,
    raises: STRANDS,
    tell(s) {
      const seat = s.home(9);
      const session = s.signIn(s.victim, seat, s.at(9));
      s.work(session, seat, s.at(9.02), 2, 12);
      const thief = s.thief('hosting', abroad(s.victim), seat);
      for (let minute = 4; minute < 90; minute += 9) s.use(session, thief, s.attackAt(9) + minute * MINUTE);
    },
  },
  {
    id: 'cookie-replay-residential-proxy',
    kind: 'attack',
    says: "A stolen cookie is used through a residential proxy in the victim's own country, with another client.",
    families: ['okta', 'entra', 'otel'],
    raises: STRANDS,
    cast: { laptop: 'mac-safari', country: 'DE' },
    tell(s) {
      const { session, seat } = s.morning(9, 7);
      const thief = s.thief('residential', 'DE', 'windows-chrome');
      for (let hour = 11; hour < 15; hour += 0.8) s.use(session, thief, s.attackAt(hour));
      s.use(session, seat, s.at(15.5));
    },
  },
  {
    id: 'cookie-replay-residential-abroad',
    kind: 'attack',
    says: "A stolen cookie is used through a residential proxy abroad with the victim's exact client string, in turns with its owner.",
    families: ['okta', 'entra', 'otel'],
    raises: STRANDS,
    tell(s) {
      const { session, seat } = s.morning(9, 7);
      const thief = s.thief('residential', abroad(s.victim), seat);
      for (let hour = 10; hour < 15; hour += 0.8) s.use(session, thief, s.attackAt(hour));
    },
  },
  {
    id: 'cookie-replay-two-days-later',
    kind: 'attack',
    says: 'A stolen cookie is used two days later, at night, from a hosting provider.',
    families: ['entra', 'otel'],
    raises: STRANDS,
    days: 4,
    tell(s) {
      const { session, seat } = s.morning(9, 7);
      s.work(session, seat, s.at(9.1, 1), 6, 1);
      s.work(session, seat, s.at(9.3, 2), 6, 1);
      s.hurry(session, s.thief('hosting', 'US', 'linux-firefox'), s.attackAt(26, 2), 6);
    },
  },
  {
    id: 'cookie-replay-tor',
    kind: 'attack',
    says: 'A stolen cookie is used through Tor.',
    families: ['okta', 'cloudtrail', 'otel'],
    raises: STRANDS,
    tell(s) {
      const { session } = s.morning(9, 4);
      s.hurry(session, s.thief('tor', 'DE', 'mac-firefox'), s.attackAt(13.5), 4);
    },
  },
  {
    id: 'refresh-token-replay',
    kind: 'attack',
    says: 'A stolen refresh token is used by a tool at a hosting provider for a day, while its owner goes on.',
    families: ['okta', 'entra', 'otel'],
    raises: [...STRANDS, 'ended-session-use'],
    days: 2,
    tell(s) {
      const { session, seat } = s.morning(9, 8);
      const thief = s.thief('hosting', 'DE', 'go');
      for (let at = s.attackAt(16); at < s.at(9, 1); at += 55 * MINUTE) {
        s.tell(s.teller(s.family).refresh(session, thief, at));
      }
      s.work(session, seat, s.at(9.2, 1), 2);
    },
  },
  {
    id: 'refresh-token-reused',
    kind: 'attack',
    says: 'A refresh token is used after it was replaced, which the vendor itself sees.',
    families: ['okta'],
    raises: ['ended-session-use', ...STRANDS],
    tell(s) {
      const { session } = s.morning(9, 4);
      s.tell(
        s.okta.reuse(
          session,
          s.thief('residential', s.victim.country, 'curl'),
          s.attackAt(13),
          'Nordlicht Mobile',
        ),
      );
    },
  },
  {
    id: 'session-of-two-users',
    kind: 'attack',
    says: 'One session id is used by two users: the second is a stranger who changed the name in a request.',
    families: ['otel', 'okta'],
    raises: ['shared-session', 'unvouched-access', ...STRANDS],
    people: 2,
    tell(s) {
      const { session } = s.morning(9, 4);
      const other = s.people[1] ?? s.victim;
      const stranger = s.thief('vpn', abroad(s.victim), 'windows-chrome');
      for (let i = 0; i < 4; i++)
        s.use({ ...session, person: other }, stranger, s.attackAt(11) + i * 6 * MINUTE);
    },
  },
  {
    id: 'use-after-revocation',
    kind: 'attack',
    says: 'All sessions of a user are revoked after a theft; the thief goes on two hours later with a token that still works.',
    families: ['okta', 'entra', 'otel'],
    raises: ['ended-session-use', ...STRANDS],
    tell(s) {
      const { session } = s.morning(9, 3);
      s.tell(s.teller(s.family).revoke(s.victim, s.at(12.5)));
      const thief = s.thief('residential', abroad(s.victim), 'windows-edge');
      for (let i = 0; i < 4; i++)
        s.tell(s.teller(s.family).refresh(session, thief, s.attackAt(15) + (i * HOUR) / 4));
    },
  },
  {
    id: 'use-after-log-out',
    kind: 'attack',
    says: 'The user logs out; a copy of the cookie is used an hour later from another country.',
    families: ['okta', 'otel'],
    raises: ['ended-session-use', ...STRANDS],
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      s.tell(s.teller(s.family).logOut(session, seat, s.at(12.3)));
      s.hurry(session, s.thief('residential', abroad(s.victim), 'android-chrome'), s.attackAt(13.4), 4);
    },
  },
];
