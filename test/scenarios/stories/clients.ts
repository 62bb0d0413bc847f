import { userAgent } from '../clients.js';
import { agentOf, deviceId } from '../people.js';
import { abroad, type Stage, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';

const PEOPLE = ['okta', 'entra', 'otel'] as const;

/** Clients and devices that change under one person. */
export const clientsThatChange: readonly Story[] = [
  {
    id: 'browser-upgrade',
    kind: 'benign',
    says: 'The browser restarts two versions newer in the middle of a session.',
    families: ['okta', 'entra', 'cloudtrail', 'otel'],
    raises: [],
    cast: { laptop: 'windows-chrome' },
    tell(s) {
      const { session, seat } = s.morning(9, 2);
      s.work(session, { ...seat, userAgent: userAgent('windows-chrome', 141) }, s.at(11.1), 2);
    },
  },
  {
    id: 'desktop-site-on-phone',
    kind: 'benign',
    says: 'A phone asks for the desktop site, and seems to be a computer from then on.',
    families: ['okta', 'otel'],
    raises: [],
    cast: { phone: 'android-chrome' },
    tell(s) {
      const seat = s.atHome(s.victim, s.at(18), s.victim.phone);
      const session = s.signIn(s.victim, seat, s.at(18));
      s.work(session, seat, s.at(18.1), 1, 4);
      s.work(session, { ...seat, userAgent: userAgent('android-desktop-site', 139) }, s.at(19.2), 1, 4);
    },
  },
  {
    id: 'broker-beside-browser',
    kind: 'benign',
    says: 'The broker of the system renews tokens beside the browser, with a user agent of its own.',
    families: ['entra'],
    raises: [],
    cast: { laptop: 'windows-edge', managed: true },
    tell(s) {
      const { session, seat } = s.morning(9, 4);
      const broker = { ...seat, userAgent: userAgent('windows-broker', 0) };
      for (let i = 0; i < 6; i++)
        s.tell(
          s.entra.refreshBy(session, broker, s.at(9.3) + i * 40 * MINUTE, 'broker', 'primaryRefreshToken'),
        );
    },
  },
  {
    id: 'vendor-back-end',
    kind: 'benign',
    says: "The vendor's own servers use the user's token from their own network.",
    families: ['entra'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 4);
      const backend = { ...s.seatOn('cloud', 'US', 'go', s.at(10), 1), userAgent: '' };
      for (let i = 0; i < 5; i++)
        s.tell(s.entra.graph(session, backend, s.at(9.4) + i * 30 * MINUTE, 'chat'));
    },
  },
  {
    id: 'link-expander',
    kind: 'benign',
    says: "A chat's servers open a link with the session of whoever pasted it.",
    families: ['otel'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 4);
      for (let i = 0; i < 3; i++)
        s.use(session, s.seatOn('cloud', 'US', 'link-expander', s.at(10)), s.at(10) + i * 50 * MINUTE);
    },
  },
  {
    id: 'connector',
    kind: 'benign',
    says: "A third party's back end, which many have connected, renews its token from its own cloud.",
    families: ['okta', 'entra'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 6);
      for (let i = 0; i < 6; i++) {
        const seat = s.seatOn('cloud', 'US', 'connector', s.at(10));
        const at = s.at(9.5) + i * HOUR;
        s.tell(
          s.family === 'okta'
            ? s.okta.grant(session, seat, at, 'refresh_token', 'Quillsync')
            : s.entra.graph(session, seat, at, 'quillsync'),
        );
      }
    },
  },
  {
    id: 'mail-app-beside-browser',
    kind: 'benign',
    says: "The phone's mail application renews its token on the carrier beside the browser at home.",
    families: ['entra'],
    raises: [],
    cast: { phone: 'iphone-safari' },
    tell(s) {
      s.morning(9, 6);
      const phone = s.atHome(s.victim, s.at(8), s.victim.phone);
      const session = s.signIn(s.victim, phone, s.at(8), s.victim.factor, 'mail-app');
      const seat = { ...s.onCarrier(s.victim, s.at(10)), userAgent: userAgent('iphone-app', 0) };
      for (let i = 0; i < 5; i++) {
        s.tell(s.entra.refreshBy(session, seat, s.at(9.7) + i * HOUR, 'mail-app'));
      }
    },
  },
  {
    id: 'own-tool-with-session',
    kind: 'benign',
    says: 'Somebody who scripts uses their own session with a tool, on their own desk.',
    families: ['okta', 'otel'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 4);
      s.hurry(session, { ...seat, userAgent: userAgent('curl', 0) }, s.at(11), 8);
    },
  },
  {
    id: 'several-device-cookies',
    kind: 'benign',
    says: 'Several device cookies appear in one session, as an OAuth flow makes them.',
    families: ['okta'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      for (let i = 0; i < 6; i++)
        s.use(session, { ...seat, cookie: s.chance.hex(64) }, s.at(10) + i * 20_000);
    },
  },
  {
    id: 'admin-console-hop',
    kind: 'benign',
    says: 'The Admin Console signs in inside the session with a client of its own, under another external session.',
    families: ['okta'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      const hop = { ...session, external: `idx${s.chance.hex(20)}` };
      s.tell(s.okta.adminHop(session, seat, s.at(10)), s.okta.adminHop(hop, seat, s.at(11)));
    },
  },
  {
    id: 'kiosk',
    kind: 'benign',
    says: 'Two people sign in one after the other at a shared machine.',
    families: ['okta', 'entra'],
    raises: [],
    people: 2,
    cast: { country: 'DE', factor: 'totp' },
    tell(s) {
      const id = deviceId(s.family, s.chance);
      for (const [i, person] of s.people.entries()) {
        const at = s.at(9 + i * 2);
        const seat = { ...s.inOffice(person, at), userAgent: userAgent('windows-edge', 139), device: id };
        const session = s.signIn(person, seat, at, 'totp');
        s.work(session, seat, at + MINUTE, 1, 4);
      }
    },
  },
  {
    id: 'remembered-device',
    kind: 'benign',
    says: 'A sign-in without a factor, since the device is remembered.',
    families: ['okta', 'entra', 'otel'],
    raises: [],
    tell: (s) => void s.morning(9, 5, 'remembered'),
  },
  {
    id: 'new-laptop',
    kind: 'benign',
    says: 'A new laptop with another system, at home, after a sign-in with a factor.',
    families: PEOPLE,
    raises: [],
    cast: { laptop: 'windows-chrome', factor: 'push' },
    tell: (s) => newDevice(s, 'mac-safari'),
  },
  {
    id: 'new-laptop-on-a-journey',
    kind: 'benign',
    says: 'A new laptop with another system signs in with a factor abroad, as its first use.',
    families: PEOPLE,
    raises: [],
    cast: { laptop: 'mac-chrome', factor: 'totp' },
    tell(s) {
      const hotel = { ...s.seatOn('residential', abroad(s.victim), 'windows-chrome', s.at(10)) };
      const session = s.signIn(s.victim, hotel, s.at(10), 'totp');
      s.work(session, hotel, s.at(10.1), 4);
    },
  },
  {
    id: 'new-phone',
    kind: 'benign',
    says: 'A new phone with another system signs in with a factor, at home and then on the carrier.',
    families: ['okta', 'entra'],
    raises: [],
    cast: { phone: 'iphone-safari', factor: 'push' },
    tell(s) {
      const phone = {
        ...s.victim.phone,
        client: 'android-chrome' as const,
        id: s.victim.phone.id === '' ? '' : deviceId(s.family, s.chance),
      };
      const seat = s.atHome(s.victim, s.at(18), phone);
      const session = s.signIn(s.victim, seat, s.at(18), 'push');
      s.tell(s.teller(s.family).change(session, seat, s.at(18.2), 'factor'));
      for (let i = 0; i < 4; i++)
        s.tell(
          s.teller(s.family).refresh(session, s.onCarrier(s.victim, s.at(19), phone), s.at(19) + i * HOUR),
        );
    },
  },
  {
    id: 'two-devices-at-once',
    kind: 'benign',
    says: 'Laptop and phone share one session of an application, side by side.',
    families: ['otel'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 5);
      for (let i = 0; i < 5; i++)
        s.use(session, s.atHome(s.victim, s.at(10), s.victim.phone), s.at(10) + i * 30 * MINUTE);
    },
  },
];

function newDevice(s: Stage, client: 'mac-safari'): void {
  const laptop = {
    ...s.victim.laptop,
    client,
    id: s.victim.laptop.id === '' ? '' : deviceId(s.family, s.chance),
    cookie: s.chance.hex(64),
  };
  const seat = { ...s.atHome(s.victim, s.at(10), laptop), userAgent: agentOf(laptop, s.day) };
  const session = s.signIn(s.victim, seat, s.at(10), 'push');
  s.work(session, seat, s.at(10.1), 5);
}
