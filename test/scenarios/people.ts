import type { Network, NetworkKind } from './addresses.js';
import { networksOf } from './addresses.js';
import type { Chance } from './chance.js';
import { type ClientKind, userAgent } from './clients.js';
import { addressIn, addressIn6 } from './places.js';

/** Where a person's work is logged. */
export type Family = 'okta' | 'entra' | 'cloudtrail' | 'otel';

/** A device of a person, or of a thief: what a log can know of it. */
export interface Device {
  readonly client: ClientKind;
  /** The browser's version on the first day. */
  readonly version: number;
  /** The vendor's strong device id; '' where the vendor has none for it. */
  readonly id: string;
  /** The device cookie of its browser: it travels with a stolen cookie jar. */
  readonly cookie: string;
}

/** From where, with what: the seat at which somebody sits. */
export interface Seat {
  readonly address: string;
  readonly userAgent: string;
  readonly device: string;
  readonly cookie: string;
}

/** A household's or an office's connection. */
export interface Place {
  readonly network: Network;
  readonly address: string;
  /** Where it has IPv6 too; its /48 stays, the host part does not. */
  readonly address6: string;
}

export interface Person {
  /** Lower case, unique in the company. */
  readonly login: string;
  readonly name: string;
  readonly family: Family;
  /** The vendor's id of the person: Okta's `00u...`, a GUID, AWS's `AIDA...`. */
  readonly id: string;
  readonly country: string;
  /** Hours ahead of UTC. */
  readonly zone: number;
  readonly home: Place;
  readonly office: Place;
  /** Where they sit now and then in their own town, often at another operator. */
  readonly cafe: Place;
  readonly carrier: Network;
  readonly laptop: Device;
  readonly phone: Device;
  readonly factor: 'password' | 'push' | 'totp' | 'phishing-resistant';
  /** Hour of local time at which work begins. */
  readonly begins: number;
  /** Share of days in the office. */
  readonly inOffice: number;
  /** Writes scripts of their own. */
  readonly scripts: boolean;
  /** All traffic of the laptop leaves through a secure web gateway there, if anywhere. */
  readonly gateway: Place | undefined;
  readonly chance: Chance;
}

const COUNTRIES: readonly (readonly [country: string, zone: number])[] = [
  ['DE', 1],
  ['US', -5],
  ['GB', 0],
  ['IN', 5.5],
  ['FR', 1],
  ['BR', -3],
  ['NL', 1],
  ['JP', 9],
];

const LAPTOPS: readonly ClientKind[] = [
  'windows-chrome',
  'windows-edge',
  'windows-chrome',
  'mac-chrome',
  'mac-safari',
  'linux-firefox',
];

const GIVEN =
  'ada bela cleo dirk edda finn gita hugo iris jona kira luis mina nils olga pia quin rosa sami tara udo vera wim xenia yara zeno'.split(
    ' ',
  );
const FAMILY_NAMES =
  'abel brandt costa duarte engel falk gruber hansen ito jansen kaur lindt moreau novak okoye pereira rossi santos tanaka ueda vogel weber yilmaz ziegler'.split(
    ' ',
  );

/** The network of a kind in a country, by number; where there is none of the kind, a home network. */
export function networkOf(country: string, kind: NetworkKind, number = 0): Network {
  const found = networksOf(country, kind);
  const among = found.length > 0 ? found : networksOf(country, 'residential');
  return among[number % among.length] as Network;
}

/** A connection at a network, with IPv6 where the network has any. */
export function placeIn(network: Network, chance: Chance): Place {
  return {
    network,
    address: addressIn(network, chance),
    address6: network.v6.length > 0 ? addressIn6(network, chance) : '',
  };
}

/** What a person may be asked to be; the rest is left to chance. */
export interface Wishes {
  readonly country?: string;
  readonly factor?: Person['factor'];
  readonly scripts?: boolean;
  /** Whether the company manages their devices, so that vendors log a strong id. */
  readonly managed?: boolean;
  readonly gateway?: string;
  readonly laptop?: ClientKind;
  readonly phone?: ClientKind;
}

/** A person of a vendor family, by a name that nobody else has. */
export function person(family: Family, name: string, chance: Chance, wishes: Wishes = {}): Person {
  const [country, zone] = COUNTRIES.find(([code]) => code === wishes.country) ?? chance.oneOf(COUNTRIES);
  const given = chance.oneOf(GIVEN);
  const last = chance.oneOf(FAMILY_NAMES);
  const managed = wishes.managed ?? chance.happens(0.4);
  const device = (client: ClientKind): Device => ({
    client,
    version: chance.integer(137, 139),
    id: managed ? deviceId(family, chance) : '',
    cookie: chance.hex(64),
  });
  const office = networkOf(country, 'corporate', 0);
  return {
    login: `${given}.${last}.${name}@nordlicht.example`,
    name: `${given} ${last}`,
    family,
    id: personId(family, chance),
    country,
    zone,
    home: placeIn(networkOf(country, 'residential', chance.integer(0, 4)), chance),
    // Everybody of a country leaves the office by the same /24.
    office: { network: office, address: addressIn(office, chance, 24), address6: '' },
    cafe: placeIn(networkOf(country, 'residential', chance.integer(0, 4)), chance),
    carrier: networkOf(country, 'mobile', chance.integer(0, 2)),
    laptop: device(wishes.laptop ?? chance.oneOf(LAPTOPS)),
    phone: device(wishes.phone ?? chance.oneOf(['iphone-safari', 'android-chrome'] as const)),
    factor:
      wishes.factor ??
      chance.oneOf(['push', 'push', 'totp', 'push', 'password', 'phishing-resistant'] as const),
    begins: chance.number(7.5, 10),
    inOffice: chance.number(0.1, 0.8),
    scripts: wishes.scripts ?? chance.happens(0.15),
    gateway: wishes.gateway === undefined ? undefined : placeIn(networkOf(wishes.gateway, 'gateway'), chance),
    chance,
  };
}

function personId(family: Family, chance: Chance): string {
  if (family === 'entra') return chance.uuid();
  if (family === 'cloudtrail') return `AIDA${chance.hex(17).toUpperCase()}`;
  return `00u${chance.hex(17)}`;
}

/** A strong device id as the vendor writes it. */
export function deviceId(family: Family, chance: Chance): string {
  if (family === 'okta') return `guo${chance.hex(17)}`;
  return family === 'entra' ? chance.uuid() : '';
}

/** The user agent of a device on a day (from 0): browsers go up a version in the first two weeks or the next. */
export function agentOf(device: Device, day: number): string {
  const offset = Number.parseInt(device.cookie.slice(0, 2), 16) % 14;
  return userAgent(device.client, device.version + Math.floor((Math.max(0, day) + offset) / 14));
}

/** A device at an address. */
export function seatAt(address: string, device: Device, day: number): Seat {
  return { address, userAgent: agentOf(device, day), device: device.id, cookie: device.cookie };
}
