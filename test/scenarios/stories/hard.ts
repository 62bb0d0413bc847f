import { neighbourOf } from '../places.js';
import type { Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';
import { PRODUCTION } from '../vendors/cloudtrail.js';

const STRANDS = ['session-fork', 'session-moved'] as const;

/** Said openly as out of sight: nothing that is logged tells them from ordinary use. */
export const hard: readonly Story[] = [
  {
    id: 'same-network-same-client',
    kind: 'hard',
    says: "A stolen cookie is used through the victim's own machine.",
    families: ['okta', 'entra', 'cloudtrail', 'otel'],
    raises: STRANDS,
    tell(s) {
      const { session, seat } = s.morning(9, 5);
      s.hurry(session, seat, s.attackAt(11.3), 6);
    },
  },
  {
    id: 'same-operator-same-client',
    kind: 'hard',
    says: "A stolen cookie is used through a residential proxy at the victim's own operator, with the exact client string.",
    families: ['okta', 'entra', 'otel'],
    raises: STRANDS,
    tell(s) {
      const { session, seat } = s.morning(9, 5);
      const proxy = { ...seat, device: '', address: neighbourOf(s.victim.home.address, s.chance) };
      s.hurry(session, proxy, s.attackAt(11.3), 6);
    },
  },
  {
    id: 'same-country-same-client',
    kind: 'hard',
    says: "A stolen cookie is used through a residential proxy of another operator in the victim's country, with the exact client string: as somebody in a café.",
    families: ['okta', 'entra', 'otel'],
    raises: STRANDS,
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      s.hurry(session, s.thief('residential', s.victim.country, seat), s.attackAt(13), 6);
    },
  },
  {
    id: 'instance-in-the-same-cloud',
    kind: 'hard',
    says: "An instance's role keys are used from an attacker's instance in the same cloud.",
    families: ['cloudtrail'],
    raises: ['token-lineage', ...STRANDS],
    tell(s) {
      const by = { who: s.victim.login, account: PRODUCTION, identity: {} };
      const how = {
        name: 'AssumeRole',
        role: 'WebServer',
        as: 'i-0aa11bb22cc33dd44',
        service: 'ec2.amazonaws.com',
      } as const;
      const { session, told } = s.cloud.issue(by, how, undefined, s.at(10));
      s.tell(told);
      const machine = s.seatOn('cloud', 'US', 'boto', s.at(10));
      for (let i = 0; i < 8; i++) s.tell(s.cloud.call(session, machine, s.at(10.1) + (i * HOUR) / 2));
      const thief = s.seatOn('cloud', 'US', 'boto', s.at(10));
      for (let i = 0; i < 6; i++) s.tell(s.cloud.call(session, thief, s.attackAt(12) + i * 4 * MINUTE));
    },
  },
  {
    id: 'copied-device-key',
    kind: 'hard',
    says: "A stolen cookie is used with a copy of the victim's strong device key.",
    families: ['okta', 'entra'],
    raises: STRANDS,
    cast: { managed: true },
    tell(s) {
      const { session, seat } = s.morning(9, 5);
      s.hurry(
        session,
        { ...s.thief('residential', s.victim.country, seat), device: seat.device },
        s.attackAt(12),
        6,
      );
    },
  },
  {
    id: 'pushed-from-near',
    kind: 'hard',
    says: 'A factor is pressed out of the victim, for a sign-in from a home network of their own country with their own kind of browser.',
    families: ['okta', 'entra'],
    raises: ['evidence-elsewhere'],
    cast: { factor: 'push' },
    tell(s) {
      const thief = s.thief('residential', s.victim.country, s.home(12));
      const at = s.attackAt(12);
      for (let i = 0; i < 2; i++) s.tell(s.teller(s.family).refuse(s.victim, thief, at + i * 3 * MINUTE));
      const session = s.signIn(s.victim, thief, at + 10 * MINUTE, 'push');
      s.hurry(session, thief, at + 11 * MINUTE, 4);
    },
  },
];
