import { agentOf } from '../people.js';
import { neighbourOf, privacyAddress } from '../places.js';
import { abroad, type Stage, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';

const PEOPLE = ['okta', 'entra', 'otel'] as const;

/** Networks that change under one person and one session. */
export const networksThatChange: readonly Story[] = [
  {
    id: 'phone-wifi-to-carrier',
    kind: 'benign',
    says: 'A phone goes from the Wi-Fi at home to its carrier and back, all day.',
    families: PEOPLE,
    raises: [],
    tell(s) {
      const home = s.atHome(s.victim, s.at(8), s.victim.phone);
      const session = s.signIn(s.victim, home, s.at(8));
      for (let hour = 8.3; hour < 20; hour += 0.7) {
        const isOut = Math.floor(hour) % 2 === 1;
        s.use(
          session,
          isOut ? s.onCarrier(s.victim, s.at(hour)) : s.atHome(s.victim, s.at(hour), s.victim.phone),
          s.at(hour),
        );
      }
    },
  },
  {
    id: 'roaming-phone',
    kind: 'benign',
    says: "A phone abroad leaves by its own country's carrier, while the laptop is on the hotel's network after a new sign-in.",
    families: ['okta', 'entra'],
    raises: [],
    days: 2,
    tell(s) {
      const session = s.signIn(s.victim, s.onCarrier(s.victim, s.at(8)), s.at(8));
      for (let hour = 9; hour < 30; hour += 2)
        s.tell(s.teller(s.family).refresh(session, s.onCarrier(s.victim, s.at(hour)), s.at(hour)));
      const hotel = s.seatOn(
        'residential',
        s.victim.country === 'NL' ? 'DE' : 'NL',
        s.victim.laptop,
        s.at(19),
      );
      const own = s.signIn(s.victim, hotel, s.at(19), 'push');
      s.work(own, hotel, s.at(19.2), 2);
    },
  },
  {
    id: 'carrier-rotation',
    kind: 'benign',
    says: "A carrier's translation gives every request another address, and every hour another /64.",
    families: ['okta', 'otel'],
    raises: [],
    tell(s) {
      const session = s.signIn(s.victim, s.onCarrier(s.victim, s.at(7)), s.at(7));
      for (let i = 0; i < 25; i++)
        s.use(session, s.onCarrier(s.victim, s.at(7)), s.at(7.1) + i * 17 * MINUTE);
    },
  },
  {
    id: 'dual-stack',
    kind: 'benign',
    says: 'A household has both protocols, with privacy addresses; every other request takes the other.',
    families: PEOPLE,
    raises: [],
    cast: { country: 'DE' },
    tell(s) {
      const { address, address6 } = s.victim.home;
      const seat = s.home(9);
      const session = s.signIn(s.victim, { ...seat, address }, s.at(9));
      for (let i = 0; i < 16; i++) {
        const six = address6 === '' ? address : privacyAddress(address6, s.chance);
        s.use(session, { ...seat, address: i % 2 === 0 ? six : address }, s.at(9.1) + i * 20 * MINUTE);
      }
    },
  },
  {
    id: 'satellite',
    kind: 'benign',
    says: 'A home on a satellite leaves by a ground station in the next country every other hour.',
    families: ['entra', 'otel'],
    raises: [],
    cast: { country: 'FR' },
    tell(s) {
      const seat = s.home(9);
      const session = s.signIn(s.victim, seat, s.at(9));
      for (let i = 0; i < 10; i++) {
        s.use(
          session,
          s.seatOn('satellite', i % 2 === 0 ? 'FR' : 'DE', s.victim.laptop, s.at(10)),
          s.at(10) + i * 30 * MINUTE,
        );
      }
    },
  },
  {
    id: 'relay-switched-on',
    kind: 'benign',
    says: "A browser's private relay is switched on in the middle of a session.",
    families: PEOPLE,
    raises: [],
    cast: { laptop: 'mac-safari' },
    tell: (s) => switchedOn(s, (at) => s.seatOn('relay', s.victim.country, s.victim.laptop, at)),
  },
  {
    id: 'corporate-vpn-switched-on',
    kind: 'benign',
    says: "The company's own VPN is switched on in the middle of a session: its egress is the office's.",
    families: PEOPLE,
    raises: [],
    tell: (s) => switchedOn(s, (at) => s.inOffice(s.victim, at)),
  },
  {
    id: 'consumer-vpn-switched-on',
    kind: 'benign',
    says: 'A consumer VPN of the own country, never used before, is switched on in the middle of a session.',
    families: PEOPLE,
    raises: [],
    tell: (s) => switchedOn(s, (at) => s.seatOn('vpn', s.victim.country, s.victim.laptop, at)),
  },
  {
    id: 'consumer-vpn-abroad',
    kind: 'benign',
    says: 'A consumer VPN is switched on in the middle of a session and leaves in another country.',
    families: PEOPLE,
    raises: [],
    tell: (s) => switchedOn(s, (at) => s.seatOn('vpn', abroad(s.victim), s.victim.laptop, at)),
  },
  {
    id: 'split-tunnel',
    kind: 'benign',
    says: 'With a split tunnel some requests leave by the gateway and others directly, in turns.',
    families: ['okta', 'entra'],
    raises: [],
    tell(s) {
      const seat = s.home(9);
      const session = s.signIn(s.victim, seat, s.at(9));
      for (let i = 0; i < 14; i++) {
        const at = s.at(9.1) + i * 25 * MINUTE;
        s.use(session, i % 2 === 0 ? seat : s.seatOn('gateway', s.victim.country, s.victim.laptop, at), at);
      }
    },
  },
  {
    id: 'gateway-abroad',
    kind: 'benign',
    says: 'A secure web gateway in another country is switched on in the middle of a session, and stays.',
    families: PEOPLE,
    raises: [],
    cast: { country: 'FR' },
    tell: (s) => switchedOn(s, (at) => s.seatOn('gateway', 'DE', s.victim.laptop, at)),
  },
  {
    id: 'gateway-always',
    kind: 'benign',
    says: 'A secure web gateway abroad is the only egress, and moves between two of its sites.',
    families: ['okta', 'entra', 'otel'],
    raises: [],
    cast: { gateway: 'NL' },
    tell(s) {
      const seat = s.behindGateway(s.victim, s.at(9));
      const session = s.signIn(s.victim, seat, s.at(9));
      s.work(session, seat, s.at(9.1), 3);
      const other = s.seatOn('gateway', 'GB', s.victim.laptop, s.at(13));
      for (let i = 0; i < 6; i++)
        s.use(
          session,
          { ...other, address: neighbourOf(other.address, s.chance) },
          s.at(13) + i * 20 * MINUTE,
        );
    },
  },
  {
    id: 'cloud-desktop',
    kind: 'benign',
    says: 'Somebody signs in on a cloud desktop with a factor, and works there beside the own laptop.',
    families: ['okta', 'entra'],
    raises: [],
    tell(s) {
      const { session, seat } = s.morning(9, 3);
      const desktop = { ...s.seatOn('cloud', s.victim.country, 'windows-edge', s.at(13), 1) };
      const own = s.signIn(s.victim, desktop, s.at(13), 'push');
      s.work(own, desktop, s.at(13.1), 3);
      s.work(session, seat, s.at(13.2), 3, 1);
    },
  },
  {
    id: 'browser-isolation',
    kind: 'benign',
    says: 'A link opens in an isolated browser in the cloud, within the session.',
    families: ['okta', 'otel'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 5);
      const isolated = s.seatOn('gateway', s.victim.country, 'isolation', s.at(11));
      for (let i = 0; i < 3; i++) s.use(session, { ...isolated, device: '' }, s.at(11) + i * 40 * MINUTE);
    },
  },
  {
    id: 'in-flight-wifi',
    kind: 'benign',
    says: 'A laptop goes on with its session on the Wi-Fi of an aeroplane and of a conference.',
    families: ['entra', 'otel'],
    raises: [],
    tell(s) {
      const { session } = s.morning(7, 1);
      for (let i = 0; i < 6; i++)
        s.use(session, s.seatOn('satellite', 'US', s.victim.laptop, s.at(10)), s.at(10) + i * 20 * MINUTE);
      const conference = s.seatOn('education', s.victim.country, s.victim.laptop, s.at(15));
      s.work(session, conference, s.at(15), 3);
    },
  },
  {
    id: 'cafe',
    kind: 'benign',
    says: "Somebody goes on with the session in a café of their own town, on another operator's network.",
    families: PEOPLE,
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 2);
      const cafe = { ...s.seatOn('residential', s.victim.country, s.victim.laptop, s.at(13), 4) };
      s.work(session, { ...cafe, userAgent: agentOf(s.victim.laptop, s.day) }, s.at(13), 2);
    },
  },
];

/** Works at home, then by way of another egress for the rest of the day. */
function switchedOn(s: Stage, through: (at: number) => ReturnType<Stage['home']>): void {
  const { session } = s.morning(9, 3);
  const seat = through(s.at(12.5));
  for (let i = 0; i < 8; i++) {
    s.use(session, { ...seat, address: neighbourOf(seat.address, s.chance) }, s.at(12.5) + (i * HOUR) / 2);
  }
}
