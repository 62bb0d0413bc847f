import { CLIENTS } from './clients.js';
import { NETWORKS, type Network } from './networks.js';

/** Where and with what somebody works. */
export interface Desk {
  readonly network: Network;
  /** The host part of the address. */
  readonly host: number;
  readonly userAgent: string;
}

/** An employee of the story's company, Larkfield. */
export interface Person {
  /** Name of the IAM user and local part of the mail address. */
  readonly login: string;
  readonly email: string;
  /** Hours that their clocks are ahead of UTC in July. */
  readonly utcOffset: number;
  readonly desk: Desk;
  /** Where they are one day in three, if not always at their desk. */
  readonly elsewhere?: Desk;
  readonly phone?: Desk;
}

const { berlinOffice, londonOffice } = NETWORKS;

/** Everybody of the story, by login. */
export const PEOPLE = {
  amara: person('amara.okafor', 1, at(londonOffice, 20, CLIENTS.chromeOnMac)),
  arjun: person('arjun.mehta', 5.5, at(NETWORKS.bengaluruHome, 87, CLIENTS.chromeOnWindows), {
    phone: at(NETWORKS.bengaluruPhone, 140, CLIENTS.chromeOnPhone),
  }),
  claire: person('claire.dubois', 2, at(NETWORKS.parisHome, 33, CLIENTS.chromeOnMac)),
  david: person('david.cohen', 1, at(londonOffice, 20, CLIENTS.edgeOnWindows)),
  hanna: person('hanna.schmidt', 2, at(NETWORKS.berlinHome, 52, CLIENTS.edgeOnWindows), {
    elsewhere: at(berlinOffice, 14, CLIENTS.edgeOnWindows),
  }),
  ingrid: person('ingrid.larsen', 2, at(NETWORKS.zurichHome, 71, CLIENTS.firefoxOnWindows)),
  jonas: person('jonas.weber', 2, at(NETWORKS.berlinHomeV6, 0x5, CLIENTS.firefoxOnLinux)),
  kenji: person('kenji.tanaka', 9, at(NETWORKS.tokyoHome, 66, CLIENTS.chromeOnMac)),
  lucia: person('lucia.fernandez', 2, at(NETWORKS.frankfurtVpn, 18, CLIENTS.safariOnMac)),
  marta: person('marta.kowalska', 2, at(NETWORKS.warsawHome, 45, CLIENTS.chromeOnWindows), {
    elsewhere: at(berlinOffice, 14, CLIENTS.chromeOnWindows),
  }),
  noah: person('noah.miller', -6, at(NETWORKS.denverHome, 29, CLIENTS.chromeOnWindows), {
    phone: at(NETWORKS.denverPhone, 203, CLIENTS.safariOnPhone),
  }),
  oliver: person('oliver.jones', 1, at(NETWORKS.londonHome, 38, CLIENTS.safariOnMac), {
    elsewhere: at(londonOffice, 20, CLIENTS.safariOnMac),
    phone: at(NETWORKS.londonPhone, 91, CLIENTS.safariOnPhone),
  }),
  priya: person('priya.nair', 5.5, at(NETWORKS.bengaluruHome, 112, CLIENTS.chromeOnLinux), {
    phone: at(NETWORKS.bengaluruPhone, 57, CLIENTS.chromeOnPhone),
  }),
  sofia: person('sofia.alvarez', 2, at(NETWORKS.madridHome, 24, CLIENTS.chromeOnMac)),
  tom: person('tom.baker', 1, at(londonOffice, 20, CLIENTS.chromeOnWindows), {
    elsewhere: at(NETWORKS.londonHome, 81, CLIENTS.chromeOnWindows),
  }),
  yuki: person('yuki.sato', 9, at(NETWORKS.tokyoHome, 67, CLIENTS.chromeOnWindows)),
} as const satisfies Record<string, Person>;

/** A desk of somebody who is only passing, or a server. */
export function at(network: Network, host: number, userAgent: string): Desk {
  return { network, host, userAgent };
}

function person(
  login: string,
  utcOffset: number,
  desk: Desk,
  more: { elsewhere?: Desk; phone?: Desk } = {},
): Person {
  return { login, email: `${login}@larkfield.example`, utcOffset, desk, ...more };
}
