import { abroad, type Stage, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';
import type { Proof } from '../told.js';

const FAR = ['evidence-elsewhere', 'session-fork', 'session-moved', 'after-takeover'] as const;

/** Sign-ins that somebody else makes with a person's own credentials. */
export const signIns: readonly Story[] = [
  {
    id: 'aitm-with-move',
    kind: 'attack',
    says: 'A phishing page relays a sign-in from a hosting provider; the thief goes on through a VPN with a browser of their own.',
    families: ['okta', 'entra', 'otel'],
    raises: FAR,
    cast: { factor: 'push', laptop: 'mac-safari' },
    tell(s) {
      s.morning(9, 2);
      const session = s.signIn(
        s.victim,
        s.thief('hosting', abroad(s.victim), s.home(13)),
        s.attackAt(13),
        'push',
      );
      s.hurry(session, s.thief('vpn', abroad(s.victim), 'windows-chrome'), s.at(13.2), 8);
    },
  },
  {
    id: 'aitm-without-move',
    kind: 'attack',
    says: 'A phishing page relays a sign-in from a hosting provider, and the thief goes on from there.',
    families: ['okta', 'entra', 'otel'],
    raises: FAR,
    cast: { factor: 'push' },
    tell(s) {
      s.morning(9, 2);
      const thief = s.thief('hosting', 'US', 'linux-chrome');
      const session = s.signIn(s.victim, thief, s.attackAt(13), 'push');
      s.hurry(session, thief, s.at(13.1), 8);
    },
  },
  {
    id: 'aitm-residential-proxy',
    kind: 'hard',
    says: 'A phishing page relays a sign-in through a residential proxy abroad, with its own browser: as a new laptop on a journey.',
    families: ['okta', 'entra', 'otel'],
    raises: FAR,
    cast: { factor: 'totp', laptop: 'mac-chrome' },
    tell(s) {
      const thief = s.thief('residential', abroad(s.victim), 'windows-chrome');
      const session = s.signIn(s.victim, thief, s.attackAt(10), 'totp');
      s.hurry(session, thief, s.at(10.1), 6);
    },
  },
  {
    id: 'aitm-takeover',
    kind: 'attack',
    says: 'After a relayed sign-in the thief registers a factor of their own.',
    families: ['okta', 'entra'],
    raises: FAR,
    cast: { factor: 'push' },
    tell(s) {
      const thief = s.thief('vpn', abroad(s.victim), 'windows-chrome');
      const session = s.signIn(s.victim, thief, s.attackAt(11), 'push');
      s.hurry(session, thief, s.at(11.05), 3);
      s.tell(s.teller(s.family).change(session, thief, s.at(11.4), 'factor'));
    },
  },
  {
    id: 'several-victims-one-proxy',
    kind: 'attack',
    says: 'Three people are phished within two hours; the same proxy relays all three sign-ins.',
    families: ['okta', 'entra', 'otel'],
    raises: FAR,
    people: 3,
    everyVictim: true,
    cast: { factor: 'push' },
    tell(s) {
      const thief = s.thief('hosting', abroad(s.victim), 'windows-edge');
      for (const [i, person] of s.people.entries()) {
        const at = s.attackAt(10) + i * 35 * MINUTE;
        const session = s.signIn(person, thief, at, 'push');
        s.hurry(session, thief, at + 4 * MINUTE, 4);
      }
    },
  },
  {
    id: 'push-fatigue',
    kind: 'attack',
    says: 'Pushes are refused again and again until one is accepted, for a sign-in through a VPN.',
    families: ['okta', 'entra'],
    raises: FAR,
    cast: { factor: 'push' },
    tell(s) {
      const thief = s.thief('vpn', abroad(s.victim), 'mac-firefox');
      const from = s.attackAt(22);
      for (let i = 0; i < 6; i++) s.tell(s.teller(s.family).refuse(s.victim, thief, from + i * 4 * MINUTE));
      const session = s.signIn(s.victim, thief, from + 30 * MINUTE, 'push');
      s.hurry(session, thief, from + 32 * MINUTE, 5);
    },
  },
  {
    id: 'help-desk-reset',
    kind: 'attack',
    says: 'The help desk is talked into resetting the factors; the thief signs in from another country and registers their own.',
    families: ['okta', 'entra'],
    raises: FAR,
    tell(s) {
      const reset = s.attackAt(14);
      s.tell(
        s.family === 'okta' ? s.okta.resetFactors(s.victim, reset) : s.entra.resetFactors(s.victim, reset),
      );
      const thief = s.thief('residential', abroad(s.victim), 'windows-chrome');
      const session = s.signIn(s.victim, thief, reset + 12 * MINUTE, 'password');
      s.tell(s.teller(s.family).change(session, thief, reset + 15 * MINUTE, 'factor'));
      s.hurry(session, thief, reset + 20 * MINUTE, 6);
    },
  },
  {
    id: 'device-code-phishing',
    kind: 'attack',
    says: 'The victim approves a device code at home; the tokens are used elsewhere.',
    families: ['okta', 'entra'],
    raises: FAR,
    cast: { factor: 'push' },
    tell: (s) => approvedElsewhere(s, 'device-code'),
  },
  {
    id: 'authentication-transfer',
    kind: 'attack',
    says: "The victim scans a code that moves the sign-in to the thief's device.",
    families: ['entra'],
    raises: FAR,
    cast: { factor: 'push' },
    tell: (s) => approvedElsewhere(s, 'transfer'),
  },
  {
    id: 'client-hop',
    kind: 'attack',
    says: 'Within one session a stolen refresh token of the mail client is redeemed for another first-party client, from a hosting provider.',
    families: ['entra'],
    raises: ['session-fork', 'session-moved'],
    tell(s) {
      const { session, seat } = s.morning(9, 6);
      const thief = s.thief('hosting', 'DE', 'requests');
      for (let i = 0; i < 6; i++)
        s.tell(s.entra.refreshBy(session, thief, s.attackAt(12) + i * 20 * MINUTE, 'shell'));
      s.work(session, seat, s.at(15.1), 1);
    },
  },
  {
    id: 'consent-after-theft',
    kind: 'attack',
    says: 'A thief with a stolen cookie grants consent to an application of their own.',
    families: ['okta', 'entra'],
    raises: ['after-takeover', 'session-fork', 'session-moved'],
    cast: { laptop: 'mac-safari', country: 'DE' },
    tell(s) {
      const { session } = s.morning(9, 6);
      const thief = s.thief('residential', 'DE', 'windows-chrome');
      s.hurry(session, thief, s.attackAt(13), 3);
      s.tell(s.teller(s.family).change(session, thief, s.at(13.3), 'consent'));
    },
  },
  {
    id: 'password-from-afar',
    kind: 'attack',
    says: 'A guessed password is enough for a sign-in from a hosting provider, after several wrong ones.',
    families: ['cloudtrail', 'okta', 'otel'],
    raises: FAR,
    cast: { factor: 'password' },
    tell(s) {
      const thief = s.thief('hosting', abroad(s.victim), 'linux-chrome');
      const from = s.attackAt(3);
      for (let i = 0; i < 5; i++) s.tell(s.teller(s.family).fail(s.victim, thief, from + i * MINUTE));
      const session = s.signIn(s.victim, thief, from + 8 * MINUTE, 'password');
      s.hurry(session, thief, from + 10 * MINUTE, 6);
    },
  },
];

/** The victim proves who they are at home; what comes of it is used by a thief. */
function approvedElsewhere(s: Stage, proof: Proof): void {
  const seat = s.home(10);
  const session = s.signIn(s.victim, seat, s.attackAt(10), proof, s.family === 'entra' ? 'shell' : undefined);
  const thief = s.thief('hosting', abroad(s.victim), 'go');
  for (let at = s.at(10.1); at < s.at(16); at += HOUR) {
    const told =
      s.family === 'okta'
        ? s.okta.grant(session, thief, at, 'urn:ietf:params:oauth:grant-type:device_code', 'Nordlicht CLI')
        : s.entra.refreshBy(session, thief, at, 'shell');
    s.tell(told);
  }
}
