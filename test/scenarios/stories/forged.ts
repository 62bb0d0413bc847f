import { abroad, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';

const UNVOUCHED = ['unvouched-access', 'evidence-elsewhere'] as const;

/** Sessions that nobody signed in to. */
export const forged: readonly Story[] = [
  {
    id: 'forged-session',
    kind: 'attack',
    says: 'A session id that the application never gave out is used through a VPN.',
    families: ['otel', 'okta', 'entra'],
    raises: UNVOUCHED,
    tell(s) {
      const session = s.teller(s.family).session(s.victim, s.at(13));
      s.hurry(session, s.thief('vpn', abroad(s.victim), 'windows-chrome'), s.attackAt(13), 6);
    },
  },
  {
    id: 'forged-session-near',
    kind: 'attack',
    says: "A forged session is used from a residential network of the victim's own country.",
    families: ['otel', 'okta', 'entra'],
    raises: UNVOUCHED,
    cast: { laptop: 'mac-safari' },
    tell(s) {
      const session = s.teller(s.family).session(s.victim, s.at(13));
      s.hurry(session, s.thief('residential', s.victim.country, 'windows-chrome'), s.attackAt(13), 6);
    },
  },
  {
    id: 'forged-session-script',
    kind: 'attack',
    says: 'A forged session is used by a script.',
    families: ['otel'],
    raises: UNVOUCHED,
    cast: { scripts: false },
    tell(s) {
      const session = s.otel.session(s.victim, s.at(2));
      s.hurry(session, s.thief('hosting', 'US', 'curl'), s.attackAt(2), 15);
    },
  },
  {
    id: 'console-session-without-login',
    kind: 'attack',
    says: 'A console session is used of which no sign-in was logged, though all others are.',
    families: ['cloudtrail'],
    raises: UNVOUCHED,
    tell(s) {
      const session = { ...s.cloud.session(s.victim, s.at(11)), mfa: false };
      s.hurry(session, s.thief('vpn', abroad(s.victim), 'windows-chrome'), s.attackAt(11.1), 8);
    },
  },
  {
    id: 'claimed-mfa',
    kind: 'attack',
    says: 'A session without any sign-in says of itself that a second factor was passed.',
    families: ['cloudtrail', 'entra'],
    raises: UNVOUCHED,
    tell(s) {
      const session = s.teller(s.family).session(s.victim, s.at(15));
      const seat = s.thief('hosting', abroad(s.victim), 'linux-firefox');
      for (let i = 0; i < 6; i++)
        s.use({ ...session, mfa: true } as typeof session, seat, s.attackAt(15.1) + i * 5 * MINUTE);
    },
  },
  {
    id: 'golden-saml-aws',
    kind: 'attack',
    says: 'A role is assumed with a forged assertion: its provider has no record of the sign-in.',
    families: ['okta'],
    raises: UNVOUCHED,
    cast: { scripts: true },
    tell(s) {
      const seat = s.thief('vpn', abroad(s.victim), 'linux-chrome');
      const by = s.cloud.longTermKey(s.victim);
      const how = { name: 'AssumeRoleWithSAML', role: 'Engineer', person: s.victim } as const;
      const { session, told } = s.cloud.issue(by, how, seat, s.attackAt(14));
      s.tell(told);
      for (let i = 1; i < 8; i++) s.tell(s.cloud.call(session, seat, s.at(14) + i * 3 * MINUTE));
    },
  },
  {
    id: 'golden-saml-application',
    kind: 'attack',
    says: 'An application is signed in to with a forged assertion: its provider has no record of it.',
    families: ['okta'],
    raises: UNVOUCHED,
    tell(s) {
      const { seat } = s.morning(9, 2);
      const session = s.otel.session(s.victim, s.at(20), 'payroll');
      const thief = s.thief('residential', s.victim.country, seat);
      s.tell(s.otel.signIn(session, thief, s.attackAt(20), 'federated'));
      for (let i = 1; i < 6; i++) s.tell(s.otel.use(session, thief, s.at(20) + i * 5 * MINUTE));
    },
  },
  {
    id: 'connector-token-stolen',
    kind: 'attack',
    says: "A connector's token for the user is stolen from its vendor and used from a hosting provider with a tool.",
    families: ['okta', 'entra'],
    raises: ['session-fork', 'session-moved', 'token-lineage'],
    days: 2,
    tell(s) {
      const { session } = s.morning(9, 6);
      const backend = s.seatOn('cloud', 'US', 'connector', s.at(9));
      const thief = s.thief('hosting', 'NL', 'requests');
      const ask = (seat: typeof backend, at: number): void =>
        s.tell(
          s.family === 'okta'
            ? s.okta.grant(session, seat, at, 'refresh_token', 'Quillsync')
            : s.entra.graph(session, seat, at, 'quillsync'),
        );
      for (let i = 0; i < 8; i++) ask(backend, s.at(9.5) + i * HOUR);
      for (let i = 0; i < 10; i++) ask(thief, s.attackAt(16) + i * 12 * MINUTE);
    },
  },
];
